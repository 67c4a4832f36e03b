"""An HTTP/1.1 server of one page: enough for a model endpoint on this machine, and nothing more."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

MAX_HEAD = 64 * 1024
"""Bytes of a request's head; agents send a few hundred."""

ACCEPTING_ROUNDS = 4
"""Rounds of the event loop that asyncio takes from accepting a connection to telling of it (three in CPython 3.11)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``path`` without its query; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One response. ``chunks`` are sent as they come, in chunked encoding."""

    status: int
    content_type: str
    chunks: AsyncGenerator[bytes, None]


Answer = Callable[[Request], Awaitable[Response]]


def whole(status: int, content_type: str, body: bytes) -> Response:
    """A response whose body is already there."""

    async def once() -> AsyncGenerator[bytes, None]:
        yield body

    return Response(status, content_type, once())


@asynccontextmanager
async def serving(answer: Answer, *, host: str, port: int = 0) -> AsyncIterator[int]:
    """Serves until the block is left; gives the port, one the system chose when ``port`` is 0.

    Args:
        answer: Asked for each request. A connection whose client leaves is closed quietly.
        host: The address to listen on.
        port: The port to listen on.
    """
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(_converse(reader, writer, answer))
        tasks[task] = writer
        task.add_done_callback(lambda done: tasks.pop(done, None))
        # Not by the task itself: one that is cancelled before it begins comes to no `finally`.
        task.add_done_callback(lambda _: writer.close())

    server = await asyncio.start_server(connected, host, port, limit=MAX_HEAD)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await _accept_no_more(server)
        server.close()
        await _hang_up(dict(tasks))


async def _accept_no_more(server: asyncio.Server) -> None:
    """CPython 3.11 loses the socket of a connection that it accepted but has not told of when the server is closed."""
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        with suppress(NotImplementedError):  # Windows
            loop.remove_reader(listening.fileno())
    for _ in range(ACCEPTING_ROUNDS):
        await asyncio.sleep(0)


async def _hang_up(conversations: Mapping[asyncio.Task[None], asyncio.StreamWriter]) -> None:
    """Ends them at once, also where a client has not read what was written; their sockets are closed after this."""
    for task in conversations:
        task.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)
    for writer in conversations.values():
        writer.transport.abort()
    await asyncio.gather(*(writer.wait_closed() for writer in conversations.values()), return_exceptions=True)


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
    try:
        while (request := await _read(reader)) is not None:
            await _write(writer, request, await answer(request))
            if request.headers.get("connection", "").lower() == "close":
                return
    except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        pass  # the client left, or does not speak HTTP: there is nobody to tell


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as end:
        if not end.partial:
            return None
        raise
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(method, target.partition("?")[0], headers, await _body(reader, headers))


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = bytearray()
    while size := int((await reader.readline()).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return bytes(body)


async def _write(writer: asyncio.StreamWriter, request: Request, response: Response) -> None:
    phrase = HTTPStatus(response.status).phrase if response.status in set(HTTPStatus) else "Unknown"
    writer.write(
        f"HTTP/1.1 {response.status} {phrase}\r\ncontent-type: {response.content_type}\r\n"
        f"cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    )
    async with aclosing(response.chunks) as chunks:
        if request.method == "HEAD":
            return
        async for chunk in chunks:
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
