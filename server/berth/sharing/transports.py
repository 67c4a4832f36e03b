"""The ways to a host. Which one leads to a host is told by how the name of its door ends."""

import sys

from berth.sharing.doors import SOCKET

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes 10 ms to import
    import socket
    from collections.abc import Callable, Sequence
    from subprocess import Popen
    from typing import Protocol

    from berth.sharing.line import Line

    class Streams(Protocol):
        """How an editor's standard input and output get to the host."""

        def introduce(self, line: Line) -> None:
            """Says who calls, and makes the streams known. Raises ``OSError`` when the host is gone."""

        def begin(self) -> None:
            """The host has answered."""

        def end(self) -> None:
            """The host has said that it is over: returns when the editor has everything, after a bounded time."""

    class Door(Protocol):
        """A host's own side: what callers come through. ``listener`` listens already."""

        path: str
        listener: socket.socket

        def take_away(self) -> None:
            """Nobody finds this host any more. Blocks; under the lock of its place. Raises ``OSError``."""

    class Transport(Protocol):
        """How a host is reached. Paths are those of :meth:`berth.sharing.place.Place.door`."""

        def dial(self, path: str, within: float) -> socket.socket | None:
            """A connection to the user's own host at a path; None when there is none.

            Raises:
                Unreachable: Somebody else is there.
                TimeoutError: It did not answer in so many seconds.
            """

        def is_alive(self, path: str) -> bool:
            """Whether there is a host, without asking it."""

        def start(self, path: str, spawn: Callable[[Sequence[str], Sequence[int]], Popen[bytes]]) -> None:
            """Starts a host, which can be dialled when this returns, unless it has ended again.

            Args:
                path: Where; under the lock of its place.
                spawn: Makes the process, from further arguments and descriptors that it inherits.

            Raises:
                Unreachable: There is no way to make its door.
                OSError: The process cannot be made.
            """

        def process(self, path: str) -> int | None:
            """The process of the host, also of one that does not answer; None when there is none, or nobody knows."""

        def streams(self) -> Streams:
            """For one editor."""

        def door(self, path: str, descriptor: int | None) -> Door:
            """What a host opens first; ``descriptor`` is the one it inherited."""


def transport_of(path: str) -> "Transport":
    """The transport of a door."""
    if sys.platform != "win32" and path.endswith(SOCKET):
        from berth.sharing.unix.sockets import Sockets  # noqa: PLC0415 - only one of them is needed

        return Sockets()
    from berth.sharing.loopback.ports import Ports  # noqa: PLC0415 - as above

    return Ports()
