"""What is wrong with settings, in sentences that name the setting and its place and never quote a value."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from berth.errors import SettingsError
from berth.settings.layers import Layer, readable_path

KEYS = (
    *(
        "agent",
        "agents",
        "mode",
        "docker",
        "command",
        "dialect",
        "forwardEnv",
        "home",
        "defaultProfile",
        "defaultImage",
    ),
    *(
        "allowCustomImages",
        "allowedImages",
        "defaultEnvFile",
        "profiles",
        "extends",
        "image",
        "env",
        "envFile",
        "volumes",
        "dockerArgs",
    ),
    *("share", "resources", "memory", "cpus", "pids", "shm", "gpus", "timeLimit", "idleLimit", "output", "keepFree"),
    *("stop", "cancel", "interrupt", "terminate", "kill", "onEditorExit", "keepStopped"),
    *("build", "dockerfile", "context", "args", "target", "platform", "cacheFrom", "cacheTo", "secrets", "ssh"),
    *("pull", "prebuild", "keepImages", "agentLayer", "login", "devcontainer"),
    *("spares", "count", "total", "expireAfter", "paused"),
    *("policy", "images", "mounts", "host", "workspaces", "trustFor"),
)
"""Every key with a fixed name."""

NOT_YET = frozenset((*("writableRoot", "user", "trust"),))
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
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}

_PATTERNS = {
    "forwardenv": "must be a variable's name, or a glob of one with * and ?",
    "extends": "must be a profile's name, or a list of them",
    "allowedimages": "must be an image reference, or a glob of one with *, ** and ?",
    "home": "must be an absolute path without colons and commas",
    "mounts": "must be an absolute path, or one that begins with ~/",
    "allow": "must be a host, host:port, *.host, or one of npm, pip, cargo, go and apt",
    "dockerargs": "must be a flag's long name without hyphens",
}
"""What is wrong with a string that breaks its pattern, by the key it stands under."""


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


def problem_of_file(place: str, what: str) -> Problem:
    """A problem with a whole file, which stands for a setting in the sentence."""
    return Problem(place, place, what)


def problems_of(layer: Layer, error: ValidationError, above: tuple[str, ...] = ()) -> list[Problem]:
    """What a validation error says about a layer, or about the part of it that stands below some keys."""
    found = []
    for detail in error.errors(include_url=False, include_input=False, include_context=True):
        path = (*above, *(str(part) for part in detail["loc"]))
        # Pydantic says so when the name itself is wrong; a person may also have written a setting of that name.
        is_key = path[-1:] == ("[key]",) and detail["type"] != "extra_forbidden"
        path = path[:-1] if is_key else path
        what = _what(detail["type"], path, message=detail["msg"], is_key=is_key)
        found.append(Problem(readable_path(path), layer.origin(path).place, what))
    return found


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` – perhaps “x” is meant`` when something known is close, else nothing."""
    close = difflib.get_close_matches(word[:100], list(known), n=1)
    return f" – perhaps “{close[0]}” is meant" if close else ""


def _what(kind: str, path: tuple[str, ...], *, message: str, is_key: bool) -> str:
    if kind == "extra_forbidden":
        return _unknown(path[-1])
    if kind == "string_pattern_mismatch":
        return "is not a name that can be used here" if is_key else _PATTERNS.get(_folded_key(path), "is malformed")
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _SENTENCES.get(kind, message.replace("Input should be", "must be"))


def _unknown(key: str) -> str:
    folded = _folded_key((key,))
    if folded in {name.casefold() for name in NOT_YET}:
        return "is not supported yet"
    if folded in {name.casefold() for name in (*KEYS, "envVars")}:
        return "is written twice, or in the wrong place"
    return "is not a setting" + did_you_mean(key, (*KEYS, *NOT_YET))


def _folded_key(path: tuple[str, ...]) -> str:
    """The last key of a path that is no index of a list, in one spelling."""
    return next((key for key in reversed(path) if not key.isdigit()), "").replace("_", "").casefold()
