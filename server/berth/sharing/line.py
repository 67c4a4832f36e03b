"""What is said to a host, and heard from it."""

import json
import os
import socket
from collections.abc import Mapping

from berth.sharing.preamble import preamble

LONGEST_LINE = 1024 * 1024
"""Bytes of an answer."""


class Line:
    """A connection to a host that has answered. ``path`` is its door."""

    def __init__(self, connection: socket.socket, path: str) -> None:
        self.socket = connection
        self.path = path
        self._buffer = b""

    def say(self, content: Mapping[str, object]) -> None:
        """Sends the preamble. Raises ``OSError`` when the host is gone."""
        self.socket.sendall(preamble(content))

    def hear(self) -> dict[str, object] | None:
        """The next line of the host's; None when it ended. Raises ``TimeoutError``."""
        while b"\n" not in self._buffer:
            try:
                data = self.socket.recv(65536)
            except ConnectionError:
                return None
            if not data or len(self._buffer) > LONGEST_LINE:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        heard = json.loads(line)
        return heard if isinstance(heard, dict) else None


def introduction(want: str, version: str) -> dict[str, object]:
    """What a process says of itself, with its whole environment."""
    return {
        "want": want,
        "version": version,
        "pid": os.getpid(),
        "folder": _folder(),
        "environment": dict(os.environ),
    }


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return "/"  # it was removed
