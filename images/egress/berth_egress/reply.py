"""What a key's origin answers: read, and written anew with the key taken out wherever it stands. Sans I/O."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from berth_egress.heads import BadHead, Field, split_head

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [\x20-\x7e\x80-\xff\t]*)?")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_MOST_LINE = 4096
_DROPPED = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-connection", b"te", b"trailer", b"upgrade"),
        *(b"transfer-encoding", b"content-length", b"set-cookie", b"alt-svc"),
    )
)


class BadReply(ValueError):
    """An answer that cannot be passed on, with the rest of a sentence that begins with "its answer"."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an answer. ``length`` None: the body says by itself where it ends, in ``chunked`` parts or not."""

    status: int
    fields: tuple[Field, ...]
    length: int | None
    chunked: bool = False

    def forwarded(self) -> bytes:
        """The head that goes to the session."""
        ends = b"Transfer-Encoding: chunked" if self.length is None else b"Content-Length: %d" % self.length
        lines = [b"HTTP/1.1 %d " % self.status, *(b"%b: %b" % field for field in self.fields), ends]
        return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n"


def parse_reply(data: bytes) -> Reply:
    """Reads a head with its closing blank line.

    Raises:
        BadReply: It is none, has two lengths, or a coding in which a key could not be seen.
    """
    try:
        first, fields = split_head(data)
    except BadHead as error:
        raise BadReply(str(error)) from error
    status = _STATUS.fullmatch(first)
    if status is None:
        raise BadReply("is not one of HTTP/1.1")
    named = [(name.lower(), value.lower()) for name, value in fields]
    if any(name == b"content-encoding" and value != b"identity" for name, value in named):
        raise BadReply("is packed, so that nobody can look for the key in it")
    codings = [value for name, value in named if name == b"transfer-encoding"]
    lengths = {value for name, value in named if name == b"content-length"}
    if codings not in ([], [b"chunked"]) or len(lengths) > 1 or (codings and lengths):
        raise BadReply("does not say in one way how long it is")
    number = int(status[1])
    kept = tuple(field for field in fields if field[0].lower() not in _DROPPED)
    return Reply(number, kept, _length(number, lengths), chunked=bool(codings))


def _length(status: int, lengths: set[bytes]) -> int | None:
    if status in (204, 304):
        return 0
    if not lengths:
        return None
    length = lengths.pop()
    if not _LENGTH.fullmatch(length):
        raise BadReply("does not say in one way how long it is")
    return int(length)


class Chunks:
    """Takes a chunked body apart. ``ended`` once all of it was there."""

    def __init__(self) -> None:
        self.ended = False
        self._data = b""
        self._left = 0
        self._state: Callable[[], bytes | None] = self._size

    def feed(self, data: bytes) -> bytes:
        """The body in some more bytes. Raises ``BadReply``."""
        self._data += data
        found = []
        while not self.ended and (piece := self._state()) is not None:
            found.append(piece)
        return b"".join(found)

    def _size(self) -> bytes | None:
        line = self._line()
        if line is None:
            return None
        match = _SIZE.fullmatch(line)
        if match is None:
            raise BadReply("has a part without a length")
        self._left = int(match[1], 16)
        self._state = self._part if self._left else self._trailer
        return b""

    def _part(self) -> bytes | None:
        piece, self._data = self._data[: self._left], self._data[self._left :]
        self._left -= len(piece)
        if not self._left:
            self._state = self._end
        return piece or None

    def _end(self) -> bytes | None:
        line = self._line()
        if line:
            raise BadReply("has a part that is longer than it says")
        if line is not None:
            self._state = self._size
        return line

    def _trailer(self) -> bytes | None:
        line = self._line()
        self.ended = line == b""
        return None if line is None else b""

    def _line(self) -> bytes | None:
        line, end, rest = self._data.partition(b"\r\n")
        if not end:
            if len(self._data) > _MOST_LINE:
                raise BadReply("has a line without an end")
            return None
        self._data = rest
        return line


class Redaction:
    """Takes a key out of a stream, in whatever pieces it comes; nothing changes its length."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._held = b""
        self.found = 0

    def feed(self, data: bytes) -> bytes:
        """What may go on by now: all but an end in which the key may have begun."""
        data = self._held + data
        self.found += data.count(self._key)
        data = data.replace(self._key, b"*" * len(self._key))
        held = next((size for size in range(len(self._key) - 1, 0, -1) if data.endswith(self._key[:size])), 0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held]

    def rest(self) -> bytes:
        """What was held back, once there is no more."""
        held, self._held = self._held, b""
        return held
