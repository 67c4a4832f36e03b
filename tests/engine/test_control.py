"""Calls that are finished whatever happens, engines that hang, and what is not imported."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from berth.engine.docker import DockerEngine
from berth.engine.docker.api import Api
from berth.engine.docker.control import to_the_end
from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.stdin import attach_stdin
from berth.errors import BerthError

pytestmark = pytest.mark.anyio

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def engine_at(path: Path, serve: Serve) -> AsyncIterator[Endpoint]:
    """Something that takes an engine's place on a socket."""
    ended: list[asyncio.Event] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.Event())
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            await writer.wait_closed()
            ended.pop().set()

    async with await asyncio.start_unix_server(accept, path):
        yield Endpoint("unix", "test", path=str(path))
        with anyio.fail_after(5):
            for event in [*ended]:
                await event.wait()


async def test_a_change_runs_to_its_end_when_its_scope_is_cancelled() -> None:
    begun, go_on, done = anyio.Event(), anyio.Event(), anyio.Event()

    async def change() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(to_the_end, change)
            await begun.wait()
            tasks.cancel_scope.cancel()
            go_on.set()
    assert done.is_set()


async def test_a_change_runs_to_its_end_when_its_task_is_cancelled() -> None:
    begun, go_on, done = anyio.Event(), anyio.Event(), anyio.Event()

    async def change() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    task = asyncio.ensure_future(to_the_end(change))
    with anyio.fail_after(5):
        await begun.wait()
        task.cancel()
        task.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert done.is_set()


async def test_a_change_that_fails_raises_what_it_raised() -> None:
    async def change() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await to_the_end(change)


@pytest.mark.parametrize("path", ["absent.sock", "stale.sock"])
async def test_an_engine_that_is_not_there_is_said_with_its_address(tmp_path: Path, path: str) -> None:
    (tmp_path / "stale.sock").touch()
    engine = DockerEngine({"DOCKER_HOST": f"unix://{tmp_path / path}"}, tmp_path)
    with pytest.raises(BerthError, match=path) as caught:
        await engine.about()
    assert caught.value.kind == "engine-unreachable"


async def test_an_engine_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("berth.engine.docker.api.LOOK_SECONDS", 0.1)

    async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with engine_at(tmp_path / "hang.sock", hang) as endpoint:
        engine = DockerEngine({"DOCKER_HOST": endpoint.url}, tmp_path)
        with anyio.fail_after(5), pytest.raises(BerthError) as caught:
            await engine.about()
    assert caught.value.kind == "engine-busy"


async def test_what_is_no_engine_is_said_as_such(tmp_path: Path) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ESMTP\r\n")

    async with engine_at(tmp_path / "mail.sock", speak) as endpoint:
        with anyio.fail_after(5), pytest.raises(BerthError) as caught:
            await DockerEngine({"DOCKER_HOST": endpoint.url}, tmp_path).about()
    assert caught.value.kind == "engine-unreachable"


async def test_bytes_that_follow_an_upgrade_at_once_are_kept(tmp_path: Path) -> None:
    async def upgrade(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\n\r\nfirst bytes")
        await reader.read()

    async with engine_at(tmp_path / "e.sock", upgrade) as endpoint:
        stdin = await attach_stdin(Api(endpoint), "c1")
        with anyio.fail_after(5):
            assert await stdin._connection.reader.readexactly(11) == b"first bytes"
        await stdin.aclose()


def test_importing_the_engine_imports_no_docker() -> None:
    code = "import sys, berth.engine.docker; sys.exit('docker' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
