"""What the doctor says of the processes that own sessions. Blocks for milliseconds, seconds where one hangs."""

import os
from collections.abc import Mapping

from berth import __version__
from berth.protocol.commands import Check
from berth.sharing.asking import ask_all
from berth.sharing.place import find_place
from berth.sharing.unreachable import Unreachable


def check_hosts() -> Check:
    """Whether the shared hosts of this user answer, and which they are."""
    try:
        answers = ask_all(find_place(os.environ), "status").values()
    except Unreachable as error:
        return Check(name="host", ok=False, message=error.message, hint=error.hint)
    silent = sum(not answer for answer in answers)
    if silent:
        message = f"{silent} of {len(answers)} hosts do not answer."
        return Check(name="host", ok=False, message=message, hint="End them with: berth host stop --force")
    if not answers:
        return Check(name="host", ok=True, message="No shared host runs at the moment.")
    return Check(name="host", ok=True, message=" ".join(map(_sentence, answers)))


def _sentence(answer: Mapping[str, object]) -> str:
    connections = answer.get("connections")
    count = len(connections) if isinstance(connections, list) else 0
    version = answer.get("version")
    other = "" if version == __version__ else ", which ends after its last session"
    editors, sessions = _counted(count, "connection"), _counted(answer.get("live"), "live session")
    return f"Process {answer.get('pid')} (Berth {version}{other}): {editors}, {sessions}."


def _counted(count: object, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
