"""A host's own side of its port."""

import os
import socket
import sys

from berth.sharing.limits import BACKLOG
from berth.sharing.loopback.note import SECRET_BYTES, Note, take_life_lock, write_note
from berth.sharing.unreachable import Unreachable


class PortDoor:
    """A port that listens, with its note. ``secret`` is what callers prove to know."""

    def __init__(self, path: str, listener: socket.socket, secret: bytes, lock: int) -> None:
        self.path = path
        self.listener = listener
        self.secret = secret
        self._lock = lock

    def take_away(self) -> None:
        """Removes the note, and lets a new host begin. Raises ``OSError``."""
        try:
            os.unlink(self.path)
        finally:
            os.close(self._lock)


def open_port(path: str) -> PortDoor:
    """Listens at a port that the system chooses, and leaves the note.

    Raises:
        Unreachable: Another host is there.
        OSError: There is no port, or the note cannot be written.
    """
    lock = take_life_lock(path)
    if lock is None:
        raise Unreachable("Another host of this version runs.")
    listener = socket.socket(socket.AF_INET)
    try:
        if sys.platform == "win32":  # else another program could share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(BACKLOG)
        secret = os.urandom(SECRET_BYTES)
        write_note(path, Note(listener.getsockname()[1], secret, os.getpid()))
    except BaseException:
        listener.close()
        os.close(lock)
        raise
    return PortDoor(path, listener, secret, lock)
