"""A JSON text with comments as values that know where they stand in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from berth.settings.jsonc import BadJson, parse_jsonc

_TOKEN = re.compile(
    r'(?P<blank>\s+|//[^\n]*|/\*.*?\*/)|(?P<token>"(?:[^"\\\n]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,/]+)', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value: ``text[start:end]``. ``members`` are an object's, ``items`` an array's, ``token`` is a scalar's text."""

    kind: Literal["object", "array", "scalar"]
    start: int
    end: int
    members: tuple["Member", ...] = ()
    items: tuple["Node", ...] = ()
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """A key and its value: the key's token begins at ``start``, the comma behind the value is at ``comma``."""

    key: str
    start: int
    key_end: int
    value: Node
    comma: int | None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def read_tree(text: str) -> Node:
    """Reads a file's text.

    Raises:
        BadJson: It cannot be read.
    """
    parse_jsonc(text)
    return _Reader(text).value()


class _Reader:
    """Walks a text that :func:`parse_jsonc` has taken, so it is well-formed and not deep."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = next(self._tokens)

    def value(self) -> Node:
        first = self._take()
        match first.text:
            case "{":
                return self._object(first.start)
            case "[":
                return self._array(first.start)
            case ",":  # the reader lets `{,}` pass, where nothing could be put before or behind
                raise BadJson("a comma stands where a value is expected", self._text.count("\n", 0, first.start) + 1)
            case _:
                return Node("scalar", first.start, first.end, token=first.text)

    def _object(self, start: int) -> Node:
        members = []
        while self._next.text != "}":
            key = self.value()
            self._take()  # the colon
            value = self.value()
            members.append(Member(json.loads(key.token), key.start, key.end, value, self._comma()))
        return Node("object", start, self._take().end, members=tuple(members))

    def _array(self, start: int) -> Node:
        items = []
        while self._next.text != "]":
            items.append(self.value())
            self._comma()
        return Node("array", start, self._take().end, items=tuple(items))

    def _comma(self) -> int | None:
        return self._take().start if self._next.text == "," else None

    def _take(self) -> _Token:
        taken, self._next = self._next, next(self._tokens)
        return taken


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens but for blanks and comments, then an empty one."""
    for match in _TOKEN.finditer(text, 1 if text.startswith("\ufeff") else 0):
        if match["token"] is not None:
            yield _Token(match[0], match.start(), match.end())
    yield _Token("", len(text), len(text))
    yield _Token("", len(text), len(text))
