"""Something in a plan that whoever wrote it may not decide alone, and the yes that it takes."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ask", "user", "policy"]
"""``ask``: a workspace may have it after a yes. ``user``: only the user's own settings and the request may say it.
``policy``: it is above a ceiling of ``berth.policy``, which no yes lifts."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One such thing.

    Attributes:
        what: What it is about, in the words of the plan's lines (``image``, ``mount /data``, ``env AWS_PROFILE``).
        value: What was asked for. Of variables the name only: a breach can be shown to anybody.
        level: Who may decide it.
        layer: The layer that asks for it, as in :class:`berth.planning.plan.Reason`.
        place: The place in it.
        why: Why it is not for everybody to decide, as a clause that follows the value.
    """

    what: str
    value: str
    level: Level
    layer: str
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One yes that is needed.

    Attributes:
        digest: SHA-256 over the workspace's path and all lines: another wish, another digest.
        asks: What the workspace asks for, a line each, with the place where it is written.
        receives: What of the user's goes into the container with it, a line each. Variables by their names.
        seconds: How long the yes holds when it is kept.
    """

    digest: str
    asks: tuple[str, ...]
    receives: tuple[str, ...]
    seconds: float
