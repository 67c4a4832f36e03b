"""A part of a plan that somebody wished for, before it is judged."""

from dataclasses import dataclass

from berth.planning.breach import Breach, Level
from berth.planning.reason import Reason


@dataclass(frozen=True, slots=True)
class Wish:
    """What it is about, its value for people, and where it was written."""

    what: str
    value: str
    reason: Reason

    def breach(self, level: Level, why: str) -> Breach:
        """The same as something that its author may not decide alone."""
        return Breach(self.what, self.value, level, self.reason.layer, self.reason.place, why)
