"""``containerEnv`` and ``remoteEnv``, and the variables that ``runArgs`` set from the editor's environment."""

import re
from collections.abc import Iterator, Mapping, Sequence

from berth.errors import SettingsError
from berth.settings.devcontainers.devcontainer import DevVariable
from berth.settings.devcontainers.read import DevContainerText
from berth.settings.devcontainers.substitute import Substitution, expands
from berth.settings.origin import Origin
from berth.settings.texts import MAX_VALUE

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,255}")
_LOCAL = re.compile(r"\$\{(?:localEnv|env):")
_ENV = re.compile(r"(?:--env=|-e=?)(?P<pair>[A-Za-z_][A-Za-z0-9_]*=.*)", re.DOTALL)
_SEPARATE = frozenset({"-e", "--env"})


def variables_of(text: DevContainerText, substitution: Substitution) -> Mapping[str, DevVariable]:
    """The variables by name; ``remoteEnv`` stands above ``containerEnv``, and null takes a variable away.

    Raises:
        SettingsError: ``bad-devcontainer``: a name or value cannot be a variable's.
    """
    found: dict[str, DevVariable] = {}
    for key, variables in (("containerEnv", text.written.container_env), ("remoteEnv", text.written.remote_env)):
        for name, value in variables.items():
            if value is None:
                found.pop(name, None)
            else:
                found[name] = variable_of(name, value, text.origin(key, name), substitution)
    return found


def variable_of(name: str, value: str, origin: Origin, substitution: Substitution) -> DevVariable:
    """One variable.

    Raises:
        SettingsError: ``bad-devcontainer``.
    """
    known, taken = substitution.variable(value)
    if not _NAME.fullmatch(name) or "\0" in known or len(known) > MAX_VALUE:
        message = f"A variable ({origin.place}) has a name that none can have, or a value that is too long."
        raise SettingsError("bad-devcontainer", message, "Correct it.")
    return DevVariable(known, origin, taken, expands(known))


def without_variables(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Words of ``runArgs`` less the ``--env`` whose values are the editor's, and those by name."""
    rest: list[str] = []
    taken: dict[str, str] = {}
    for word, pair in _pairs(words):
        if pair is not None and _LOCAL.search(pair):
            name, _, value = pair.partition("=")
            taken[name] = value
        else:
            rest += word
    return rest, taken


def _pairs(words: Sequence[str]) -> Iterator[tuple[list[str], str | None]]:
    """Words that belong together, with the ``NAME=value`` that they set, if they do."""
    left = iter(words)
    for word in left:
        if word in _SEPARATE:
            pair = next(left, None)
            yield [word] if pair is None else [word, pair], pair if pair and "=" in pair else None
        else:
            match = _ENV.fullmatch(word)
            yield [word], match["pair"] if match else None
