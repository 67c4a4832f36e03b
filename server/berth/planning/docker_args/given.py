"""A flag as it was given, and the sentence about what is wrong with it."""

from dataclasses import dataclass, field

from berth.errors import SettingsError
from berth.planning.docker_args.flags import Flag
from berth.settings.origin import Origin

_QUIET = frozenset({"env", "env-file", "health-cmd"})
"""Flags whose values may be secret: what is said about them does not quote them."""


@dataclass(frozen=True, slots=True)
class Given:
    """One flag with its value, which may be a secret."""

    flag: Flag
    value: str = field(repr=False)
    origin: Origin

    @property
    def shown(self) -> str:
        """The value for people: of variables only the name."""
        if self.flag.name == "health-cmd":
            return "a command"
        return self.value.partition("=")[0] if self.flag.name == "env" else self.value


def bad_flag(given: Given, what: str, hint: str = "") -> SettingsError:
    """The error about a flag's value."""
    quoted = "" if given.flag.name in _QUIET else f" {printable(given.value)}"
    return bad_args(f"--{given.flag.name}{quoted}", given.origin, what, hint=hint)


def bad_args(subject: str, origin: Origin, what: str, *, hint: str = "") -> SettingsError:
    """The error about some words of ``dockerArgs``."""
    return SettingsError("bad-docker-args", f"{subject} in dockerArgs ({origin.place}) {what}.", hint)


def printable(text: str) -> str:
    """Text of people and repositories, short and on one line."""
    return "".join(c if c.isprintable() else "?" for c in text[:100])
