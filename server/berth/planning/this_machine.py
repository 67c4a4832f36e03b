"""Values and lists that name this machine by its loopback address, which is another one inside a container. Pure."""

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from berth.planning.forwarding import HOST_NAME, seen_from_inside
from berth.planning.plan import Variable
from berth.settings.network import ECOSYSTEMS, parse_rule
from berth.settings.origin import Sourced

_ENDPOINTS = (
    *("ANTHROPIC_*URL", "CLAUDE_CODE_*URL", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_HOST"),
    *("GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "OLLAMA_HOST", "OLLAMA_BASE_URL", "OLLAMA_API_BASE"),
    *("CODEX_CONFIG", "OPENCODE_CONFIG_CONTENT"),
)
"""Where an agent finds its model. Nobody runs a model in the agent's own container; a database, perhaps."""

_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")


def endpoints_from_inside(variables: Sequence[Variable]) -> tuple[tuple[Variable, ...], list[str]]:
    """The variables with those of the user's own that name a model of this machine as it is called inside; and notes.

    What a workspace wrote stays as it is, with a note of what to write: to reach this machine takes a yes.
    """
    changed, notes = [], []
    for variable in variables:
        value, note = seen_from_inside(variable.name, variable.value) if _is_endpoint(variable) else ("", "")
        if not note:
            changed.append(variable)
        elif variable.reason.trusted:
            why = f"{variable.reason.why}, with {HOST_NAME} for this machine".removeprefix(", ")
            changed.append(replace(variable, value=value, reason=replace(variable.reason, why=why)))
            notes.append(note)
        else:
            changed.append(variable)
            notes.append(
                f"{variable.name} ({variable.reason.place}) names the container itself. For a model of this machine it "
                f"must name {HOST_NAME}, which berth.docker.network.allow must list with the port."
            )
    return tuple(changed), notes


def listed_in_vain(allow: Sequence[Sourced[str]]) -> Iterator[str]:
    """Notes about loopback addresses in a list of hosts."""
    for entry in allow:
        rule = None if entry.value in ECOSYSTEMS else parse_rule(entry.value)
        if rule is not None and _LOOPBACK.fullmatch(rule.host):
            meant = f"{HOST_NAME}:{rule.port or 443}"
            yield (
                f"{entry.value} ({entry.origin.place}) leads nowhere: inside, that is the container itself. "
                f"For a service of this machine write {meant} in berth.docker.network.allow."
            )


def _is_endpoint(variable: Variable) -> bool:
    """Whether it is one that was not looked at when it was forwarded."""
    return not variable.forwarded and any(fnmatch.fnmatchcase(variable.name, glob) for glob in _ENDPOINTS)
