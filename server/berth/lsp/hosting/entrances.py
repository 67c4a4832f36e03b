"""How those who call are let in."""

import socket
import sys
from typing import TYPE_CHECKING, Protocol

from berth.lsp.hosting.greeting import Caller
from berth.lsp.hosting.port_entrance import PortEntrance
from berth.sharing.loopback.port_door import PortDoor

if TYPE_CHECKING:
    from berth.sharing.transports import Door

if sys.platform != "win32":
    from berth.lsp.hosting.socket_entrance import SocketEntrance


class Entrance(Protocol):
    """Stands behind one door."""

    async def greet(self, connection: socket.socket) -> Caller | None:
        """Makes sure that a connection is the user's own and takes its preamble.

        Returns:
            The caller; None where the connection belongs to a caller on another one, who closes it.

        Raises:
            BadPreamble: It is none, took too long, or lacks what belongs to it.
            Unreachable: The caller is another user.
            OSError: The caller left.
        """
        ...


def entrance_of(door: "Door") -> Entrance:
    """The entrance behind a door."""
    if isinstance(door, PortDoor):
        return PortEntrance(door.secret)
    if sys.platform != "win32":
        return SocketEntrance()
    else:  # noqa: RET505 - type checkers for Windows leave out a branch, not what follows one
        raise TypeError(door)
