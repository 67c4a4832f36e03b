"""Who is at the other end of a socket."""

import os
import socket
import struct
import sys

from berth.sharing.unreachable import Unreachable

_LOCAL_PEERCRED = 0x001
_XUCRED = struct.Struct("@IIh16I")
"""macOS: version, user, number of groups, groups (``sys/ucred.h``). Written from its headers and never run."""


def peer_user(connection: socket.socket) -> int | None:
    """The user id of the process at the other end; None where the system does not tell."""
    if hasattr(socket, "SO_PEERCRED"):
        size = struct.calcsize("3i")
        _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        return int(user)
    if sys.platform == "darwin":
        return int(_XUCRED.unpack(connection.getsockopt(0, _LOCAL_PEERCRED, _XUCRED.size))[1])
    return None


def peer_process(connection: socket.socket) -> int | None:
    """The process that listens at the other end; None where the system does not tell (all but Linux)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    process, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(process)


def check_peer(connection: socket.socket) -> None:
    """Lets only processes of the same user be talked to.

    Raises:
        Unreachable: It belongs to somebody else.
    """
    user = peer_user(connection)
    if user is not None and user != os.getuid():
        raise Unreachable(f"The process at the other end belongs to user {user}.", "Ask whoever runs this machine.")
