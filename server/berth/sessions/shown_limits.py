"""What holds a session as clients see it, and other limits for one that is there."""

from dataclasses import replace

from berth.planning.host_plan import AnyPlan
from berth.planning.plan import Limits, SessionPlan
from berth.protocol.session import Network, SessionLimits


def shown_limits(plan: AnyPlan) -> SessionLimits | None:
    """The limits of a plan; None where there is no container to hold the agent to them."""
    if plan.mode == "host":
        return None
    limits = plan.container.limits
    return SessionLimits(memory=limits.memory, cpus=limits.cpus, pids=limits.pids)


def shown_network(plan: AnyPlan) -> Network | None:
    """What a plan lets its container reach; None where there is no container to hold the agent to it."""
    return None if plan.mode == "host" else plan.network.mode


def with_limits(plan: SessionPlan, limits: Limits) -> SessionPlan:
    """The plan with other limits."""
    return replace(plan, container=replace(plan.container, limits=limits))
