"""Serves one client over standard input and output."""

import asyncio
import gc
import importlib
import logging
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from io import FileIO
from typing import TYPE_CHECKING

from berth.lsp.chores import Chores
from berth.lsp.methods.registry import register_methods
from berth.lsp.server import Server
from berth.lsp.transport.claim import claim_stdio
from berth.lsp.transport.framing import Framer, Unreadable
from berth.lsp.transport.messages import PARSE_ERROR, Message, Refused, read_messages
from berth.lsp.transport.stdio import open_outlet, read_chunks

if TYPE_CHECKING:
    from berth.host.host import Host
    from berth.lsp.attached import Attached

logger = logging.getLogger(__name__)

OpenHost = Callable[[], "AbstractAsyncContextManager[Host]"]
"""Opens the host; imports what that takes. Called once, after ``initialize`` was answered."""

CLOSE_SECONDS = 5.0
"""How long the host may take to close. Editors kill a server that lingers; nothing that must last depends on it."""

FLUSH_SECONDS = 1.0
"""How long the last answers may take to be read."""

UNREAD_LIMIT = 16 * 1024 * 1024
"""Bytes of answers a client may leave unread before no more of its requests are read."""


async def serve(open_host: OpenHost) -> int:
    """Serves until the client leaves, and returns the exit status: 0, or 1 when it left without ``shutdown``.

    Standard input and output belong to the wire from here on. The host is opened when ``initialize`` has been answered,
    and closed before this returns. SIGTERM and SIGINT are a goodbye with status 0. Never raises ``SystemExit``.
    """
    logging.getLogger("pygls").setLevel(logging.WARNING)  # at INFO it logs what it registers, and whole messages
    wire = claim_stdio()
    outlet = await open_outlet(wire.stdout)
    async with Chores() as chores:
        server = Server(outlet, chores)
        register_methods(server)
        _leave_on_signals(server)
        outlet.lost.add_done_callback(lambda _: server.leave_as_told())
        host = asyncio.create_task(_keep_host(server, open_host))
        chores.spawn(_read(server, wire.stdin))
        status = await server.leaving
        if not server.opening.done():
            host.cancel()
        await _end(host)
        await server.protocol.abandon()
    await outlet.close(within=FLUSH_SECONDS)
    return status


async def _read(server: Server, stdin: FileIO) -> None:
    """Takes messages until the client closes its end, which is as good as ``exit``."""
    framer = Framer()
    async for chunk in read_chunks(stdin):
        for item in framer.feed(chunk):
            for message in _messages(item):
                server.protocol.receive(message)
        if server.outlet.pending > UNREAD_LIMIT:
            await server.outlet.writable()
    server.leave_as_told()


def _messages(item: bytes | Unreadable) -> list[Message]:
    if isinstance(item, Unreadable):
        return [Refused(None, PARSE_ERROR, item.reason)]
    return read_messages(item)


async def _keep_host(server: Server, open_host: OpenHost) -> None:
    """Keeps the host open from the answer to ``initialize`` until the client leaves."""
    await server.greeted.wait()
    gc.enable()  # the command line has it off while it imports
    try:
        attached_module = await asyncio.to_thread(importlib.import_module, "berth.lsp.attached")
        async with open_host() as host:
            attached: Attached = attached_module.Attached(server, host)
            attached.open()
            server.opening.set_result(attached)
            gc.freeze()  # a full collection over everything imported so far would stop the loop for 46 ms
            try:
                await asyncio.shield(server.leaving)
            finally:
                attached.close()
    except Exception as error:
        logger.exception("The host failed.")
        if server.opening.done():
            server.leave(1)
        else:
            server.opening.set_exception(error)


async def _end(host: asyncio.Task[None]) -> None:
    """Lets the host close, for a bounded time."""
    await asyncio.wait([host], timeout=CLOSE_SECONDS)
    host.cancel()
    await asyncio.wait([host], timeout=CLOSE_SECONDS)


def _leave_on_signals(server: Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, server.leave, 0)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(server.leave, 0))
