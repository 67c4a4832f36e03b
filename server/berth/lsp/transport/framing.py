"""The base protocol's frames, without I/O: bytes in, message bodies and complaints out."""

import re
from dataclasses import dataclass

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of the largest message taken. Editors send whole files; nothing a person edits comes near it."""

HEADER_LIMIT = 8192
"""Bytes of the largest header block taken."""

_TAIL = 64
"""Bytes kept while looking for the next header: more than the longest ``Content-Length`` line that counts."""

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*")
_NEXT_HEADER = re.compile(rb"content-length[ \t]{0,8}:[ \t]{0,8}\d{1,20}[ \t]{0,8}\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes that were no message. ``reason`` is a sentence for the client."""

    reason: str


class Framer:
    """Cuts a stream into message bodies, and finds its way again after anything else.

    Header names are read in any case, lines may end with LF alone. After a bad header it skips to the next
    ``Content-Length`` line: such a line cannot occur inside a JSON text, whose strings have no raw line ends, so even
    the body of a refused message is skipped exactly.
    """

    def __init__(self, *, body_limit: int = BODY_LIMIT) -> None:
        self._body_limit = body_limit
        self._buffer = bytearray()
        self._length: int | None = None
        self._lost = False

    def feed(self, data: bytes) -> list[bytes | Unreadable]:
        """Takes bytes, cut anywhere, and returns what they completed, in order."""
        self._buffer += data
        found: list[bytes | Unreadable] = []
        while (item := self._next()) is not None:
            found.append(item)
        return found

    def _next(self) -> bytes | Unreadable | None:
        if self._lost and not self._find_header():
            return None
        if self._length is None:
            complaint = self._read_headers()
            if complaint is not None:
                self._lost = True
                return Unreadable(complaint)
        return self._take_body()

    def _take_body(self) -> bytes | None:
        if self._length is None or len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._length = None
        return body

    def _read_headers(self) -> str | None:
        """Reads one header block, if it is complete; returns the complaint about a bad one."""
        blank = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        del self._buffer[:blank]
        end = _BLANK_LINE.search(self._buffer, 0, HEADER_LIMIT)
        if end is None and len(self._buffer) < HEADER_LIMIT:
            return None
        fields = [_FIELD.fullmatch(line) for line in bytes(self._buffer[: end.start()]).splitlines()] if end else [None]
        if end is None or None in fields:
            del self._buffer[:1]  # no more: the next header may stand right behind the rubbish
            return "The header cannot be read." if end else "The header is too long."
        del self._buffer[: end.end()]
        length = self._length_of({field[2] for field in fields if field and field[1].lower() == b"content-length"})
        if isinstance(length, str):
            return length
        self._length = length
        return None

    def _length_of(self, lengths: set[bytes]) -> int | str:
        """The one length that the headers name, or what is wrong with them."""
        if not lengths:
            return "Content-Length is missing."
        if len(lengths) > 1:
            return "Content-Length is given twice and differs."
        digits = lengths.pop()
        if not digits.isdigit():
            return "Content-Length is not a number."
        if len(digits) > 20 or int(digits) > self._body_limit:
            return f"The message is larger than {self._body_limit} bytes."
        return int(digits)

    def _find_header(self) -> bool:
        found = _NEXT_HEADER.search(self._buffer)
        if found is None:
            del self._buffer[:-_TAIL]
            return False
        del self._buffer[: found.start()]
        self._lost = False
        return True
