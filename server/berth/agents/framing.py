"""Bytes cut anywhere → whole lines."""

from berth.agents.base import MAX_LINE_BYTES


class LineSplitter:
    """Cuts what a program prints into lines.

    A line ends with LF or CRLF, which is taken off; empty lines come out too. A line of more than ``limit`` bytes comes
    out as its first ``limit + 1`` or ``limit + 2`` bytes, so that its length tells; the rest is not held. The lines do
    not depend on how the input was cut.
    """

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        """``limit`` is in bytes, without the line's end."""
        self._limit = limit
        self._cut = limit + 2  # one more than tells, so that a CR at the edge is not taken for the line's end
        self._held: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are whole now."""
        first, *lines = data.split(b"\n")
        self._hold(first)
        if not lines:
            return []
        last = lines.pop()
        lines.insert(0, self._release())
        self._hold(last)
        if len(data) > self._limit:
            lines = [line[: self._cut] for line in lines]
        if b"\r" in data or lines[0].endswith(b"\r"):
            lines = [line.removesuffix(b"\r") for line in lines]
        return lines

    def end(self) -> bytes:
        """What is left of a line that was never ended; empty when there is none."""
        return self._release()

    def _hold(self, piece: bytes) -> None:
        if piece and self._size < self._cut:
            self._held.append(piece[: self._cut - self._size])
            self._size += len(self._held[-1])

    def _release(self) -> bytes:
        line = b"".join(self._held)
        self._held.clear()
        self._size = 0
        return line
