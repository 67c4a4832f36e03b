"""One member of one object put in, taken out or written anew. Texts in, texts out; nothing else in them changes."""

import re
from collections.abc import Iterable

from berth.settings.editing.layout import indent_at, layout_of, scalar, written
from berth.settings.editing.tree import Member, Node

_COMMENT = r"(?://[^\n]*?(?=\r?\n|\Z)|/\*.*?\*/)"
_REST_OF_LINE = re.compile(rf"(?:[ \t]*{_COMMENT})*", re.DOTALL)
"""What belongs to a value that ends a line: the comments that begin on it."""
_ALL_COMMENTS = re.compile(rf"(?:\s*{_COMMENT})*", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*")
_LINE_END = re.compile(r"\r?\n")

Stretch = tuple[int, int, str]
"""``text[start:end]`` becomes the string."""


def with_member(text: str, target: Node, *, key: str, value: object) -> str:
    """Puts a member last into an object, on a line of its own.

    A comma behind the last member is the file's habit and is kept; comments behind it stay with it.
    """
    layout, outer = layout_of(text), indent_at(text, target.start)
    last = target.members[-1] if target.members else None
    tail = _tail(text, target)
    indent = indent_at(text, last.start) if last and _begins_line(text, last.start) else outer + layout.unit
    habit = last is not None and last.comma is not None
    member = f"{layout.newline}{indent}{scalar(key)}: {written(value, layout, indent)}{',' if habit else ''}"
    rest = text[tail : target.end - 1]
    stretches = [(tail, target.end - 1, member + (rest if "\n" in rest else layout.newline + outer))]
    if last is not None and not habit:
        stretches.append((last.value.end, last.value.end, ","))
    return replaced(text, stretches)


def without_member(text: str, holder: Node, member: Member) -> str:
    """Takes a member out of its object: its lines where they are its own. Comments beside and above it stay."""
    end, stretches = member.value.end, []
    if member.comma is not None and not text[end : member.comma].strip():
        end = member.comma + 1
    elif member.comma is not None:
        stretches.append((member.comma, member.comma + 1, ""))
    before = [other.comma for other in holder.members if other.start < member.start]
    if member.comma is None and before and before[-1] is not None:
        stretches.append((before[-1], before[-1] + 1, ""))
    return replaced(text, [*stretches, (*_with_blanks(text, member.start, end), "")])


def replaced(text: str, stretches: Iterable[Stretch]) -> str:
    """The text with some stretches written anew. They do not overlap; of two at one place the later one is first."""
    for start, end, new in sorted(stretches, key=lambda stretch: stretch[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _tail(text: str, target: Node) -> int:
    """Where the next member goes: behind the last one and what belongs to it, or behind an empty object's comments."""
    if not target.members:
        return _end(_ALL_COMMENTS, text, target.start + 1)
    last = target.members[-1]
    return _end(_REST_OF_LINE, text, last.value.end if last.comma is None else last.comma + 1)


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch to take out, with the blanks that would be left over."""
    behind = _end(_BLANKS, text, end)
    line_end = _LINE_END.match(text, behind)
    if line_end is not None and _begins_line(text, start):
        return text.rfind("\n", 0, start) + 1, line_end.end()
    if line_end is not None or text[behind] == "}":
        return len(text[:start].rstrip(" \t")), end
    return start, behind


def _begins_line(text: str, offset: int) -> bool:
    start = text.rfind("\n", 0, offset) + 1
    return start > 0 and not text[start:offset].strip(" \t")


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return match.end() if match else offset
