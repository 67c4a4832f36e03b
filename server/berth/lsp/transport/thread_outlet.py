"""Writes from a thread, where the event loop cannot: regular files, and everything on Windows."""

import asyncio
import queue
import threading
from io import FileIO

from berth.lsp.transport.outlet import HIGH_WATER, framed


class ThreadOutlet:
    """An :class:`~berth.lsp.transport.outlet.Outlet` with a thread, which ends with the process at the latest."""

    def __init__(self, file: FileIO) -> None:
        self._loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[None] = self._loop.create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._file = file
        self._pending = 0
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._write_all, name="lsp-writer", daemon=True).start()

    @property
    def stalled(self) -> bool:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        return not self._writable.is_set()

    @property
    def pending(self) -> int:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        return self._pending

    def send(self, body: bytes) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        if self.lost.done():
            return
        message = framed(body)
        self._pending += len(message)
        if self._pending > HIGH_WATER:
            self._writable.clear()
        self._queue.put(message)

    async def writable(self) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        await self._writable.wait()

    async def close(self, *, within: float) -> None:
        """See :class:`~berth.lsp.transport.outlet.Outlet`."""
        self._queue.put(None)
        await asyncio.wait([self.lost], timeout=within)

    def _write_all(self) -> None:
        try:
            while (message := self._queue.get()) is not None:
                self._write(message)
                self._tell(self._written, len(message))
            self._file.close()
        except OSError:
            pass  # the client is gone: that is what `lost` says
        finally:
            self._tell(self._lose)

    def _write(self, message: bytes) -> None:
        view = memoryview(message)
        while view:
            view = view[self._file.write(view) :]

    def _tell(self, callback: object, *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)  # type: ignore[arg-type]  # any callable
        except RuntimeError:
            return  # the loop is closed: nobody listens

    def _written(self, count: int) -> None:
        self._pending -= count
        if self._pending <= HIGH_WATER // 4:
            self._writable.set()

    def _lose(self) -> None:
        self._writable.set()
        if not self.lost.done():
            self.lost.set_result(None)
