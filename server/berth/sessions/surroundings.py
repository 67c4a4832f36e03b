"""What a life happens in."""

from dataclasses import dataclass

from berth.engine.base import Runner
from berth.planning.host_plan import AnyPlan
from berth.sessions.record import Record
from berth.sessions.turns import Turns


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What runs the program, the plan that it runs by, and what outlives a life."""

    runner: Runner
    plan: AnyPlan
    record: Record
    turns: Turns
