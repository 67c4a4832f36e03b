"""HTTP/1.1 on the engine's socket, for what must stream: logs, attach, builds, pulls and waits.

docker-py buffers the first bytes of a stream in ``http.client`` and needs a thread for each; this needs neither. One
connection for one request.
"""

import asyncio
import contextlib
import errno
import json
import re
import socket
import ssl
import sys
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import anyio

from berth.engine.docker.chunked import Body, MalformedBody, body_of
from berth.engine.docker.endpoint import Endpoint, Tls

CONNECT_SECONDS = 5.0
"""An engine that does not take a connection in this time is not there."""

_READ_BYTES = 64 * 1024
_STATUS = re.compile(r"HTTP/1\.[01] (\d{3})")


class BrokenStream(Exception):
    """The connection ended or broke before the body was complete."""


@dataclass(frozen=True)
class Request:
    """What to ask. ``path`` begins with a slash; ``body`` needs its ``Content-Length`` among the headers.

    ``stream`` is a body whose length nobody knows yet; its errors are raised by whoever sends it.
    """

    method: str
    path: str
    query: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
    stream: AsyncIterable[bytes] | None = None

    def head(self) -> bytes:
        """Everything up to the body."""
        target = quote(self.path) + (f"?{urlencode(self.query)}" if self.query else "")
        length = {"Content-Length": "0"} if self.stream is None else {"Transfer-Encoding": "chunked"}
        fields = {"Host": "docker", **length, **self.headers}
        lines = [f"{self.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Response:
    """An answer whose body is still to be read. ``headers`` have lower-case names."""

    def __init__(self, status: int, headers: Mapping[str, str], connection: "Connection") -> None:
        self.status = status
        self.headers = headers
        self.connection = connection
        self._body: Body = body_of(status, headers)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives.

        Raises:
            BrokenStream: It ended too early.
        """
        reader, body = self.connection.reader, self._body
        try:
            while not body.complete:
                data = await reader.read(_READ_BYTES)
                if not data:
                    break
                yield body.receive(data)
        except (OSError, MalformedBody) as error:
            raise BrokenStream(str(error)) from error
        if not body.complete and "transfer-encoding" in self.headers:
            raise BrokenStream("the engine closed the connection")

    async def read(self) -> bytes:
        """The whole body."""
        return b"".join([data async for data in self.chunks()])

    async def error_message(self) -> str:
        """What the engine says in an error answer: ``message`` of its JSON, else the text."""
        text = (await self.read()).decode("utf-8", "replace").strip()
        try:
            return str(json.loads(text)["message"])
        except (ValueError, KeyError, TypeError):
            return text


class Connection:
    """An open connection to the engine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def request(self, request: Request) -> Response:
        """Sends a request and reads the head of its answer; what follows the blank line stays to be read.

        An engine may answer, and close, before it has read all of a streamed body: what it says then counts.

        Raises:
            OSError: The connection broke.
            BrokenStream: The engine closed it without an answer.
        """
        self.writer.write(request.head())
        for piece in request.body:
            self.writer.write(piece)
            await self.writer.drain()
        await self.writer.drain()
        head = await (self._head() if request.stream is None else self._head_beside(request.stream))
        status_line, *lines = head.decode("latin-1").split("\r\n")
        status = _STATUS.match(status_line)
        if status is None:
            raise BrokenStream("what answered does not speak HTTP")
        pairs = (line.partition(":") for line in lines if line)
        return Response(int(status[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}, self)

    async def _head(self) -> bytes:
        try:
            return await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError) as error:
            raise BrokenStream("the engine closed the connection without an answer") from error

    async def _head_beside(self, stream: AsyncIterable[bytes]) -> bytes:
        """Sends the stream until it is over or an answer comes."""
        answering = asyncio.ensure_future(self._head())
        sending = asyncio.ensure_future(self._send_chunks(stream))
        try:
            await asyncio.wait((answering, sending), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                with contextlib.suppress(ConnectionError):
                    sending.result()
            return await answering
        finally:
            await _end((answering, sending))

    async def _send_chunks(self, stream: AsyncIterable[bytes]) -> None:
        """A chunked body; without its last chunk where the stream breaks, so that nobody takes it for complete."""
        async for piece in stream:
            self.writer.writelines((b"%x\r\n" % len(piece), piece, b"\r\n"))
            await self.writer.drain()
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def aclose(self) -> None:
        """Closes at once, without waiting for anything to be sent, even when cancelled."""
        self.writer.transport.abort()
        with anyio.CancelScope(shield=True), contextlib.suppress(OSError):
            await self.writer.wait_closed()


async def _end(tasks: Sequence["asyncio.Future[Any]"]) -> None:
    """Ends what still runs, and takes note of what nobody waited for."""
    for task in tasks:
        task.cancel()
    with anyio.CancelScope(shield=True):
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()


async def connect(endpoint: Endpoint) -> Connection:
    """Opens a connection.

    Raises:
        OSError: The engine is not there or does not let us in.
        TimeoutError: It did not answer within :data:`CONNECT_SECONDS`.
    """
    with anyio.fail_after(CONNECT_SECONDS):
        if endpoint.scheme == "unix":
            reader, writer = await _connect_unix(endpoint.path)
        else:
            security = tls_context(endpoint.tls) if endpoint.tls else None
            host, port = endpoint.host, endpoint.port
            reader, writer = await asyncio.open_connection(host, port, ssl=security, limit=_READ_BYTES)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return Connection(reader, writer)


async def _connect_unix(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if sys.platform == "win32":
        raise FileNotFoundError(errno.ENOENT, "there are no unix sockets on Windows", path)
    return await asyncio.open_unix_connection(path, limit=_READ_BYTES)


def tls_context(tls: Tls) -> ssl.SSLContext:
    """TLS as the engine wants it: its certificate checked unless told otherwise, and ours shown where there is one."""
    security = ssl.create_default_context(cafile=tls.ca)
    if not tls.verify:
        security.check_hostname = False
        security.verify_mode = ssl.CERT_NONE
    if tls.certificate and tls.key:
        security.load_cert_chain(tls.certificate, tls.key)
    return security
