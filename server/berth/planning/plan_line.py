"""One line of an explained plan."""

from berth.planning.reason import Reason
from berth.protocol.plans import PlanLine


def plan_line(what: str, value: str, reason: Reason) -> PlanLine:
    """What was decided, and the reason's parts beside it."""
    return PlanLine(what=what, value=value, layer=reason.layer, place=reason.place, why=reason.why)


def source(line: PlanLine | Reason) -> str:
    """Where something came from, as people read it: layer, place, why."""
    place = f" {line.place}" if line.place else ""
    return f"{line.layer}{place}" + (f": {line.why}" if line.why else "")
