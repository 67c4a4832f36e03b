"""A host's own side of its unix socket."""

import os
import socket


class SocketDoor:
    """A socket that listens, at a path."""

    def __init__(self, path: str, listener: socket.socket) -> None:
        self.path = path
        self.listener = listener
        self._mark = _mark(path)

    def take_away(self) -> None:
        """Removes the socket, unless it is another host's by now. Raises ``OSError``."""
        if self._mark is not None and _mark(self.path) == self._mark:
            os.unlink(self.path)


def _mark(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
