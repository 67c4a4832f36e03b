"""Connects to a host, and starts one where there is none."""

import json
import os
import socket
from collections.abc import Callable, Mapping, Sequence

from berth.sharing.peer import check_peer
from berth.sharing.place import Place
from berth.sharing.preamble import preamble
from berth.sharing.unreachable import Unreachable

ANSWER_SECONDS = 60.0
"""A host that was just started imports for half a second, on a busy machine for several."""

ATTEMPTS = 3
"""A host that was idle may end in the very moment in which it is called."""

LONGEST_LINE = 1024 * 1024
"""Bytes of an answer."""


class Line:
    """A connection to a host that has answered."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._buffer = b""

    def say(self, content: Mapping[str, object], descriptors: Sequence[int] = ()) -> None:
        """Sends the preamble. Raises ``OSError`` when the host is gone."""
        data = preamble(content)
        sent = 1
        if descriptors:
            socket.send_fds(self.socket, [data[:1]], list(descriptors))
        else:
            self.socket.sendall(data[:1])
        self.socket.sendall(data[sent:])

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


def dial(path: str) -> socket.socket | None:
    """A connection to the socket at a path; None when no host is behind it.

    Raises:
        Unreachable: It is another user's.
    """
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
        check_peer(connection)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
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
    path = place.socket(code)
    for _ in range(ATTEMPTS):
        connection = dial(path)
        if connection is None:
            start(place, code)
            connection = dial(path)
        if connection is None:
            continue
        connection.settimeout(ANSWER_SECONDS)
        line = Line(connection)
        try:
            introduce(line)
            answer = line.hear()
        except TimeoutError:
            raise Unreachable("Berth's host does not answer.", "End it with: berth host stop --force") from None
        except ConnectionError:
            answer = None
        if answer is not None:
            connection.settimeout(None)
            return line, answer
        connection.close()
    raise Unreachable("Berth's host ended before it answered.", f"It may have said why in {place.log(code)}")


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
