"""Connects to a host, and starts one where there is none."""

import socket
from collections.abc import Callable

from berth.sharing.limits import ANSWER_SECONDS
from berth.sharing.line import Line
from berth.sharing.place import Place
from berth.sharing.transports import transport_of
from berth.sharing.unreachable import Unreachable

ATTEMPTS = 3
"""A host that was idle may end in the very moment in which it is called."""


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
