"""Serves one client over standard input and output, with a host of its own."""

import asyncio
import logging
import signal
from collections.abc import Callable

from berth.lsp.conversation import converse
from berth.lsp.host_life import HostLife, OpenHost
from berth.lsp.server import Server
from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.claim import claim_stdio


async def serve(open_host: OpenHost) -> int:
    """Serves until the client leaves, and returns the exit status: 0, or 1 when it left without ``shutdown``.

    Standard input and output belong to the wire from here on. The host is opened when ``initialize`` has been answered,
    and closed before this returns. SIGTERM and SIGINT are a goodbye with status 0. Never raises ``SystemExit``.
    """
    quieten_pygls()
    surroundings = Surroundings.own()
    life = HostLife(open_host)
    try:
        return await converse(claim_stdio(), surroundings, life=life, begun=_leave_on_signals)
    finally:
        await life.close()


def quieten_pygls() -> None:
    """At INFO it logs what it registers, and whole messages."""
    logging.getLogger("pygls").setLevel(logging.WARNING)


def on_signals(leave: Callable[[], None]) -> None:
    """Has SIGTERM and SIGINT call something in the running loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, leave)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(leave))


def _leave_on_signals(server: Server) -> None:
    on_signals(lambda: server.leave(0))
