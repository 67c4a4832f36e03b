"""JSON with comments, as editors write it, read with the line of every key.

Own code over the standard parser, because the maintained JSON5 library reads 26 KB a second (60 KB of settings took
2.3 s, all of it holding the interpreter lock) and editors' settings files are JSON with comments and trailing commas,
not JSON5. Comments become blanks of the same length, so that lines in messages stay true.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_STRING = r'"(?:[^"\\\n]|\\.)*"?'
# An end that is missing is matched too: looking for it again from every quote would take the square of the length.
_BLANKED = re.compile(rf"(?P<string>{_STRING})|(?P<blank>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
_TRAILING = re.compile(rf"(?P<string>{_STRING})|(?P<blank>,(?=\s*[}}\]]))", re.DOTALL)
_TOKEN = re.compile(
    rf'(?P<string>{_STRING})|(?P<mark>[{{}}\[\]:,])|(?P<line>\n)|(?P<scalar>[^\s"{{}}\[\]:,]+)', re.DOTALL
)

MAX_NESTING = 64
"""Deeper files are refused: real ones stay under ten levels."""

KeyPath = tuple[str, ...]


class BadJson(ValueError):
    """The text is not JSON with comments. ``line`` counts from 1; the message quotes nothing of the text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class _Open:
    """An object or array that is not closed yet. ``key`` is the object's last key."""

    is_object: bool
    key: str = ""
    awaits_key: bool = field(init=False)

    def __post_init__(self) -> None:
        self.awaits_key = self.is_object


def parse_jsonc(text: str) -> tuple[object, Mapping[KeyPath, int]]:
    """Parses a file's text.

    Returns:
        The value, and the line (from 1) of every object key by its path of keys; arrays add nothing to a path.

    Raises:
        BadJson: It cannot be read.
    """
    plain = _TRAILING.sub(_blank, _BLANKED.sub(_blank, text.removeprefix("\ufeff")))
    _check_nesting(plain)
    try:
        value = json.loads(plain)
    except json.JSONDecodeError as error:
        raise BadJson(error.msg, error.lineno) from None
    except ValueError as error:  # a number with thousands of digits
        raise BadJson("a number is too long", 1) from error
    return value, dict(_key_lines(plain))


def _blank(match: re.Match[str]) -> str:
    if match["string"] is not None or _is_open(match[0]):
        return match[0]
    return re.sub(r"[^\n]", " ", match[0])


def _is_open(blank: str) -> bool:
    """Whether it is a comment without an end: that one stays, and is an error like any other stray text."""
    return blank.startswith("/*") and (len(blank) < 4 or not blank.endswith("*/"))


def _check_nesting(plain: str) -> None:
    depth, line = 0, 1
    for match in _TOKEN.finditer(plain):
        line += match.lastgroup == "line"
        depth += (match[0] in "{[") - (match[0] in "}]") if match.lastgroup == "mark" else 0
        if depth > MAX_NESTING:
            raise BadJson(f"it is nested deeper than {MAX_NESTING} levels", line)


def _key_lines(plain: str) -> Iterator[tuple[KeyPath, int]]:
    """Walks well-formed JSON."""
    stack: list[_Open] = []
    line = 1
    for match in _TOKEN.finditer(plain):
        if match.lastgroup == "line":
            line += 1
        elif match.lastgroup == "mark":
            _step(stack, match[0])
        elif stack and stack[-1].awaits_key:
            stack[-1].key, stack[-1].awaits_key = json.loads(match[0]), False
            yield tuple(level.key for level in stack if level.is_object), line


def _step(stack: list[_Open], mark: str) -> None:
    if mark in "{[":
        stack.append(_Open(mark == "{"))
    elif mark in "}]":
        stack.pop()
    elif mark == ",":
        stack[-1].awaits_key = stack[-1].is_object
