"""Positions in texts, as LSP counts them. Pure.

Lines end with LF, CRLF or CR and with nothing else: ``str.splitlines`` also breaks at form feeds and Unicode
separators, which no editor does. Whatever lies behind a line's or the text's end is clamped to it, as the
specification says.
"""

import re
from collections.abc import Callable
from itertools import islice

_LINE_END = re.compile(r"\r\n|\r|\n")

_WIDTHS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda character: len(character.encode(errors="surrogatepass")),
    "utf-16": lambda character: 2 if ord(character) > 0xFFFF else 1,
    "utf-32": lambda _: 1,
}

ENCODINGS = tuple(_WIDTHS)
"""The position encodings that are understood."""


def offset_of(text: str, position: tuple[int, int], *, encoding: str) -> int:
    """The index into ``text`` of a (line, character) position, whose characters count units of ``encoding``.

    A position inside a character that takes several units is the one before that character.
    """
    line, character = position
    start, end = _line(text, line)
    width = _WIDTHS[encoding]
    units = 0
    for index in range(start, end):
        units += width(text[index])
        if units > character:
            return index
    return end


def length_of(text: str, *, encoding: str) -> int:
    """How many units of ``encoding`` a text takes."""
    return sum(map(_WIDTHS[encoding], text))


def slice_of(text: str, start: tuple[int, int], end: tuple[int, int], *, encoding: str) -> str:
    """The stretch between two positions; empty when they are in the wrong order."""
    return text[offset_of(text, start, encoding=encoding) : offset_of(text, end, encoding=encoding)]


def _line(text: str, number: int) -> tuple[int, int]:
    """Where a line begins and ends, its line end not counted."""
    start = 0
    if number > 0:
        before = next(islice(_LINE_END.finditer(text), number - 1, None), None)
        if before is None:
            return len(text), len(text)
        start = before.end()
    after = _LINE_END.search(text, start)
    return start, len(text) if after is None else after.start()
