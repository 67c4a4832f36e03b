"""Carries bytes between two sockets until both directions have ended."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

LEAST, MOST = 16_384, 262_144
"""Bytes of a buffer: it grows where it is filled."""

IDLE_SECONDS = 30 * 60.0
"""How long a tunnel may be silent. Models think for minutes before their first word."""


class Pump:
    """Both directions of one tunnel."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client = client
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()

    async def run(self, opening: Callable[[], Awaitable[bytes]]) -> None:
        """Ends when both sides have, when one breaks, or when nothing was said for :data:`IDLE_SECONDS`.

        ``opening`` waits for what the client says first, and answers it once it may go to the server; whatever it
        raises ends the tunnel. A server may speak before.
        """
        parts = [
            self._loop.create_task(self._outwards(opening)),
            self._loop.create_task(self._carry(self._server, self._client)),
            watch := self._loop.create_task(self._watch()),
        ]
        try:
            while not (parts[0].done() and parts[1].done()):
                ended, _ = await asyncio.wait(
                    {*parts} - {part for part in parts if part.done()}, return_when="FIRST_COMPLETED"
                )
                for part in ended:
                    part.result()
                if watch in ended:
                    return
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _watch(self) -> None:
        while (left := self._last + IDLE_SECONDS - self._loop.time()) > 0:  # noqa: ASYNC110 - only time can end it
            await asyncio.sleep(left)

    async def _outwards(self, opening: Callable[[], Awaitable[bytes]]) -> None:
        await self._loop.sock_sendall(self._server, await opening())
        await self._carry(self._client, self._server)

    async def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        buffer = memoryview(bytearray(LEAST))
        while count := await self._loop.sock_recv_into(source, buffer):
            self._last = self._loop.time()
            await self._loop.sock_sendall(sink, buffer[:count])
            if count == len(buffer) < MOST:
                buffer = memoryview(bytearray(4 * len(buffer)))
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
