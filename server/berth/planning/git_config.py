"""Reads git's configuration files by ourselves: git would run what stands in them."""

import re
from collections.abc import Iterator

_SECTION = re.compile(r'\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "b": "\b"}


def settings_of(text: str) -> Iterator[tuple[str, str]]:
    """Keys as ``git config --list`` names them (``core.hookspath``, ``filter.lfs.clean``), with their values.

    Never raises. Where git would refuse the file, what stands before and after is told all the same.
    """
    section = ""
    for line in _lines(text):
        opening = _SECTION.match(line.lstrip())
        rest = line
        if opening:
            part = _ESCAPED.sub(r"\1", opening[2]) if opening[2] is not None else None
            section = opening[1].lower() + (f".{part}" if part is not None else "")
            rest = line.lstrip()[opening.end() :]
        key = _KEY.match(rest)
        if section and key:
            yield f"{section}.{key[1].lower()}", _value(key[2] or "")


def _lines(text: str) -> Iterator[str]:
    """Lines, with those joined that end in a backslash; a comment ends at its line whatever it ends in."""
    waiting = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if not waiting and line.lstrip()[:1] in ("#", ";"):
            continue
        if (len(line) - len(line.rstrip("\\"))) % 2:
            waiting += line[:-1]
            continue
        yield waiting + line
        waiting = ""
    yield waiting


def _value(written: str) -> str:
    """A value without quotes, escapes and the comment behind it."""
    pieces: list[str] = []
    quoted, position = False, 0
    while position < len(written):
        character = written[position]
        if character == "\\" and position + 1 < len(written):
            position += 1
            pieces.append(_NAMED.get(written[position], written[position]))
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            break
        else:
            pieces.append(character)
        position += 1
    return "".join(pieces).strip()
