"""The ``--flags`` in front of an instruction's words, and the words themselves, split as BuildKit splits them."""

import re
from dataclasses import dataclass

from berth.builds.go_text import BLANKS
from berth.builds.heredocs import json_list
from berth.builds.words import BadWord

_GAP = re.compile(r"[\t\v\f\r ]+")
_WORD = re.compile(r"[^\t\n\v\f\r ]+")


@dataclass(frozen=True, slots=True)
class Flagged:
    """``flags`` in order, each as name without dashes and value (None where it has none); ``rest`` is what follows."""

    flags: tuple[tuple[str, str | None], ...]
    rest: str

    def one(self, name: str) -> str | None:
        """The value of the first such flag, None where it is missing or has none."""
        return next((value for flag, value in self.flags if flag == name), None)

    def all(self, name: str) -> list[str]:
        """The values of every such flag."""
        return [value or "" for flag, value in self.flags if flag == name]


def flagged(rest: str, *, known: frozenset[str], escape: str) -> Flagged:
    """Takes the flags off.

    Raises:
        BadWord: A flag that the instruction does not know.
    """
    flags: list[tuple[str, str | None]] = []
    at = 0
    while True:
        at = _after_blanks(rest, at)
        if not rest.startswith("--", at):
            return Flagged(tuple(flags), rest[at:].strip(BLANKS))
        word, at = _flag(rest, at, escape)
        if word == "--":
            return Flagged(tuple(flags), rest[at:].strip(BLANKS))
        name, has_value, value = word[2:].partition("=")
        if name not in known:
            raise BadWord(f"has the unknown flag --{name}")
        flags.append((name, value if has_value else None))


def listed(rest: str) -> list[str]:
    """The words of ``COPY``, ``ADD`` and ``FROM``, in the JSON form or parted by blanks; quotes are left in words.

    Raises:
        BadWord: A JSON list that holds anything but texts.
    """
    values = json_list(rest)
    if values is None:
        return [word for word in _GAP.split(rest) if word]
    words = [value for value in values if isinstance(value, str)]
    if len(words) != len(values):
        raise BadWord("has a JSON list with something else than texts")
    return words


def pairs(rest: str, *, escape: str) -> list[tuple[str, str | None]]:
    """``NAME=value …`` as ``ENV`` and ``ARG`` take it; the value is None where there is no ``=``. Quotes stay in."""
    words = quoted_words(rest, escape=escape)
    return [(name, value if sign else None) for name, sign, value in (word.partition("=") for word in words)]


def quoted_words(rest: str, *, escape: str) -> list[str]:
    """Words parted by blanks outside of quotes; quotes and escapes stay in the words."""
    mark = re.escape(escape)
    piece = rf"{mark}.|'[^']*'?|\"(?:{mark}.|[^\"{mark}])*\"?|[^\s'\"{mark}]+|{mark}"
    return [match[0] for match in re.finditer(rf"(?:{piece})+", rest, re.DOTALL)]


def _after_blanks(rest: str, at: int) -> int:
    word = _WORD.search(rest, at)
    return word.start() if word else len(rest)


def _flag(rest: str, at: int, escape: str) -> tuple[str, int]:
    """The flag's word, quotes and escapes taken away, and where it ends."""
    word: list[str] = []
    quote = ""
    while at < len(rest):
        char = rest[at]
        at += 1
        if not quote and char in BLANKS:
            break
        if char == escape:
            word.append(rest[at : at + 1])
            at += 1
        elif char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        else:
            word.append(char)
    return "".join(word), at
