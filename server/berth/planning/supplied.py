"""A variable that some level offers, before the levels are put above one another."""

from dataclasses import dataclass, field

from berth.planning.reason import Reason


@dataclass(frozen=True, slots=True)
class Supplied:
    """A variable of one level, as in :class:`berth.planning.plan.Variable`."""

    name: str
    value: str = field(repr=False)
    reason: Reason
    forwarded: bool = False
    taken_from: tuple[str, ...] = ()
    expands: bool = False
