"""Which keys the broker is entrusted with: the agent gets a sentinel in their place, and the broker's URL. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

from berth.agents.endpoints import PlainEndpoint
from berth.agents.key_uses import KEY_USES, KeyUse
from berth.agents.providers import Provider
from berth.planning.choice import Choice
from berth.planning.credentials_plan import BROKER, CredentialsPlan, KeptKey, KeySource, PlannedKey
from berth.planning.facts import Facts
from berth.planning.git_logins import git_key, git_variables
from berth.planning.paths import Places, file_path
from berth.planning.plan import Variable
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason
from berth.settings.credentials import KeyEntry
from berth.settings.network import NetworkMode
from berth.settings.origin import Sourced
from berth.settings.settings import Settings

SHORTEST = 16
"""Characters of a key. What is shorter is a placeholder, and would be taken out of answers in which it is a word."""

_KEY = re.compile(rf"[\x21-\x7e]{{{SHORTEST},8192}}", re.ASCII)
_PATH = re.compile(r"(?:/(?!\.)[A-Za-z0-9._~-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entrusted:
    """The plan for keys, the agent's variables with what it means for them, and hosts that it needs no more."""

    credentials: CredentialsPlan
    variables: tuple[Variable, ...]
    hosts: frozenset[str] = frozenset()


class NotForBroker(Exception):
    """Why a key is a variable all the same, as the rest of a sentence that begins with it."""


def plan_credentials(settings: Settings, choice: Choice, facts: Facts, variables: tuple[Variable, ...]) -> Entrusted:
    """Decides what becomes of keys in a session that has a broker."""
    asked = settings.credentials
    way = asked.way.value if asked.way else "broker"
    why = reason(asked.way.origin) if asked.way else built_in("what is inside a container can be sent out of it")
    plan = CredentialsPlan(way, why, own=asked.own.value if asked.own else "broker", authority=facts.ca_file)
    if way == "env":
        return Entrusted(replace(plan, kept=tuple(_ungiven(settings))), variables)
    entrusting = _Entrusting(facts, {variable.name: variable for variable in variables})
    for use in _uses(choice.agent.name, asked.keys):
        entrusting.add(use, asked.keys.get(use.variable))
    entrusting.add_git(asked.git)
    plan = replace(plan, keys=tuple(entrusting.keys), kept=tuple(entrusting.kept))
    changed = sorted(entrusting.variables.values(), key=lambda variable: variable.name)
    return Entrusted(plan, tuple(changed), frozenset(entrusting.hosts))


def without_broker(settings: Settings, mode: NetworkMode) -> CredentialsPlan:
    """The plan for keys in a session that has no door for a broker to stand at."""
    why = built_in(f"the broker stands at the session's door, which the network mode “{mode}” does not have")
    return CredentialsPlan(reason=why, kept=tuple(_ungiven(settings)))


def _ungiven(settings: Settings) -> Iterator[KeptKey]:
    """Keys that only the broker fetches."""
    for name, entry in settings.credentials.keys.items():
        if entry.value.has_source:
            yield KeptKey(name, "is not given to the agent: what berth.keys fetches is for the broker only")
    for host in settings.credentials.git:
        yield KeptKey(f"git {host.value}", "is not given to the agent: git's logins are for the broker only")


def _uses(agent: str, keys: Mapping[str, Sourced[KeyEntry]]) -> Iterator[KeyUse]:
    """The agent's own keys, and those whose vendor is the user's to name."""
    for name, entry in keys.items():
        written = entry.value
        if written.url and written.routes and written.url_variable:
            provider = Provider(name, written.url.rstrip("/"), tuple(written.routes), written.header or "authorization")
            yield KeyUse(name, provider, PlainEndpoint(written.url_variable))
    yield from (use for use in KEY_USES.get(agent, ()) if use.variable not in keys or not keys[use.variable].value.url)


@dataclass(frozen=True, slots=True)
class _Key:
    """A key, or where it is fetched from, and who says so."""

    reason: Reason
    value: str = field(default="", repr=False)
    source: KeySource | None = None


