"""What was decided about containers that wait for the next session. Holds no secret."""

from dataclasses import dataclass

from berth.planning.reason import BUILT_IN, Reason


@dataclass(frozen=True, slots=True)
class SparesPlan:
    """How many wait, and how long.

    Attributes:
        count: Of the same shape; 0: none.
        total: In all, of the host that makes them.
        expire_after: Seconds that one waits.
        paused: Whether they are paused meanwhile.
        reason: Who says how many.
        why_none: Why this plan cannot have any, as a sentence; empty when it can.
    """

    count: int = 0
    total: int = 0
    expire_after: float = 0.0
    paused: bool = False
    reason: Reason = BUILT_IN
    why_none: str = ""


NO_SPARES = SparesPlan()
