"""Streams of editors that wait for the caller who names them, and callers that wait for their stream."""

import asyncio
import socket

from berth.lsp.hosting.greeting import GREETING_SECONDS
from berth.sharing.preamble import BadPreamble


class Streams:
    """The two connections of an editor come at once, and in any order."""

    def __init__(self) -> None:
        self._named: dict[str, asyncio.Future[socket.socket]] = {}

    def offer(self, name: str, stream: socket.socket) -> None:
        """Keeps a stream for its caller, for a bounded time; closes it when none comes.

        Raises:
            BadPreamble: There is another one of that name.
        """
        promised = self._promised(name)
        if promised.done():
            raise BadPreamble("There is a stream of this name already.")
        promised.set_result(stream)
        asyncio.get_running_loop().call_later(GREETING_SECONDS, self._give_up, name, promised)

    async def take(self, name: str) -> socket.socket:
        """The stream, as soon as it is there."""
        try:
            return await self._promised(name)
        finally:
            self._named.pop(name, None)

    def _promised(self, name: str) -> "asyncio.Future[socket.socket]":
        return self._named.setdefault(name, asyncio.get_running_loop().create_future())

    def _give_up(self, name: str, promised: "asyncio.Future[socket.socket]") -> None:
        if self._named.get(name) is promised:
            del self._named[name]
            promised.result().close()
