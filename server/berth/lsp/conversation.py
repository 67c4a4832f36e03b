"""One conversation with one client, from its first byte to its last."""

import asyncio
from collections.abc import AsyncIterator, Callable

from berth.lsp.chores import Chores
from berth.lsp.host_life import HostLife
from berth.lsp.methods.registry import register_methods
from berth.lsp.server import Server
from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.framing import Framer, Unreadable
from berth.lsp.transport.messages import PARSE_ERROR, Message, Refused, read_messages
from berth.lsp.transport.wire import Wire

FLUSH_SECONDS = 1.0
"""How long the last answers may take to be read."""

UNREAD_LIMIT = 16 * 1024 * 1024
"""Bytes of answers a client may leave unread before no more of its requests are read."""


async def converse(wire: Wire, surroundings: Surroundings, *, life: HostLife, begun: Callable[[Server], None]) -> int:
    """Serves until the client leaves, and returns the status: 0, or 1 when it left without ``shutdown``.

    Args:
        wire: Closed at the end.
        surroundings: The editor's.
        life: The host, which this conversation may begin and does not end.
        begun: Gets the server, to end the conversation from outside with :meth:`Server.leave`.
    """
    outlet = await wire.open_outlet()
    async with Chores() as chores:
        server = Server(outlet, chores, surroundings)
        register_methods(server)
        begun(server)
        outlet.lost.add_done_callback(lambda _: server.leave_as_told())
        chores.spawn(_read(server, wire.read_chunks()))
        serving = asyncio.create_task(life.serve(server))
        status = await server.leaving
        if not server.opening.done():
            serving.cancel()
        await asyncio.wait([serving])
        await server.protocol.abandon()
    await outlet.close(within=FLUSH_SECONDS)
    return status


async def _read(server: Server, chunks: AsyncIterator[bytes]) -> None:
    """Takes messages until the client closes its end, which is as good as ``exit``."""
    framer = Framer()
    async for chunk in chunks:
        for item in framer.feed(chunk):
            for message in _messages(item):
                server.protocol.receive(message)
        if server.editor.outlet.pending > UNREAD_LIMIT:
            await server.editor.outlet.writable()
    server.leave_as_told()


def _messages(item: bytes | Unreadable) -> list[Message]:
    if isinstance(item, Unreadable):
        return [Refused(None, PARSE_ERROR, item.reason)]
    return read_messages(item)
