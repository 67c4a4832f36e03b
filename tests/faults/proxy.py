"""A TCP port that leads to the engine's socket, and can be made a bad line."""

import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio
from anyio.abc import SocketAttribute, SocketStream

_PIECE = 64 * 1024


class Proxy:
    """``delay`` is what every piece waits, in seconds, either way. ``address`` is for ``DOCKER_HOST``."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.address = ""
        self._flowing = anyio.Event()
        self._flowing.set()
        self._refusing = False
        self._pairs: set[tuple[SocketStream, SocketStream]] = set()

    def hang(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._flowing = anyio.Event()

    def flow(self) -> None:
        """All passes again."""
        self._refusing = False
        self._flowing.set()

    async def cut(self) -> None:
        """Ends all connections as if whoever is at the other end had closed them. What is under way is lost."""
        for pair in tuple(self._pairs):
            for stream in pair:
                await stream.aclose()

    async def reset(self) -> None:
        """Breaks all connections with RST."""
        for editor_side, engine_side in tuple(self._pairs):
            raw = editor_side.extra(SocketAttribute.raw_socket)  # noqa: S610 - anyio's, not Django's
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            await editor_side.aclose()
            await engine_side.aclose()

    async def refuse(self) -> None:
        """Ends all connections, and every new one at once."""
        self._refusing = True
        await self.cut()

    async def serve(self, stream: SocketStream) -> None:
        """One connection."""
        if self._refusing:
            await stream.aclose()
            return
        engine = await anyio.connect_unix(engine_socket())
        pair = (stream, engine)
        self._pairs.add(pair)
        try:
            async with stream, engine, anyio.create_task_group() as tasks:
                tasks.start_soon(self._pass, stream, engine)
                tasks.start_soon(self._pass, engine, stream)
        finally:
            self._pairs.discard(pair)

    async def _pass(self, source: SocketStream, target: SocketStream) -> None:
        try:
            while True:
                piece = await source.receive(_PIECE)
                await anyio.sleep(self.delay)
                await self._flowing.wait()
                await target.send(piece)
        except anyio.EndOfStream:
            await _half_close(target)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            await source.aclose()
            await target.aclose()


@asynccontextmanager
async def open_proxy() -> AsyncIterator[Proxy]:
    """A proxy in front of the usual engine."""
    proxy = Proxy()
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
        proxy.address = f"tcp://127.0.0.1:{port}"
        tasks.start_soon(listener.serve, proxy.serve)
        yield proxy
        tasks.cancel_scope.cancel()


def engine_socket() -> str:
    """Where the usual engine is. Only an engine on a unix socket can be behind the proxy."""
    return urlsplit(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")).path


async def _half_close(stream: SocketStream) -> None:
    try:
        await stream.send_eof()
    except (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await stream.aclose()
