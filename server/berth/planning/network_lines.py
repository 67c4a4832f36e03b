"""The lines of an explained plan about what it may reach."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from berth.planning.network_plan import NetworkPlan
from berth.planning.plan_line import plan_line
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine


def reach_lines(network: NetworkPlan) -> Iterator[PlanLine]:
    """Each host that may be reached, each that may never be, and what stands between."""
    for host in network.allowed:
        yield plan_line(f"may reach {host}", "anything" if host.opaque else "by its name", host.reason)
    for host in network.denied:
        yield plan_line(f"never reaches {host}", "refused", host.reason)
    for area in network.private:
        yield plan_line(f"names may lead to {area.network}", "allowed", area.reason)
    if network.mode != "allowlist":
        return
    others = "a person is asked" if network.asks else "refused: nobody can be asked"
    if network.asks and network.ceiling is not None:
        others = f"a person is asked about {', '.join(network.ceiling) or 'none'}"
    yield plan_line("may reach others", others, built_in("what is not listed is refused"))
    if network.upstream:
        proxy = urlsplit(network.upstream).hostname or "a proxy"
        yield plan_line("proxy of this network", proxy, built_in("all that is let through goes through it"))
