"""The lines of an explained plan about what it may reach."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from berth.planning.credentials_plan import CredentialsPlan
from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.planning.plan_line import plan_line
from berth.planning.reason import Reason
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine


def reach_lines(network: NetworkPlan) -> Iterator[PlanLine]:
    """Each host that may be reached, each that may never be, and what stands between."""
    yield from _credentials(network.credentials)
    yield from _hosts(network.allowed, "may reach")
    yield from _hosts(network.denied, "never reaches")
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


def _credentials(credentials: CredentialsPlan) -> Iterator[PlanLine]:
    """Where keys are, and what becomes of each."""
    way = "the broker has them" if credentials.way == "broker" else "variables of the agent's"
    yield plan_line("keys", way, credentials.reason)
    for key in credentials.keys:
        source = f", from {key.source}" if key.source else ""
        yield plan_line(f"key {key.variable}", f"outside, for {urlsplit(key.url).netloc}{source}", key.reason)
    for kept in credentials.kept:
        yield plan_line(f"key {kept.variable}", "not with the broker", built_in(f"it {kept.why}"))


def _hosts(hosts: Sequence[PlannedHost], what: str) -> Iterator[PlanLine]:
    """A line for each host that somebody listed; those of Berth's own list stand together, by their reason."""
    together: dict[Reason, list[str]] = {}
    for host in hosts:
        if host.reason.layer == "built-in":
            together.setdefault(host.reason, []).append(str(host))
        else:
            yield plan_line(f"{what} {host}", "anything" if host.opaque else "by its name", host.reason)
    for reason, names in together.items():
        yield plan_line(what, ", ".join(dict.fromkeys(names)), reason)
