"""Both directions in one socket, which a relay copies from and to its editor."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import cast

from berth.lsp.transport.outlet import Outlet
from berth.lsp.transport.pipe_outlet import PipeOutlet
from berth.lsp.transport.stdio import CHUNK


class SocketWire:
    """See :class:`~berth.lsp.transport.wire.Wire`."""

    def __init__(self, connection: socket.socket) -> None:
        """Takes over the socket."""
        self._connection = connection
        self._reader = asyncio.StreamReader(limit=CHUNK)

    async def open_outlet(self) -> Outlet:
        """See :class:`~berth.lsp.transport.wire.Wire`."""
        loop = asyncio.get_running_loop()
        _, outlet = await loop.create_connection(lambda: _Duplex(self._reader), sock=self._connection)
        return outlet

    async def read_chunks(self) -> AsyncIterator[bytes]:
        """See :class:`~berth.lsp.transport.wire.Wire`."""
        with suppress(OSError):  # a reset is an end like any other
            while chunk := await self._reader.read(CHUNK):
                yield chunk


class _Duplex(PipeOutlet):
    """Writes as to a pipe, and hands what comes to a reader. Its client may end one direction and keep the other."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__()
        self._reader = reader
        self._over = False
        self._heard_all = False

    async def close(self, *, within: float) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`.

        The relay is left to close first: closing a socket with something unread in it would take back what was written.
        """
        if self._transport is None or self.lost.done():
            return
        self._over = True
        self._reader.set_exception(ConnectionResetError())
        if self._heard_all:
            self._transport.close()
        else:
            with suppress(OSError):
                self._transport.write_eof()
            self._reading.resume_reading()
        await asyncio.wait([self.lost], timeout=within)
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        super().connection_made(transport)
        self._reading = cast("asyncio.Transport", transport)
        self._reader.set_transport(transport)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if not self._over:
            self._reader.feed_data(data)

    def eof_received(self) -> bool:
        """Called by asyncio. Whether the other direction stays open."""
        self._heard_all = True
        self._reader.feed_eof()
        return not self._over

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        super().connection_lost(exc)
        self._reader.feed_eof()
