"""Writes to a pipe, socket or terminal from the event loop."""

import asyncio
from io import FileIO
from typing import cast

from berth.lsp.transport.outlet import HIGH_WATER, framed


class PipeOutlet(asyncio.BaseProtocol):
    """An :class:`~berth.lsp.transport.outlet.Outlet` over asyncio's own pipe writer: tries at once, queues the rest."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.WriteTransport | None = None

    @classmethod
    async def open(cls, file: FileIO) -> "PipeOutlet":
        """Takes over the file; its descriptor becomes non-blocking."""
        _, outlet = await asyncio.get_running_loop().connect_write_pipe(cls, file)
        return outlet

    @property
    def stalled(self) -> bool:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        return not self._writable.is_set()

    @property
    def pending(self) -> int:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def send(self, body: bytes) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        if self._transport is not None and not self.lost.done():
            self._transport.write(framed(body))

    async def writable(self) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        await self._writable.wait()

    async def close(self, *, within: float) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        if self._transport is None:
            return
        self._transport.close()
        done, _ = await asyncio.wait([self.lost], timeout=within)
        if not done:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER, low=HIGH_WATER // 4)

    def pause_writing(self) -> None:
        """Called by asyncio."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Called by asyncio."""
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Called by asyncio."""
        self._writable.set()
        if not self.lost.done():
            self.lost.set_result(None)
