r"""Docker's file patterns as regular expressions that cannot run away.

Two dialects share their parts: ``.dockerignore`` (https://github.com/moby/patternmatcher, where ``**`` is any number of
folders) and the sources of ``COPY`` (Go's ``filepath.Match``, one part of a path at a time).

Python's :mod:`re` backtracks, holds the interpreter meanwhile, and the patterns are a repository's. So every wildcard
but the last of its run stands in an atomic group with the fixed text after it: the first place where that text fits is
as good as any later one, and is never left again. Patterns where that does not hold may have few wildcards only.
"""

import re
from dataclasses import dataclass
from typing import Literal

MOST_UNSAFE = 4
"""Wildcards in a pattern that has to be matched by trying everything."""

STAR: Literal["*"] = "*"
FOLDERS: Literal["**"] = "**"


class BadPattern(ValueError):
    """What is wrong with a pattern, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class Token:
    """A wildcard (``kind`` is :data:`STAR` or :data:`FOLDERS`), or fixed text as a regular expression."""

    kind: Literal["*", "**", "text"]
    regex: str = ""
    unsafe: bool = False


def ignore_regex(pattern: str) -> str:
    """A cleaned line of ``.dockerignore``, without its ``!``, to be matched as a whole against a path.

    Raises:
        BadPattern: Syntax that Go refuses too, or too many wildcards of the dangerous kind.
    """
    tokens = _tokens(pattern, folders=FOLDERS)
    if pattern.startswith("**") and not pattern.startswith("**/") and _plain(pattern[2:]):
        return "(?s:.*)" + re.escape(pattern[2:])  # moby compares the end alone
    return _joined(tokens)


def part_regex(part: str) -> str:
    """One part of a ``COPY`` source, to be matched as a whole against a name.

    Raises:
        BadPattern: As :func:`ignore_regex`.
    """
    return _joined(_tokens(part, folders=""))


def has_wildcards(path: str) -> bool:
    """Whether a ``COPY`` source means more than one path, or needs unescaping."""
    return not _plain(path)


def _plain(text: str) -> bool:
    return not any(char in text for char in "*?[\\")


def _tokens(pattern: str, *, folders: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if folders and pattern.startswith(folders, at):
            safe = at == 0 or pattern[at - 1] == "/" or pattern[at + 2 :] in ("", "/")
            at += 3 if pattern.startswith("/", at + 2) else 2
            tokens.append(Token(FOLDERS, unsafe=not safe))
        elif char == "*":
            at += 1
            tokens.append(Token(STAR))
        else:
            regex, at, unsafe = _text(pattern, at)
            tokens.append(Token("text", regex, unsafe))
    return tokens


def _text(pattern: str, at: int) -> tuple[str, int, bool]:
    """One fixed character, ``?`` or class; where it ends; whether it may stand for a slash."""
    char = pattern[at]
    if char == "?":
        return "[^/]", at + 1, False
    if char == "[":
        return _class(pattern, at + 1)
    if char == "\\":
        if at + 1 == len(pattern):
            raise BadPattern("ends in a backslash")
        return re.escape(pattern[at + 1]), at + 2, False
    return re.escape(char), at + 1, False


def _class(pattern: str, at: int) -> tuple[str, int, bool]:
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[str] = []
    slash = negated
    while not (ranges and pattern.startswith("]", at)):
        low, at = _member(pattern, at)
        high = low
        if pattern.startswith("-", at):
            high, at = _member(pattern, at + 1)
        if low > high:
            raise BadPattern(f"has a class whose range {low}-{high} goes backwards")
        slash = slash or low <= "/" <= high
        ranges.append(f"{re.escape(low)}-{re.escape(high)}")
    return f"[{'^' if negated else ''}{''.join(ranges)}]", at + 1, slash


def _member(pattern: str, at: int) -> tuple[str, int]:
    if pattern.startswith("\\", at):
        at += 1
    elif pattern[at : at + 1] in ("-", "]"):
        raise BadPattern("has a class that cannot be read")
    if at >= len(pattern):
        raise BadPattern("has a [ that is never closed")
    return pattern[at], at + 1


def _joined(tokens: list[Token]) -> str:
    if any(token.unsafe for token in tokens):
        if sum(token.kind != "text" for token in tokens) > MOST_UNSAFE:
            raise BadPattern(f"has more than {MOST_UNSAFE} wildcards beside a ** or a class that may stand for a slash")
        return "".join(_plainly(tokens))
    units: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == FOLDERS:
            units.append([])
        else:
            units[-1].append(token)
    last = len(units) - 1
    return "".join(_unit(unit, led=at > 0, last=at == last) for at, unit in enumerate(units))


def _plainly(tokens: list[Token]) -> list[str]:
    regexes = {STAR: "[^/]*", FOLDERS: "(?:.*/)?"}
    pieces = [regexes.get(token.kind, token.regex) for token in tokens]
    if tokens[-1].kind == FOLDERS:
        pieces[-1] = "(?s:.*)"
    return pieces


def _unit(tokens: list[Token], *, led: bool, last: bool) -> str:
    """The text between two ``**``; ``led`` by one."""
    if last and led and not tokens:
        return "(?s:.*)"
    runs = [""]
    for token in tokens:
        if token.kind == STAR:
            runs.append("")
        else:
            runs[-1] += token.regex
    final = len(runs) - 1
    pieces = [runs[0]]
    for at, run in enumerate(runs[1:], start=1):
        pieces.append(f"[^/]*{run}" if last and at == final else f"(?>[^/]*?{run})")
    inner = "".join(pieces)
    if not led:
        return inner
    if last and all(token.regex != "/" for token in tokens):
        return f"(?:.*/)?+{inner}"  # one part: it is the last one
    return f"(?:.*?/)??{inner}" if last else f"(?>(?:.*?/)??{inner})"
