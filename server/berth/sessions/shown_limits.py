"""A session's limits as clients see them, and other ones for a session that is there."""

from dataclasses import replace

from berth.planning.host_plan import AnyPlan
from berth.planning.plan import Limits, SessionPlan
from berth.protocol.session import SessionLimits


def shown_limits(plan: AnyPlan) -> SessionLimits | None:
    """The limits of a plan; None where there is no container to hold the agent to them."""
    if plan.mode == "host":
        return None
    limits = plan.container.limits
    return SessionLimits(memory=limits.memory, cpus=limits.cpus, pids=limits.pids)


def with_limits(plan: SessionPlan, limits: Limits) -> SessionPlan:
    """The plan with other limits."""
    return replace(plan, container=replace(plan.container, limits=limits))
