"""The session that a person means."""

from typing import Any

from berth.errors import SessionError
from berth.terminal.hosts import Joined

Info = dict[str, Any]
"""A ``SessionInfo`` as it comes over the wire."""


async def find(hosts: list[Joined], wanted: str) -> tuple[Joined, Info]:
    """The session with this id, or the only one whose id begins with it; and its host.

    Raises:
        SessionError: ``unknown-session``: there is none, or there are several.
    """
    all_of_them = [(host, info) for host in hosts for info in await host.sessions()]
    found = [each for each in all_of_them if each[1]["id"] == wanted]
    found = found or [each for each in all_of_them if each[1]["id"].startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(info["id"] for _, info in found)
        raise SessionError("unknown-session", f"{wanted} could be any of {names}.", "Write more of it.")
    raise SessionError("unknown-session", f"There is no session {wanted}.", "berth ls shows all there are.")
