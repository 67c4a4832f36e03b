"""What an agent's own login may reach. Pure."""

from dataclasses import replace

from berth.agents.hosts import agent_hosts
from berth.planning.credentials_plan import NO_CREDENTIALS
from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.planning.plan import SessionPlan
from berth.planning.reasons import built_in


def login_network(plan: SessionPlan) -> NetworkPlan:
    """The session's network for a login: it talks to the vendor itself, with no key of the user's."""
    why = built_in(f"one logs in to {plan.agent.title} there")
    hosts = (PlannedHost(host, 443, why) for host in agent_hosts(plan.agent.name, {}))
    return replace(plan.network, allowed=(*plan.network.allowed, *hosts), credentials=NO_CREDENTIALS)
