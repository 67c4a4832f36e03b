"""Connects to a host, and starts one where there is none."""

import json
import os
import socket
from collections.abc import Callable, Mapping

from berth.sharing.place import Place
from berth.sharing.preamble import preamble
from berth.sharing.transports import transport_of
from berth.sharing.unreachable import Unreachable

ANSWER_SECONDS = 60.0
"""A host that was just started imports for half a second, on a busy machine for several."""

ATTEMPTS = 3
"""A host that was idle may end in the very moment in which it is called."""

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


def dial(path: str, within: float) -> socket.socket | None:
    """A connection to the user's own host behind a door; None when there is none.

    It gives up reading and writing after ``within`` seconds, too.

    Raises:
        Unreachable: Somebody else is there.
        TimeoutError: It did not answer in so many seconds.
    """
    connection = transport_of(path).dial(path, within)
    if connection is not None:
        connection.settimeout(within)
    return connection


def call(
    place: Place, code: str, start: Callable[[Place, str], None], introduce: Callable[[Line], None]
) -> tuple[Line, dict[str, object]]:
    """Connects to the host of this code, which ``start`` starts when there is none, and introduces the caller.

    Returns:
        The line, and what the host answered.

    Raises:
        Unreachable: It does not answer.
    """
    path = place.door(code)
    for _ in range(ATTEMPTS):
        try:
            connection = dial(path, ANSWER_SECONDS)
            if connection is None:
                start(place, code)
                connection = dial(path, ANSWER_SECONDS)
            if connection is None:
                continue
            line = Line(connection, path)
            answer = _answer(line, introduce)
        except TimeoutError:
            raise Unreachable("Berth's host does not answer.", "End it with: berth host stop --force") from None
        if answer is not None:
            connection.settimeout(None)
            return line, answer
        connection.close()
    raise Unreachable("Berth's host ended before it answered.", f"It may have said why in {place.log(code)}")


def _answer(line: Line, introduce: Callable[[Line], None]) -> dict[str, object] | None:
    """What the host says to an introduction; None when it ended. Raises ``TimeoutError``."""
    try:
        introduce(line)
        return line.hear()
    except ConnectionError:
        return None


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
