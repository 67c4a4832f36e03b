"""A plan without what must not be written: values of variables, and the words of commands, which may hold some."""

from dataclasses import replace

from berth.planning.credentials_plan import CredentialsPlan
from berth.planning.host_plan import AnyPlan
from berth.planning.network_plan import NetworkPlan


def hollow(plan: AnyPlan) -> AnyPlan:
    """The same plan, with nothing in it that is a secret. Pure."""
    variables = tuple(replace(variable, value="") for variable in plan.agent.environment)
    agent = replace(plan.agent, environment=variables)
    if plan.mode == "host":
        return replace(plan, agent=agent, process=replace(plan.process, inherited={}))
    before = tuple(replace(command, argv=()) for command in plan.before)
    network = replace(_without_password(plan.network), credentials=_without_keys(plan.network.credentials))
    return replace(plan, agent=agent, before=before, network=network)


def _without_password(network: NetworkPlan) -> NetworkPlan:
    """The upstream's user stays, and tells that there was a password."""
    scheme, separator, rest = network.upstream.rpartition("://")
    credentials, at, host = rest.rpartition("@")
    return replace(network, upstream=f"{scheme}{separator}{credentials.partition(':')[0]}{at}{host}")


def _without_keys(credentials: CredentialsPlan) -> CredentialsPlan:
    """What stands for keys stays as a digest: a later host tells the broker which of them are the session's."""
    keys = (replace(key, key="", source=None) for key in credentials.keys)
    return replace(credentials, keys=tuple(keys))
