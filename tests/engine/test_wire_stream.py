"""A request whose body is streamed: framed, cut off where it breaks, and answered before its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from berth.engine.docker.api import Api
from berth.engine.docker.chunked import ChunkedBody
from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.errors import Subject
from berth.engine.docker.wire import Request
from berth.errors import BerthError

pytestmark = pytest.mark.anyio

SECONDS = 10
ANSWER = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def engine(folder: Path, serve: Serve) -> AsyncIterator[Api]:
    server = await asyncio.start_unix_server(serve, folder / "socket")
    try:
        with anyio.fail_after(SECONDS):
            yield Api(Endpoint("unix", "test", path=str(folder / "socket")))
    finally:
        server.close()


async def send(api: Api, stream: AsyncIterator[bytes]) -> int:
    async with api.request(Request("POST", "/build", stream=stream), subject=Subject(image="i")) as response:
        return response.status


async def test_a_streamed_body_arrives_whole(tmp_path: Path) -> None:
    heads: list[bytes] = []
    body = ChunkedBody()
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        while not body.complete:
            got.append(body.receive(await reader.read(65536)))
        writer.write(ANSWER % b"200 OK")
        await writer.drain()
        writer.close()

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(20):
            yield bytes([number]) * 100_000

    async with engine(tmp_path, serve) as api:
        assert await send(api, pieces()) == 200
    assert b"Transfer-Encoding: chunked" in heads[0]
    assert b"Content-Length" not in heads[0]
    assert b"".join(got) == b"".join(bytes([number]) * 100_000 for number in range(20))


async def test_a_body_that_breaks_has_no_end(tmp_path: Path) -> None:
    body = ChunkedBody()
    ended = anyio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            while data := await reader.read(65536):
                body.receive(data)
        except ConnectionError:
            pass
        writer.close()
        ended.set()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        raise ZeroDivisionError

    async with engine(tmp_path, serve) as api:
        with pytest.raises(ZeroDivisionError):
            await send(api, pieces())
        await ended.wait()
    assert not body.complete


async def test_an_answer_before_the_end_of_the_body_counts(tmp_path: Path) -> None:
    asked = anyio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER % b"500 No")
        await writer.drain()
        await asked.wait()
        writer.close()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100_000

    async with engine(tmp_path, serve) as api:
        with pytest.raises(BerthError) as caught:
            await send(api, endless())
        asked.set()
    assert "500" in caught.value.message
