"""What a session may reach: the mode, and in mode ``allowlist`` each host with who listed it. Pure."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from berth.agents.hosts import agent_hosts
from berth.errors import SettingsError
from berth.planning.build_recipes import egress_recipe
from berth.planning.choice import Choice
from berth.planning.container_options import Network, NetworkOptions
from berth.planning.facts import Facts
from berth.planning.forwarding import HOST_NAME
from berth.planning.image_plan import ImagePlan
from berth.planning.network_ceilings import default_mode
from berth.planning.network_plan import DOOR, NetworkPlan, PlannedHost, PlannedRange
from berth.planning.plan import AskedFlag, ContainerPlan, Variable
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason
from berth.planning.registries import registries, url_host
from berth.settings.network import ECOSYSTEMS, EcosystemName, NetworkMode, NetworkSettings, parse_rule
from berth.settings.origin import Sourced
from berth.settings.settings import Settings

_ENDPOINTS = ("*_URL", "*_HOST", "*_ENDPOINT", "*_API_BASE", "CODEX_CONFIG", "OPENCODE_CONFIG_CONTENT")
_URL = re.compile(r"https?://[^\s\"'<>,;|\\]+")
_PROXY_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_PROXIES = frozenset((*_PROXY_NAMES, "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "FTP_PROXY", "ftp_proxy"))
_NOT_PROXIED = "localhost,127.0.0.1,::1"
_FLAG_MODES: Mapping[str, NetworkMode] = {"none": "none", "host": "host"}


@dataclass(frozen=True, slots=True)
class PlannedNetwork:
    """The network, the container and the variables with what it means for them, and notes."""

    network: NetworkPlan
    container: ContainerPlan
    variables: tuple[Variable, ...]
    notes: tuple[str, ...] = ()


def plan_network(
    settings: Settings, choice: Choice, facts: Facts, planned: tuple[ContainerPlan, tuple[Variable, ...]]
) -> PlannedNetwork:
    """Decides what may be reached.

    Args:
        settings: The settings.
        choice: Profile and agent.
        facts: What was observed.
        planned: The container and the agent's variables without regard to the network's mode.

    Raises:
        SettingsError: ``bad-docker-args``: a flag needs a network that the mode does not have.
    """
    container, variables = planned
    of_profile = choice.profile.network if choice.profile else NetworkSettings()
    asked = of_profile.over(settings.network)
    unasked = default_mode(settings.policy.network)
    mode, why = _mode(asked, container) or unasked
    own = asked.own.value if asked.own else unasked[0]
    if mode in ("open", "host"):
        return PlannedNetwork(NetworkPlan(mode, why, own=own), _on(container, mode, why), variables)
    if mode == "none":
        return PlannedNetwork(NetworkPlan(mode, why, own=own), _without(container), variables)
    _check_flags(container)
    recipe, ceiling = egress_recipe(facts), settings.policy.network.hosts
    network = NetworkPlan(
        mode=mode,
        reason=why,
        allowed=tuple(dict.fromkeys((*_own(choice, variables), *_listed(asked.allow, variables)))),
        denied=tuple(host for entry in asked.deny for host in _denied(entry)),
        private=tuple(PlannedRange(entry.value, reason(entry.origin)) for entry in asked.private),
        upstream=_upstream(variables),
        asks=facts.attended,
        own=own,
        ceiling=tuple(ceiling.value) if ceiling else None,
        image=ImagePlan(recipe.tag, recipe, "auto", built_in("it has the way out of the session")),
    )
    return PlannedNetwork(network, _cut_off(container), proxied(variables), tuple(_notes(container)))


def proxied(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """The variables with those that lead tools to the session's door, in the place of any other proxy."""
    why = built_in("the session's one way out")
    doors = dict.fromkeys(_PROXY_NAMES, DOOR) | {"NO_PROXY": _NOT_PROXIED, "no_proxy": _NOT_PROXIED}
    # Node's own fetch knows proxies only when told so; Node before 22.21 ignores it.
    own = {**doors, "NODE_USE_ENV_PROXY": "1"}
    kept = [variable for variable in variables if variable.name not in _PROXIES | own.keys()]
    return tuple(sorted([*kept, *(Variable(name, value, why) for name, value in own.items())], key=lambda v: v.name))


def _mode(asked: NetworkSettings, container: ContainerPlan) -> tuple[NetworkMode, Reason] | None:
    flag = container.options.network.network
    if flag is not None:
        return _FLAG_MODES.get(flag.target, "open"), container.reason_of("network") or built_in("a flag asks for it")
    if asked.mode is not None:
        return asked.mode.value, reason(asked.mode.origin)
    return None


