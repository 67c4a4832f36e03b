"""Short questions to every host of a place, of whatever version: how it is, and whether it will end."""

import os
from collections.abc import Mapping

from berth import __version__
from berth.sharing.dialling import dial
from berth.sharing.line import Line
from berth.sharing.place import Place
from berth.sharing.unreachable import Unreachable

SECONDS = 3.0
"""A host whose loop goes round answers within milliseconds."""


def ask(path: str, want: str, **more: object) -> dict[str, object] | None:
    """What the host behind a door answers; None when there is none, and ``{}`` when it does not answer.

    No environment goes along.
    """
    try:
        connection = dial(path, SECONDS)
    except TimeoutError:
        return {}
    except (Unreachable, OSError):
        return None
    if connection is None:
        return None
    with connection:
        line = Line(connection, path)
        try:
            line.say(
                {"want": want, "version": __version__, "pid": os.getpid(), "folder": "/", "environment": {}, **more}
            )
            return line.hear() or {}
        except OSError:  # a time-out is one
            return {}


def ask_all(place: Place, want: str, *, but: str = "") -> Mapping[str, dict[str, object]]:
    """What each host answers, by its door; ``but`` names one that is left out."""
    answers = {path: ask(path, want) for path in place.doors() if path != but}
    return {path: answer for path, answer in answers.items() if answer is not None}
