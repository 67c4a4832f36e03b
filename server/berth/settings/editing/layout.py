"""How a file is laid out, and values written in that way."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

USUAL_INDENT = "    "
"""What VS Code indents its settings files with."""

MOST_IN_A_LINE = 80
"""Characters of a list of plain values that stays on one line."""

_INDENTED = re.compile(r'\n([ \t]+)"')
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's line end, and what it indents by."""

    newline: str
    unit: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A value as it is written elsewhere, comments and all. ``indent`` is that of the line it begins on."""

    text: str
    indent: str


def layout_of(text: str) -> Layout:
    """The layout that a text shows: its first line end, and its first indented key."""
    newline = "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"
    indented = _INDENTED.search(text)
    return Layout(newline, indented[1] if indented else USUAL_INDENT)


def indent_at(text: str, offset: int) -> str:
    """The blanks that the line with this offset begins with."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def written(value: object, layout: Layout, indent: str) -> str:
    """A JSON value (or one that stands elsewhere, also inside an object) as text, on a line of this indentation."""
    match value:
        case Verbatim():
            return _moved(value, layout, indent)
        case dict() if value:
            return _object(value, layout, indent)
        case list() if len(scalar(value)) > MOST_IN_A_LINE:
            return _list(value, layout, indent)
        case _:
            return scalar(value)


def scalar(value: object) -> str:
    """A JSON value on one line. Half a surrogate pair, which no file can hold, is escaped."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


def _object(members: Mapping[str, object], layout: Layout, indent: str) -> str:
    inner = layout.newline + indent + layout.unit
    lines = (f"{scalar(key)}: {written(value, layout, indent + layout.unit)}" for key, value in members.items())
    return "{" + inner + f",{inner}".join(lines) + layout.newline + indent + "}"


def _list(items: Sequence[object], layout: Layout, indent: str) -> str:
    inner = layout.newline + indent + layout.unit
    lines = (written(item, layout, indent + layout.unit) for item in items)
    return "[" + inner + f",{inner}".join(lines) + layout.newline + indent + "]"


def _moved(value: Verbatim, layout: Layout, indent: str) -> str:
    """Lines that do not begin with the old indentation are inside a comment, and stay as they are."""
    first, *others = value.text.replace("\r\n", "\n").split("\n")
    moved = (indent + line.removeprefix(value.indent) if line.startswith(value.indent) else line for line in others)
    return layout.newline.join((first, *moved))
