"""What of a session's reach is above the user's own ceilings, whoever asked for it. Pure."""

from collections.abc import Iterator, Sequence

from berth.planning.breach import Breach
from berth.planning.network_plan import DEFAULT_MODE, NetworkPlan
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason
from berth.planning.wish import Wish
from berth.settings.network import NetworkMode, parse_rule
from berth.settings.network_ceilings import WIDTH, NetworkCeilings
from berth.settings.origin import Origin

_HTTPS = 443


def default_mode(ceilings: NetworkCeilings) -> tuple[NetworkMode, Reason]:
    """The mode of a session that asked for none: no wider than the policy lets it be."""
    widest = ceilings.widest
    if widest is not None and WIDTH[widest.value] < WIDTH[DEFAULT_MODE]:
        return widest.value, reason(widest.origin, "as much as the policy allows")
    return DEFAULT_MODE, built_in("nothing else was asked for")


def is_below(ceiling: Sequence[str] | None, host: str, port: int) -> bool:
    """Whether a host, which may begin with ``*.``, is one of those that the policy lets be reached; None: any is."""
    return ceiling is None or any(_covers(entry, host, port) for entry in ceiling)


def network_above(network: NetworkPlan, ceilings: NetworkCeilings) -> Iterator[Breach]:
    """A wider mode, and hosts that somebody listed. Those that the agent talks to by itself are not judged."""
    widest = ceilings.widest
    if widest is not None and WIDTH[network.mode] > WIDTH[widest.value]:
        yield _above(Wish("network", network.mode, network.reason), widest.origin)
    for host in network.allowed:
        listed = host.reason.layer != "built-in"
        if listed and ceilings.hosts is not None and not is_below(ceilings.hosts.value, host.host, host.port):
            yield _above(Wish("network host", str(host), host.reason), ceilings.hosts.origin)


def _covers(entry: str, host: str, port: int) -> bool:
    rule = parse_rule(entry)
    if port != (rule.port or _HTTPS):
        return False
    return host == rule.host or (rule.host.startswith("*.") and host.partition(".")[2] == rule.host[2:])


def _above(wish: Wish, ceiling: Origin) -> Breach:
    return wish.breach("policy", f"berth.policy.network does not allow it ({ceiling.place})")