def _on(container: ContainerPlan, mode: NetworkMode, why: Reason) -> ContainerPlan:
    """The last gate lets the machine's own network pass only with the reason of it."""
    if mode != "host" or container.options.network.network is not None:
        return container
    container = replace(container, limit_reasons={**container.limit_reasons, "network": why})
    return _with_network(container, replace(container.options.network, network=Network("host")))


def _without(container: ContainerPlan) -> ContainerPlan:
    """As ``docker run --network none`` has it: names that were asked for are known, and lead nowhere."""
    return _with_network(container, replace(container.options.network, network=Network("none")))


def _cut_off(container: ContainerPlan) -> ContainerPlan:
    """The container that joins a holder's network: names, addresses and ports would be the holder's."""
    without = replace(container, extra_hosts={})
    return _with_network(without, NetworkOptions(network=Network("none")))


def _with_network(container: ContainerPlan, network: NetworkOptions) -> ContainerPlan:
    return replace(container, options=replace(container.options, network=network))


def _check_flags(container: ContainerPlan) -> None:
    options = container.options.network
    if options.ports or options.publish_all:
        place = (container.reason_of("publish") or container.reason_of("publish-all") or built_in("")).place
        sentence = f"--publish ({place}) needs a network, and the mode “allowlist” has none that ports could be on."
        hint = 'Take it out, or set berth.docker.network.mode to "open".'
        raise SettingsError("bad-docker-args", sentence, hint)


def _notes(container: ContainerPlan) -> Iterator[str]:
    without: Sequence[AskedFlag] = [flag for flag in container.asked if flag.name in ("dns", "dns-search", "add-host")]
    for name in dict.fromkeys(flag.name for flag in without):
        yield f"--{name} does nothing here: in the network mode “allowlist” the proxy looks names up."


def _own(choice: Choice, variables: Sequence[Variable]) -> Iterator[PlannedHost]:
    """What the agent talks to by itself, and the endpoints that the user sends it to."""
    values = {variable.name: variable.value for variable in variables if variable.reason.trusted}
    if not choice.custom_command:
        why = built_in(f"{choice.agent.title} talks to it")
        yield from (PlannedHost(host, 443, why) for host in agent_hosts(choice.agent.name, values) if _is_name(host))
    for variable in variables:
        if variable.reason.trusted and any(fnmatch.fnmatchcase(variable.name, glob) for glob in _ENDPOINTS):
            yield from _endpoints(variable)


def _endpoints(variable: Variable) -> Iterator[PlannedHost]:
    origin = replace(variable.reason, why=f"{variable.name} names it")
    for url in _URL.findall(variable.value):
        found = url_host(url)
        if found is not None:
            yield PlannedHost(*found, reason=origin, opaque=True, inside=True)


def _listed(entries: Sequence[Sourced[str]], variables: Sequence[Variable]) -> Iterator[PlannedHost]:
    for entry in entries:
        why = reason(entry.origin)
        if entry.value in ECOSYSTEMS:
            yield from _registries(entry.value, why, variables)
            continue
        rule = parse_rule(entry.value)
        inside = rule.is_address or rule.host == HOST_NAME
        named = rule.port is not None or inside
        yield PlannedHost(rule.host, rule.port or 443, why, opaque=named, inside=inside)


def _registries(ecosystem: EcosystemName, why: Reason, variables: Sequence[Variable]) -> Iterator[PlannedHost]:
    by_name = {variable.name: variable for variable in variables}
    values = {name: variable.value for name, variable in by_name.items()}
    for registry in registries(ecosystem, values):
        written = by_name.get(registry.variable)
        origin = why if written is None or written.reason.trusted else written.reason
        said = f"{registry.variable} names it" if registry.variable else f"{ecosystem} fetches from it"
        inside = registry.host == HOST_NAME
        yield PlannedHost(registry.host, registry.port, replace(origin, why=said), inside=inside)


def _denied(entry: Sourced[str]) -> Iterator[PlannedHost]:
    rule = parse_rule(entry.value)
    for port in (rule.port,) if rule.port else (443, 80):
        yield PlannedHost(rule.host, port, reason(entry.origin), opaque=rule.port is not None)


def _upstream(variables: Sequence[Variable]) -> str:
    """The proxy that the user's own network needs; what a workspace names is no such thing."""
    values = {variable.name: variable.value for variable in variables if variable.reason.trusted}
    found = (values.get(name, "") for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
    return next((value for value in found if value), "")


def _is_name(host: str) -> bool:
    try:
        parse_rule(host)
    except ValueError:
        return False
    return True
