"""Requests from us to the client."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from berth.lsp.transport.messages import Reply


class ClientRefused(Exception):
    """The client answered a request of ours with an error."""


class Client:
    """Asks the client, each time under a time limit, and matches its replies.

    Results stay raw JSON: a reply is settled even when it is nothing like what the specification says, and whoever
    asked reads it leniently.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._ids = count(1)
        self._open: dict[str | int, asyncio.Future[Any]] = {}

    async def ask(self, method: str, params: object, *, within: float) -> Any:
        """Sends a request and waits for its result.

        A request that is given up is cancelled at the client, so that a dialog that no longer matters can go away.

        Raises:
            TimeoutError: No answer within so many seconds.
            ClientRefused: The client answered with an error.
        """
        identity = f"berth-{next(self._ids)}"
        reply = self._open[identity] = asyncio.get_running_loop().create_future()
        try:
            self._send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})
            async with asyncio.timeout(within):
                return await reply
        finally:
            del self._open[identity]
            if not reply.done() or reply.cancelled():
                self.notify("$/cancelRequest", {"id": identity})

    def notify(self, method: str, params: object) -> None:
        """Sends a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def settle(self, reply: Reply) -> None:
        """Takes a reply; one that nobody waits for is dropped."""
        waiting = self._open.get(reply.id)
        if waiting is None or waiting.done():
            return
        if reply.error is None:
            waiting.set_result(reply.result)
        else:
            waiting.set_exception(ClientRefused("The client refused."))
