"""Env files as people know them: quotes, ``export``, comments, values over several lines; nothing is interpolated."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dotenv.parser import parse_stream

from berth.errors import SettingsError

MAX_BYTES = 64 * 1024
"""A larger env file is refused."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,255}")


@dataclass(eq=False)
class BadEnvironmentFile(SettingsError):
    """An env file that cannot be used; ``place`` is its path, with ``:line`` where one line is to blame."""

    place: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentEntry:
    """The value of a variable, which may be a secret, and the line it begins in, from 1."""

    value: str = field(repr=False)
    line: int


def parse_environment(text: str, place: str) -> Mapping[str, EnvironmentEntry]:
    """Parses an env file's text; a name that comes twice has its last value.

    A bare ``NAME`` is refused: other tools fill it from the host's environment, which nobody reading the file expects.

    Args:
        text: The whole file.
        place: What messages call the file.

    Raises:
        SettingsError: ``bad-env-file``, with the line and never with a value.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise bad_environment_file(place, f"is larger than {MAX_BYTES // 1024} KiB")
    variables: dict[str, EnvironmentEntry] = {}
    for binding in parse_stream(io.StringIO(text.removeprefix("\ufeff"))):
        number = _first_line(binding.original.string, binding.original.line)
        line = f"{place}:{number}"
        if binding.error:
            raise bad_environment_file(line, "is not a line of the form NAME=value")
        if binding.key is None:
            continue
        variables[binding.key] = EnvironmentEntry(_value(binding.key, binding.value, line), number)
    return variables


def bad_environment_file(place: str, what: str, hint: str = "Correct the file and start again.") -> BadEnvironmentFile:
    """The error about an env file or a line of it."""
    return BadEnvironmentFile("bad-env-file", f"{place} {what}.", hint, place=place)


def _value(name: str, value: str | None, line: str) -> str:
    if not _NAME.fullmatch(name):
        raise bad_environment_file(line, "has a variable name with characters other than letters, digits and _")
    if value is None:
        raise bad_environment_file(line, f"names {name} without a value", f"Write {name}= for an empty one.")
    if "\0" in value:
        raise bad_environment_file(line, f"gives {name} a value with a NUL character")
    return value


def _first_line(original: str, line: int) -> int:
    """The parser counts the blank lines before a statement as part of it."""
    return line + original[: len(original) - len(original.lstrip())].count("\n")
