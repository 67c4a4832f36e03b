"""What of a plan makes a session run as it does: two plans with the same substance are the same to an agent."""

from berth.planning.credentials_plan import SENTINEL
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.labels import fingerprint


def substance(plan: AnyPlan) -> object:
    """Something to compare, without reasons and notes. It holds the values of variables, so it is not for showing."""
    agent = plan.agent
    variables = tuple((variable.name, SENTINEL.sub("", variable.value)) for variable in agent.environment)
    chosen = (plan.mode, plan.profile, agent.name, agent.dialect, agent.argv, variables)
    if isinstance(plan, HostSessionPlan):
        return (*chosen, plan.process.workdir, plan.process.shell, plan.time_limit, plan.idle_limit)
    keys = tuple((key.variable, key.url, key.key, key.source) for key in plan.network.credentials.keys)
    return (*chosen, keys, fingerprint(plan))
