"""The hosts of mode ``allowlist``: each with who listed it. Pure.

What is listed without a word of anybody's is for an ordinary day: docs/decisions/0026 argues each of it.
"""

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from berth.agents.hosts import CODE_HOSTS, agent_hosts, quiet_hosts
from berth.planning.choice import Choice
from berth.planning.credentials import Entrusted
from berth.planning.credentials_plan import BROKER
from berth.planning.facts import Facts
from berth.planning.forwarding import HOST_NAME
from berth.planning.network_plan import PlannedHost
from berth.planning.plan import Variable
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason
from berth.planning.registries import registries, url_host
from berth.planning.registry_files.named import NamedRegistry
from berth.settings.network import ECOSYSTEMS, EcosystemName, NetworkSettings, parse_rule
from berth.settings.origin import Sourced

_ENDPOINTS = ("*_URL", "*_HOST", "*_ENDPOINT", "*_API_BASE", "CODEX_CONFIG", "OPENCODE_CONFIG_CONTENT")
_URL = re.compile(r"https?://[^\s\"'<>,;|\\]+")


def unasked_hosts(entrusted: Entrusted, facts: Facts) -> Iterator[PlannedHost]:
    """What an ordinary day needs beside the agent's own hosts, whoever says nothing."""
    yield from _remotes(facts)
    for word in ECOSYSTEMS:
        yield from _registries(word, built_in(f"{word} fetches from it"), entrusted.variables)
    for registry in facts.registries.named:
        yield PlannedHost(registry.host, registry.port, registry.reason)


def allowed_hosts(
    asked: NetworkSettings, choice: Choice, entrusted: Entrusted, unasked: Sequence[PlannedHost]
) -> tuple[PlannedHost, ...]:
    """What may be reached, each once. ``entrusted`` has the agent's variables, before they are led to the door.

    What the user lists is the user's word, whoever else lists it.
    """
    found = (*_own(choice, entrusted), *unasked, *_listed(asked.allow, entrusted.variables))
    once: dict[object, PlannedHost] = {}
    for host in sorted(found, key=lambda host: not host.reason.trusted):
        once.setdefault((host.host, host.port, host.opaque, host.inside), host)
    return tuple(once.values())


def denied_hosts(
    asked: NetworkSettings,
    allowed: Sequence[PlannedHost],
    variables: Sequence[Variable],
    named: Sequence[NamedRegistry],
) -> tuple[PlannedHost, ...]:
    """What is never reached and never asked about: what people list, and what only counts how agents are used.

    A tool's word takes ``named`` registries of its files out as well.

    Whoever wants the latter lists it in ``allow``.
    """
    listed = {host.host for host in allowed}
    why = built_in("it only counts how agents are used, and none needs it")
    quiet = (PlannedHost(host, 443, why) for host in quiet_hosts() if host not in listed)
    return (*(host for entry in asked.deny for host in _denied(entry, variables, named)), *quiet)


def _own(choice: Choice, entrusted: Entrusted) -> Iterator[PlannedHost]:
    """What the agent talks to by itself, and the endpoints that the user sends it to.

    Where the broker talks for it, the session does not need the vendor's own hosts, and could send things there with
    somebody else's key.
    """
    variables = entrusted.variables
    values = {variable.name: variable.value for variable in variables if variable.reason.trusted}
    if not choice.custom_command:
        why = built_in(f"{choice.agent.title} talks to it")
        hosts = (host for host in agent_hosts(choice.agent.name, values) if host not in entrusted.hosts)
        yield from (PlannedHost(host, 443, why) for host in hosts if _is_name(host))
    for variable in variables:
        if variable.reason.trusted and any(fnmatch.fnmatchcase(variable.name, glob) for glob in _ENDPOINTS):
            yield from _endpoints(variable)


def _remotes(facts: Facts) -> Iterator[PlannedHost]:
    """Public code hosts that the workspace's git fetches from. Any other host would be its author's choice."""
    named = {host for folder in facts.protection.git_folders for host in folder.remotes}
    why = built_in("git fetches from it here, and it is a public code host")
    yield from (PlannedHost(host, 443, why) for host in CODE_HOSTS if host in named)


def _endpoints(variable: Variable) -> Iterator[PlannedHost]:
    origin = replace(variable.reason, why=f"{variable.name} names it")
    for url in _URL.findall(variable.value):
        found = url_host(url)
        if found is not None and not url.startswith(BROKER):
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


def _denied(
    entry: Sourced[str], variables: Sequence[Variable], named: Sequence[NamedRegistry]
) -> Iterator[PlannedHost]:
    if entry.value in ECOSYSTEMS:
        yield from _registries(entry.value, reason(entry.origin), variables)
        of_tool = (registry for registry in named if registry.tool == entry.value)
        yield from (PlannedHost(registry.host, registry.port, reason(entry.origin)) for registry in of_tool)
        return
    rule = parse_rule(entry.value)
    for port in (rule.port,) if rule.port else (443, 80):
        yield PlannedHost(rule.host, port, reason(entry.origin), opaque=rule.port is not None)


def _is_name(host: str) -> bool:
    try:
        parse_rule(host)
    except ValueError:
        return False
    return True
