"""What is asked of the writing end of the wire."""

import asyncio
from typing import Protocol

HIGH_WATER = 64 * 1024
"""Bytes that may wait for the client before :attr:`Outlet.stalled`: what a pipe holds on Linux, once more."""


class Outlet(Protocol):
    """Writes messages in order. Nothing here blocks the loop, however slowly the client reads.

    ``lost`` is done once nothing can be written any more.
    """

    lost: asyncio.Future[None]

    @property
    def stalled(self) -> bool:
        """Whether more than :data:`HIGH_WATER` bytes wait for the client. Whoever can wait should."""
        ...

    @property
    def pending(self) -> int:
        """Bytes that wait for the client."""
        ...

    def send(self, body: bytes) -> None:
        """Queues one message; says nothing when the client is gone."""
        ...

    async def writable(self) -> None:
        """Waits until it is not stalled, or lost."""
        ...

    async def close(self, *, within: float) -> None:
        """Writes what waits, for at most ``within`` seconds, and closes."""
        ...


def framed(body: bytes) -> bytes:
    """The message with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
