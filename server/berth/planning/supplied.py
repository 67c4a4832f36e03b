"""A variable that some level offers, before the levels are put above one another."""

from dataclasses import dataclass, field

from berth.planning.plan import Reason


@dataclass(frozen=True, slots=True)
class Supplied:
    """A variable of one level. The value is a secret until proven otherwise."""

    name: str
    value: str = field(repr=False)
    reason: Reason
    forwarded: bool = False
