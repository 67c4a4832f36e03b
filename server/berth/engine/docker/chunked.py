"""The three ways an HTTP/1.1 body can be framed, as machines without I/O (RFC 9112, section 6)."""

from collections.abc import Mapping
from typing import Protocol


class MalformedBody(ValueError):
    """A chunk header that is no chunk header."""


class Body(Protocol):
    """Takes what was read from the socket and gives back what belongs to the body."""

    complete: bool
    """The body said by itself that it is over."""

    def receive(self, data: bytes) -> bytes:
        """The body's bytes in ``data``, cut anywhere."""
        ...


class ChunkedBody:
    """``Transfer-Encoding: chunked``. Engines write one chunk for each log entry, so this is a hot loop."""

    def __init__(self) -> None:
        self.complete = False
        self._rest = b""
        self._left = 0  # of the chunk begun, with its closing newline

    def receive(self, data: bytes) -> bytes:
        """Decodes; what follows the last chunk (trailers) is dropped.

        Raises:
            MalformedBody: The chunk header is not a hexadecimal number.
        """
        buffer = self._rest + data
        parts = [buffer[: max(self._left - 2, 0)]]
        position, total = min(self._left, len(buffer)), len(buffer)
        self._left -= position
        while not self._left and not self.complete:
            end = buffer.find(b"\r\n", position)
            if end < 0:
                break
            size = _size(buffer[position:end])
            start = end + 2
            parts.append(buffer[start : start + size])
            position = start + size + 2
            self.complete = not size
            self._left = max(position - total, 0)
        self._rest = b"" if self.complete else buffer[position:]
        return b"".join(parts)


class CountedBody:
    """``Content-Length``."""

    def __init__(self, length: int) -> None:
        self.complete = length == 0
        self._left = length

    def receive(self, data: bytes) -> bytes:
        """Takes what is still missing and no more."""
        taken = data[: self._left]
        self._left -= len(taken)
        self.complete = self._left == 0
        return taken


class EndlessBody:
    """Neither: the body goes on until the connection closes, so it can never say that it is complete."""

    complete = False

    def receive(self, data: bytes) -> bytes:
        """All of it."""
        return data


def body_of(status: int, headers: Mapping[str, str]) -> Body:
    """The framing of a response. Header names are lower case."""
    if status in (204, 304):
        return CountedBody(0)
    if headers.get("transfer-encoding", "").lower().endswith("chunked"):
        return ChunkedBody()
    length = headers.get("content-length", "")
    return CountedBody(int(length)) if length.isdigit() else EndlessBody()


def _size(header: bytes) -> int:
    try:
        size = int(header, 16)
    except ValueError:
        size = -1
    if size >= 0:
        return size
    digits = header.partition(b";")[0].strip()
    if digits != header:
        return _size(digits)
    raise MalformedBody(f"not a chunk header: {header[:40]!r}")
