"""What is wrong with settings, in sentences that name the setting and its place and never quote a value."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from berth.errors import SettingsError
from berth.settings.layers import Layer

KEYS = (
    *("agent", "agents", "docker", "command", "dialect", "forwardEnv", "home", "defaultProfile", "defaultImage"),
    *("defaultEnvFile", "profiles", "image", "env", "envFile", "volumes"),
)
"""Every key with a fixed name."""

NOT_YET = frozenset(
    (
        *("allowCustomImages", "allowedImages", "network", "resources", "policy", "extends", "build", "dockerArgs"),
        *("writableRoot", "pull", "user", "trust", "mode"),
    )
)
"""Settings that are planned but do nothing so far. Using one is an error: a limit that is not obeyed must be seen."""

_SENTENCES = {
    "string_type": "must be a string",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "invalid_key": "has a key that is not a string",
    "string_too_long": "is too long",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "too_long": "has too many items",
    "string_unicode": "is not valid Unicode",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a setting's dotted path, the place where it stands, and the rest of the sentence."""

    setting: str
    place: str
    what: str

    def __str__(self) -> str:
        """The sentence without its full stop."""
        return f"{self.setting} {self.what}" + (f" ({self.place})" if self.place not in ("", self.setting) else "")


@dataclass(eq=False)
class BadSettings(SettingsError):
    """Everything that is wrong in all layers, at once."""

    problems: tuple[Problem, ...] = ()


def bad_settings(problems: Sequence[Problem]) -> BadSettings:
    """The error for one or more problems. All of them are in the message."""
    message = "; ".join(str(problem) for problem in problems) + "."
    if len(problems) > 1:
        message = f"{len(problems)} settings cannot be used: {message}"
    return BadSettings("bad-settings", message, "Correct the settings and start again.", problems=tuple(problems))


def problems_of(layer: Layer, error: ValidationError) -> list[Problem]:
    """What a validation error says about a layer."""
    found = []
    for detail in error.errors(include_url=False, include_input=False, include_context=True):
        path = tuple(str(part) for part in detail["loc"] if part != "[key]")
        what = _what(detail["type"], path, message=detail["msg"], is_key=detail["loc"][-1:] == ("[key]",))
        found.append(Problem(readable_path(path), layer.origin(path).place, what))
    return found


def readable_path(path: Iterable[str]) -> str:
    """A setting's path for people: keys are cut and made printable, since a repository may have written them."""
    return ".".join(["berth", *("".join(c if c.isprintable() else "?" for c in part[:60]) for part in path)])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` – did you mean “x”?`` when something known is close, else nothing."""
    close = difflib.get_close_matches(word[:100], list(known), n=1)
    return f" – did you mean “{close[0]}”?" if close else ""


def _what(kind: str, path: tuple[str, ...], *, message: str, is_key: bool) -> str:
    if kind == "extra_forbidden":
        return _unknown(path[-1])
    if kind == "string_pattern_mismatch":
        return "is not a name that can be used here" if is_key else "is not written as it must be"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _SENTENCES.get(kind, message.replace("Input should be", "must be"))


def _unknown(key: str) -> str:
    folded = key.replace("_", "").casefold()
    if folded in {name.casefold() for name in NOT_YET}:
        return "is not supported yet"
    if folded in {name.casefold() for name in (*KEYS, "envVars")}:
        return "is written twice, or in the wrong place"
    return "is not a setting" + did_you_mean(key, (*KEYS, *NOT_YET))
