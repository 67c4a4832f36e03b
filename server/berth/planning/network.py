"""What a session may reach: the mode, and in mode ``allowlist`` each host with who listed it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from berth.errors import SettingsError
from berth.planning.build_recipes import egress_recipe
from berth.planning.choice import Choice
from berth.planning.container_options import Network, NetworkOptions
from berth.planning.credentials import plan_credentials, without_broker
from berth.planning.facts import Facts
from berth.planning.image_plan import ImagePlan
from berth.planning.network_ceilings import default_mode, is_below
from berth.planning.network_hosts import allowed_hosts, denied_hosts, unasked_hosts
from berth.planning.network_plan import DOOR_VARIABLES, NetworkPlan, PlannedRange
from berth.planning.plan import AskedFlag, ContainerPlan, Variable
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason
from berth.planning.this_machine import listed_in_vain
from berth.planning.upstream import past_upstream, upstream_proxy
from berth.settings.network import NetworkMode, NetworkSettings
from berth.settings.settings import Settings

_PROXIES = frozenset((*DOOR_VARIABLES, "ALL_PROXY", "all_proxy", "FTP_PROXY", "ftp_proxy"))
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
    asked = asked_network(settings, choice)
    unasked, ceiling = default_mode(settings.policy.network), settings.policy.network.hosts
    mode, why = _mode(asked, container) or unasked
    own = asked.own.value if asked.own else unasked[0]
    if mode != "allowlist":
        network = NetworkPlan(mode, why, own=own, credentials=without_broker(settings, mode))
        return PlannedNetwork(network, _without(container) if mode == "none" else _on(container, mode, why), variables)
    _check_flags(container)
    recipe, most = egress_recipe(facts), tuple(ceiling.value) if ceiling else None
    entrusted = plan_credentials(settings, choice, facts, variables)
    usual = (host for host in unasked_hosts(entrusted, facts) if is_below(most, host.host, host.port))
    allowed = allowed_hosts(asked, choice, entrusted, tuple(usual))
    network = NetworkPlan(
        mode=mode,
        reason=why,
        allowed=allowed,
        denied=denied_hosts(asked, allowed, variables, facts.registries.named),
        private=tuple(PlannedRange(entry.value, reason(entry.origin)) for entry in asked.private),
        upstream=upstream_proxy(variables),
        past_upstream=past_upstream(variables),
        asks=facts.attended,
        own=own,
        ceiling=most,
        image=ImagePlan(recipe.tag, recipe, "auto", built_in("it has the way out of the session")),
        credentials=entrusted.credentials,
    )
    notes = (*listed_in_vain(asked.allow), *_notes(container, variables), *facts.registries.notes)
    return PlannedNetwork(network, _cut_off(container), proxied(entrusted.variables), notes)


def asked_network(settings: Settings, choice: Choice) -> NetworkSettings:
    """What settings say of the network, the profile's above those for all sessions."""
    of_profile = choice.profile.network if choice.profile else NetworkSettings()
    return of_profile.over(settings.network)


def proxied(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """The variables with those that lead tools to the session's door, in the place of any other proxy."""
    why = built_in("the session's one way out")
    kept = [variable for variable in variables if variable.name not in _PROXIES]
    own = (Variable(name, value, why) for name, value in DOOR_VARIABLES.items())
    return tuple(sorted([*kept, *own], key=lambda variable: variable.name))


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


def _notes(container: ContainerPlan, variables: Sequence[Variable]) -> Iterator[str]:
    for variable in variables:
        if variable.name in _PROXIES and not variable.reason.trusted:
            yield f"{variable.name} ({variable.reason.place}) does nothing here: the session has one way out, Berth's."
    without: Sequence[AskedFlag] = [flag for flag in container.asked if flag.name in ("dns", "dns-search", "add-host")]
    for name in dict.fromkeys(flag.name for flag in without):
        yield f"--{name} does nothing here: in the network mode “allowlist” the proxy looks names up."
