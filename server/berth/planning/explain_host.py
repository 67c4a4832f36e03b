"""A plan without a container for people; :mod:`berth.planning.explain` makes the rest of the page."""

from collections.abc import Iterator

from berth.planning.host_plan import HostSessionPlan
from berth.planning.plan_line import plan_line
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine
from berth.settings.quantities import shown_duration

WARNING = (
    "{title} runs WITHOUT a container: it can do on this machine all that you can, and no limit but time holds it."
)
"""What a person must know before such a session, and sees at the head of its transcript. ``title``: the agent's."""


def host_warning(plan: HostSessionPlan) -> str:
    """The warning of this plan, in one sentence."""
    return WARNING.format(title=plan.agent.title)


def host_lines(plan: HostSessionPlan) -> Iterator[PlanLine]:
    """Every decision that is not about the agent itself."""
    inherited = f"{len(plan.process.inherited)} variables of the editor, and those below"
    yield plan_line("user", "you, with all of your rights", built_in("there is no container"))
    yield plan_line("working folder", plan.workdir, built_in("the workspace"))
    yield plan_line("time limit", shown_duration(plan.time_limit) if plan.time_limit else "none", plan.time_reason)
    yield plan_line("idle limit", shown_duration(plan.idle_limit) if plan.idle_limit else "none", plan.idle_reason)
    yield plan_line("environment", inherited, built_in("a plain process inherits it"))
