"""Connections that break under us, over TCP to a relay that cuts them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.lowlevel
import pytest

from berth.engine.base import Output
from berth.engine.docker import DockerEngine
from berth.engine.docker.addresses import find_endpoint
from berth.errors import BerthError
from tests.contract.scenarios import COUNTED_ERR, COUNTED_OUT
from tests.contract.world import SECONDS, World, split

pytestmark = pytest.mark.anyio

CUT_AFTER = 20_000
"""Bytes of the first log stream; each next one gets as much more, since what was seen is sent again up to its stamp."""


class Relay:
    """Passes bytes between TCP and the engine's socket, and cuts every log stream after some bytes."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self.listening: asyncio.Server
        self.cuts = 0
        self._connections: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def aclose(self) -> None:
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)
        await anyio.lowlevel.checkpoint()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        engine_reader, engine_writer = await asyncio.open_unix_connection(self._socket)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            engine_writer.write(head)
            back = asyncio.ensure_future(self._pass(reader, engine_writer))
            await self._answer(engine_reader, writer, CUT_AFTER * (self.cuts + 1) if b"/logs?" in head else 1 << 40)
            back.cancel()
            await asyncio.wait([back])
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            for end in (writer, engine_writer):
                end.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
        while data := await reader.read(min(left, 65_536)):
            writer.write(data)
            await writer.drain()
            left -= len(data)
            if not left:
                self.cuts += 1
                return

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def relayed(world: World) -> AsyncIterator[tuple[Relay, DockerEngine]]:
    environment = {"DOCKER_HOST": world.address} if world.address else dict(os.environ)
    relay = Relay(find_endpoint(environment, Path.home()).path)
    async with await asyncio.start_server(relay.accept, "127.0.0.1", 0) as relay.listening:
        port = relay.listening.sockets[0].getsockname()[1]
        engine = DockerEngine({"DOCKER_HOST": f"tcp://127.0.0.1:{port}"})
        yield relay, engine
        await engine.aclose()
        await relay.aclose()


async def test_output_over_connections_that_are_cut_all_the_time_is_exact(real: World) -> None:
    container = await real.run("count")
    outputs: list[Output] = []
    with anyio.fail_after(SECONDS):
        async with relayed(real) as (relay, engine), engine.output(container) as following:
            outputs.extend([output async for output in following])
    assert split(outputs) == (COUNTED_OUT, COUNTED_ERR)
    assert relay.cuts >= 3


async def test_stdin_and_control_work_over_tcp(real: World) -> None:
    container = await real.run("echo-two")
    with anyio.fail_after(SECONDS):
        async with relayed(real) as (_, engine):
            stdin = await engine.open_input(container)
            await stdin.write(b"over\ntcp\n")
            facts = await engine.wait(container)
            await stdin.aclose()
    assert facts is not None
    assert facts.exit_code == 0
    assert (await real.printed(container))[0] == b"over\ntcp\n"


async def test_whoever_writes_learns_at_once_that_the_connection_broke(real: World) -> None:
    container = await real.run("echo-two")
    with anyio.fail_after(SECONDS):
        async with relayed(real) as (relay, engine):
            stdin = await engine.open_input(container)
            await relay.aclose()
            await stdin.until_lost()
            with pytest.raises(BerthError):
                await stdin.write(b"in vain\n")
            await stdin.aclose()


async def test_an_engine_that_no_longer_can_be_reached_is_away(real: World) -> None:
    with anyio.fail_after(SECONDS):
        async with relayed(real) as (relay, engine):
            await engine.about()
            assert not await engine.was_away(60)
            relay.listening.close()
            assert await engine.was_away(60)
