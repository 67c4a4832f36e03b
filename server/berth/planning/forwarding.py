"""Which variables of the editor go to the agent, and what becomes of those that point to this machine."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from berth.errors import InvalidArguments
from berth.planning.choice import Choice
from berth.planning.reason import Reason
from berth.planning.reasons import reason, requested
from berth.planning.reserved import MACHINE_BOUND, is_reserved
from berth.planning.supplied import Supplied
from berth.protocol.plans import PlanArguments
from berth.settings.origin import Origin, Sourced
from berth.settings.settings import Settings

ALWAYS = (
    *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "LANG", "LC_*", "TZ"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
)
"""Forwarded without asking, whichever the agent."""

HOST_NAME = "host.docker.internal"
"""What the host is called inside a container."""

OLLAMA_PORT = 11434
"""Where Ollama listens, and looks for itself, when nobody says otherwise."""

_EDITOR = Origin("editor", "environment")
_GIT_IDENTITY = {
    "GIT_AUTHOR_NAME": "user.name",
    "GIT_AUTHOR_EMAIL": "user.email",
    "GIT_COMMITTER_NAME": "user.name",
    "GIT_COMMITTER_EMAIL": "user.email",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,255}")
_PATTERN = re.compile(r"!?[A-Za-z_*?][A-Za-z0-9_*?]{0,255}")
_LOOPBACK = r"(?P<host>localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#\"]|$)"
_URL = re.compile(r"(?P<before>[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@\s\"]*@)?)" + _LOOPBACK, re.IGNORECASE)
_OLLAMA = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_CONFIGURATIONS = frozenset({"CODEX_CONFIG", "OPENCODE_CONFIG_CONTENT"})
"""JSON, with URLs anywhere in it."""

_PROXY = re.compile(r"(?P<before>(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@\s\"]*@)?)" + _LOOPBACK, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A name or glob, whether it takes away, and where it came from."""

    glob: str
    takes_away: bool
    origin: Origin
    why: str
    is_exact: bool

    def matches(self, name: str) -> bool:
        return self.glob == name if self.is_exact else fnmatch.fnmatchcase(name, self.glob)


def forwarded(
    settings: Settings, request: PlanArguments, choice: Choice, *, environment: Mapping[str, str]
) -> tuple[list[Supplied], list[str]]:
    """What is forwarded, and notes about it. Of all patterns that match a name the last one decides.

    Raises:
        InvalidArguments: A name in the request is none.
    """
    patterns = list(_patterns(settings, request, choice, environment))
    supplied, notes = [], []
    for name in sorted(environment):
        pattern = _deciding(patterns, name)
        if pattern is None or pattern.takes_away or not _may_forward(name, pattern):
            continue
        value, note = seen_from_inside(name, environment[name])
        seen = f", with {HOST_NAME} for this machine" if note else ""
        supplied.append(Supplied(name, value, reason(pattern.origin, pattern.why + seen), forwarded=True))
        notes += [note] if note else []
    return supplied, notes


def is_always_forwarded(reason: Reason) -> bool:
    """Whether nobody had to ask for it: it is harmless, or the chosen agent's own."""
    return reason.place == _EDITOR.place


def seen_from_inside(name: str, value: str) -> tuple[str, str]:
    """The value with this machine's loopback address replaced by the host's name, and a note if it was."""
    if name in _CONFIGURATIONS:
        changed = _URL.sub(rf"\g<before>{HOST_NAME}", value)
    elif name == "OLLAMA_HOST" and (bare := _OLLAMA.fullmatch(value)):
        changed = f"http://{HOST_NAME}:{bare['port'] or OLLAMA_PORT}"
    else:
        is_proxy = name.upper().endswith("_PROXY") and name.upper() != "NO_PROXY"
        match = (_PROXY if is_proxy else _URL).match(value)
        changed = f"{match['before']}{HOST_NAME}{value[match.end() :]}" if match else value
    note = f"{name} points to this machine: in the container it names {HOST_NAME} instead of a loopback address."
    return changed, note if changed != value else ""


def git_identity(identity: Mapping[str, str]) -> list[Supplied]:
    """Author and committer as ``git config`` has them; the editor's environment comes above."""
    origin = Origin("built-in", "git config")
    return [
        Supplied(name, identity[key], reason(origin, key)) for name, key in _GIT_IDENTITY.items() if identity.get(key)
    ]


def _patterns(
    settings: Settings, request: PlanArguments, choice: Choice, environment: Mapping[str, str]
) -> Iterator[_Pattern]:
    agent = choice.agent
    yield from (_pattern(glob, _EDITOR, "always forwarded") for glob in ALWAYS)
    switched = [names for switch, names in agent.forwarded_when.items() if environment.get(switch)]
    own = [*agent.forwarded, *(name for names in switched for name in names)]
    yield from (_pattern(glob, _EDITOR, f"belongs to {agent.title}") for glob in own)
    of_profile = choice.profile.forward_env if choice.profile else ()
    for written in (*settings.forward_env, *choice.forward_env, *of_profile, *_requested(request.forward_env)):
        yield _pattern(written.value, written.origin, "forwarded from the editor's environment")


def _pattern(text: str, origin: Origin, why: str) -> _Pattern:
    return _Pattern(
        text.removeprefix("!"), text.startswith("!"), origin, why, is_exact=not any(c in text for c in "*?")
    )


def _requested(patterns: Sequence[str]) -> Iterator[Sourced[str]]:
    for index, pattern in enumerate(patterns):
        if not _PATTERN.fullmatch(pattern):
            raise InvalidArguments("invalid-arguments", f"forwardEnv.{index} is not a variable's name or glob.")
        yield Sourced(pattern, requested("forwardEnv"))


def _deciding(patterns: Sequence[_Pattern], name: str) -> _Pattern | None:
    return next((pattern for pattern in reversed(patterns) if pattern.matches(name)), None)


def _may_forward(name: str, pattern: _Pattern) -> bool:
    if not _NAME.fullmatch(name) or name == "HOME" or (name in MACHINE_BOUND and not pattern.is_exact):
        return False
    # A workspace's glob was not meant for these; its exact name is a breach, and seen in the plan.
    return pattern.origin.trusted or pattern.is_exact or not is_reserved(name)
