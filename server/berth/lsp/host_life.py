"""The host, from the first answer to ``initialize`` to the end of the process."""

import asyncio
import gc
import importlib
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from berth import __version__
from berth.lsp.server import Server

if TYPE_CHECKING:
    from berth.host.host import Host
    from berth.lsp.attached import Attached

logger = logging.getLogger(__name__)

OpenHost = Callable[[], "AbstractAsyncContextManager[Host]"]
"""Opens the host; imports what that takes. Called once, after ``initialize`` was answered."""

CLOSE_SECONDS = 5.0
"""How long the host may take to close. Editors kill a server that lingers; nothing that must last depends on it."""


class HostLife:
    """Opens the host once, when the first client was greeted, and ties every client to it.

    Attributes:
        failed: Done when the host could not be opened, or broke down. There is no second try.
    """

    def __init__(self, open_host: OpenHost) -> None:
        self._open_host = open_host
        loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[Host] = loop.create_future()
        self._opened.add_done_callback(_notice)
        self.failed: asyncio.Future[None] = loop.create_future()
        self._closing = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def host(self) -> "Host | None":
        """The open host; None before the first client, and when it could not be opened."""
        if not self._opened.done() or self._opened.cancelled() or self._opened.exception() is not None:
            return None
        return self._opened.result()

    async def serve(self, server: Server) -> None:
        """Gives a server the host for as long as its conversation lasts; ends it with status 1 if the host breaks."""
        await server.greeted.wait()
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        try:
            attached = self._attach(server, await asyncio.shield(self._opened))
        except Exception as error:  # noqa: BLE001 - whatever kept the host from opening was logged there
            server.opening.set_exception(error)
            return
        server.opening.set_result(attached)
        try:
            ends: list[asyncio.Future[Any]] = [server.leaving, self.failed]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            server.leave(1)  # only where it was the host that ended
        finally:
            attached.close()

    async def close(self) -> None:
        """Closes the host, for a bounded time."""
        if self._running is None:
            return
        self._closing.set()
        if not self._opened.done():
            self._running.cancel()
        await asyncio.wait([self._running], timeout=CLOSE_SECONDS)
        self._running.cancel()
        await asyncio.wait([self._running], timeout=CLOSE_SECONDS)

    async def _run(self) -> None:
        gc.enable()  # the command line has it off while it imports
        try:
            await asyncio.to_thread(importlib.import_module, "berth.lsp.attached")
            async with self._open_host() as host:
                self._opened.set_result(host)
                logger.info("The host is open: Berth %s.", __version__)
                gc.freeze()  # a full collection over everything imported so far would stop the loop for 46 ms
                await self._closing.wait()
        except Exception as error:
            logger.exception("The host failed.")
            if not self._opened.done():
                self._opened.set_exception(error)
            self.failed.set_result(None)

    def _attach(self, server: Server, host: "Host") -> "Attached":
        attached: Attached = importlib.import_module("berth.lsp.attached").Attached(server.editor, host)
        attached.open()
        return attached


def _notice(opened: "asyncio.Future[Host]") -> None:
    """Marks a failure as seen: it is logged where it happens, and every client may have left."""
    if not opened.cancelled():
        opened.exception()
