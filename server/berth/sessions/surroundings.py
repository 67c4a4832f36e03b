"""What a life happens in."""

from collections.abc import Mapping
from dataclasses import dataclass

from berth.engine.base import Engine, Runner
from berth.planning.host_plan import AnyPlan
from berth.sessions.record import Record
from berth.sessions.turns import Turns


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What runs the program, the plan that it runs by, and what outlives a life.

    ``seen`` is what was seen of the confinement of a container that runs already; None: it is still to be started.
    ``engine`` is None where the program is a plain process.
    """

    runner: Runner
    plan: AnyPlan
    record: Record
    turns: Turns
    seen: Mapping[str, str] | None = None
    engine: Engine | None = None
