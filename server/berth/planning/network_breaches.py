"""What of a session's reach was not for its author to decide."""

from collections.abc import Iterator, Mapping

from berth.planning.breach import Breach
from berth.planning.credentials_plan import CredentialsPlan
from berth.planning.forwarding import HOST_NAME
from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.planning.wish import Wish
from berth.settings.network import NetworkMode, parse_rule
from berth.settings.network_ceilings import WIDTH

_WIDER: Mapping[NetworkMode, str] = {
    "allowlist": "the agent could reach something, where you said that it reaches nothing",
    "open": "the agent could reach every host, and other machines of this network",
}


def network_breaches(network: NetworkPlan) -> Iterator[Breach]:
    """A wider mode, and hosts that the user did not list himself. Anybody may list what is never to be reached."""
    if not network.reason.trusted and network.mode == "host":
        why = "it takes the wall between the agent and this machine's network away"
        yield Wish("network", network.mode, network.reason).breach("user", why)
    elif not network.reason.trusted and WIDTH[network.mode] > WIDTH[network.own]:
        yield Wish("network", network.mode, network.reason).breach("ask", _WIDER[network.mode])
    # what the user lists takes no yes, and what is denied is not reached, whoever lists it
    settled = {(host.host, host.port) for host in network.allowed if host.reason.trusted}
    settled |= {(host.host, host.port) for host in network.denied}
    for host in network.allowed:
        if not host.reason.trusted and (host.host, host.port) not in settled:
            yield _host(host)
    for area in network.private:
        if not area.reason.trusted:
            why = "it opens this machine's own network to names"
            yield Wish("network address", area.network, area.reason).breach("user", why)
    yield from _credentials(network.credentials)


def _credentials(credentials: CredentialsPlan) -> Iterator[Breach]:
    """Keys are the user's own to give."""
    if not credentials.reason.trusted and (credentials.way, credentials.own) == ("env", "broker"):
        why = "the agent's key would be in the container, where every program can read it"
        yield Wish("credentials", "env", credentials.reason).breach("user", why)

    for key in credentials.keys:
        if key.source is not None and not key.reason.trusted:
            why = "the agent could do with it whatever you can"
            yield Wish("login", key.variable, key.reason).breach("user", why)


def _host(host: PlannedHost) -> Breach:
    wish = Wish("network host", str(host), host.reason)
    if host.host.startswith("*."):
        return wish.breach("user", "it stands for names that nobody has seen")
    if parse_rule(host.host if ":" not in host.host else f"[{host.host}]").is_address:
        return wish.breach("user", "it is an address, which no name vouches for")
    if host.host == HOST_NAME:
        return wish.breach(
            "ask", "it is a service of this machine, which may do anything for whoever reaches it from here"
        )
    return wish.breach("ask", "the agent could send there what it has read")