class _Entrusting:
    """One key after the other."""

    def __init__(self, facts: Facts, variables: dict[str, Variable]) -> None:
        self._facts = facts
        self.variables = variables
        self._given = dict(variables)
        self.keys: list[PlannedKey] = []
        self.kept: list[KeptKey] = []
        self.hosts: set[str] = set()

    def add(self, use: KeyUse, entry: Sourced[KeyEntry] | None) -> None:
        """Entrusts a key, where there is one."""
        given = self._given.get(use.variable)
        if entry is not None and entry.value.has_source:
            self._try(use, _Key(reason(entry.origin), source=_source(entry.value, self._facts)))
        elif given is not None and given.value:
            self._try(use, _Key(given.reason, given.value))

    def _try(self, use: KeyUse, key: "_Key") -> None:
        try:
            self._entrust(use, key)
        except NotForBroker as error:
            self.kept.append(KeptKey(use.variable, str(error)))

    def _entrust(self, use: KeyUse, key: "_Key") -> None:
        url, inside = self._url(use)
        base = urlsplit(use.provider.url).path
        if key.value and not _KEY.fullmatch(key.value):
            raise NotForBroker("goes in as it is: it is no key, but too short, too long or with blanks in it")
        sentinel, header = self._sentinel(use.variable), use.header or use.provider.header
        told = use.endpoint.write(self._values(), BROKER + base + use.suffix)
        self.keys.append(
            PlannedKey(
                variable=use.variable,
                sentinel=_hash(sentinel),
                url=url,
                base=base,
                routes=use.provider.routes,
                header=header,
                prefix="Bearer " if header == "authorization" else "",
                reason=key.reason,
                key=key.value,
                source=key.source,
                inside=inside,
            )
        )
        self._set(use.variable, sentinel, f"stands for the key, which the broker takes to {urlsplit(url).hostname}")
        self._set(use.endpoint.variable, told, "where the broker is")
        self.hosts.update(use.provider.hosts)

    def add_git(self, entries: Sequence[Sourced[str]]) -> None:
        """Entrusts git's logins for hosts."""
        shown = [(entry.value, self._sentinel(f"git {entry.value}")) for entry in entries]
        self.keys += [git_key(entry, _hash(one)) for entry, (_, one) in zip(entries, shown, strict=True)]
        for name, value in git_variables(shown, self._values()).items() if shown else ():
            self._set(name, value, "git is led to the broker")

    def _sentinel(self, name: str) -> str:
        return "berth-" + _hash(f"{self._facts.sentinel} {name}")[:48]

    def _url(self, use: KeyUse) -> tuple[str, bool]:
        """Where requests go, and whether that is the user's own word."""
        if use.not_with in self._given:
            raise NotForBroker(f"goes in as it is: {use.not_with} has headers that the broker might drop")
        endpoint = self._given.get(use.endpoint.variable)
        if endpoint is not None and not endpoint.reason.trusted:
            raise NotForBroker(f"goes in as it is: {use.endpoint.variable} is set by the workspace")
        try:
            url = use.endpoint.read({name: variable.value for name, variable in self._trusted()})
        except ValueError as error:
            raise NotForBroker(f"goes in as it is: {use.endpoint.variable} cannot be understood") from error
        if not url:
            return use.provider.url, False
        return _checked(url.rstrip("/"), use), True

    def _trusted(self) -> Iterator[tuple[str, Variable]]:
        return ((name, variable) for name, variable in self._given.items() if variable.reason.trusted)

    def _values(self) -> Mapping[str, str]:
        return {name: variable.value for name, variable in self.variables.items()}

    def _set(self, name: str, value: str, why: str) -> None:
        self.variables[name] = Variable(name, value, built_in(why))


def _checked(url: str, use: KeyUse) -> str:
    """A URL of the user's, in the one spelling that the broker takes."""
    parts = urlsplit(url)
    plain = (
        _has_port(parts)
        and parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and not parts.query
        and not parts.fragment
    )
    if not plain or not parts.hostname or not _PATH.fullmatch(parts.path):
        raise NotForBroker(f"goes in as it is: the URL in {use.endpoint.variable} is not plain")
    if not parts.path.endswith(use.suffix):
        raise NotForBroker(f"goes in as it is: the URL in {use.endpoint.variable} does not end in {use.suffix}")
    return url.removesuffix(use.suffix)


def _has_port(parts: SplitResult) -> bool:
    """Whether a URL's port is one, where it names any."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _source(written: KeyEntry, facts: Facts) -> KeySource:
    if written.command is not None:
        return KeySource(command=tuple(written.command))
    if written.keyring is not None:
        return KeySource(keyring=(written.keyring.service, written.keyring.user))
    return KeySource(file=file_path(written.file or "", Places(facts.workspace.path, facts.environment)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
