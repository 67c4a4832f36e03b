"""Takes an engine's log stream apart: multiplexed frames with time stamps into output. No I/O.

A frame is ``stream, 0, 0, 0, length`` (big endian) and one log entry, ``<RFC 3339 time> <bytes>``. An entry holds
at most 16 KiB of a line; joining a line's pieces needs nothing but stripping each one's time.
"""

import struct
from typing import Literal

from berth.engine.base import Output
from berth.engine.docker.cursor import Cursor, Mark, nanoseconds
from berth.errors import EngineError

_STREAMS: dict[int, Literal["stdout", "stderr"]] = {1: "stdout", 2: "stderr"}
_HEADER = struct.Struct(">BxxxI")
_ENGINE_SPEAKS = 3
_KNOWN = {*_STREAMS, _ENGINE_SPEAKS}
_LONGEST_STAMP = 40


class LogReader:
    """Reads one connection's stream from a cursor on.

    Entries that the cursor already covers are left out: per stream, everything earlier than its stamp, and as many
    entries of exactly that stamp as were counted; as many as were read at all, where the clock was set back. What is
    left of an entry when the connection breaks counts as unread.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._stamps = [b"", cursor.stdout.stamp, cursor.stderr.stamp]
        self._counts = [0, cursor.stdout.count, cursor.stderr.count]
        self._before = [0, *((mark.total or 0) - mark.count for mark in (cursor.stdout, cursor.stderr))]
        self._is_counted = cursor.is_counted
        self._is_set_back = cursor.is_set_back
        self._overlap = _overlap(cursor)
        self._rest = b""

    @property
    def cursor(self) -> Cursor:
        """How far it has read."""
        stdout, stderr = (self._mark(kind) for kind in _STREAMS)
        return Cursor(stdout, stderr, is_set_back=self._is_set_back)

    def set_back(self) -> None:
        """The engine's clock was set back: so says :attr:`cursor`, from which the log is to be read anew.

        Where entries were not counted, stamps are all there is to go by.
        """
        self._is_set_back = self._is_counted

    def receive(self, data: bytes) -> list[Output]:
        """Takes bytes, cut anywhere; neighbouring entries of one stream come out as one output.

        This is the hot loop of the whole host: a million entries a second on one core.

        Raises:
            EngineError: ``engine-failed``: the engine reports an error in the stream, or it is not a log stream.
        """
        buffer, unpack, overlap = self._rest + data, _HEADER.unpack_from, self._overlap
        stamps, counts, before = self._stamps, self._counts, self._before
        position, last, current = 0, len(buffer) - 8, 0
        outputs, parts = list[Output](), list[bytes]()
        while position <= last:
            kind, size = unpack(buffer, position)
            start, stop = position + 8, position + 8 + size
            if stop > last + 8 and kind in _KNOWN:
                break
            space = buffer.find(b" ", start, start + _LONGEST_STAMP)
            if space < 0 or kind not in _STREAMS:
                raise _foreign(kind, buffer[start:stop])
            position = stop
            stamp = buffer[start:space]
            if kind in overlap and self._covered(kind, stamp):
                continue
            if kind != current:
                self._flush(outputs, current, parts)
                current, parts = kind, []
            parts.append(buffer[space + 1 : stop])
            if stamp == stamps[kind]:
                counts[kind] += 1
            else:
                if stamp < stamps[kind]:
                    self._compare(kind, stamp)
                before[kind] += counts[kind]
                stamps[kind], counts[kind] = stamp, 1
        self._flush(outputs, current, parts)
        self._rest = buffer[position:]
        return outputs

    def _compare(self, kind: int, stamp: bytes) -> None:
        """Each stream is stamped in order: an earlier stamp than the last one says that the clock was set back."""
        if nanoseconds(stamp) < nanoseconds(self._stamps[kind]):
            self.set_back()

    def _covered(self, kind: int, stamp: bytes) -> bool:
        until, count = self._overlap[kind]
        time = until and nanoseconds(stamp)
        if time == until and count > 0:
            self._overlap[kind] = (until, count - 1)
            return True
        if time < until:
            return True
        del self._overlap[kind]
        return False

    def _flush(self, outputs: list[Output], kind: int, parts: list[bytes]) -> None:
        if parts:
            outputs.append(Output(_STREAMS[kind], b"".join(parts), str(self.cursor)))

    def _mark(self, kind: int) -> Mark:
        count = self._counts[kind]
        return Mark(self._stamps[kind], count, self._before[kind] + count if self._is_counted else None)


def _overlap(cursor: Cursor) -> dict[int, tuple[int, int]]:
    """What is left out, by stream: entries before a time, and how many of that time; of any time when it is 0."""
    marks = dict(zip(_STREAMS, (cursor.stdout, cursor.stderr), strict=True))
    if cursor.is_set_back:
        return {kind: (0, mark.total or 0) for kind, mark in marks.items()}
    return {kind: (nanoseconds(mark.stamp), mark.count) for kind, mark in marks.items() if mark.stamp}


def _foreign(kind: int, text: bytes) -> EngineError:
    said = text[:300].decode("utf-8", "replace").strip()
    if kind == _ENGINE_SPEAKS:
        return EngineError("engine-failed", f"The engine could not read the container's log: {said}")
    return EngineError("engine-failed", "The engine sent something that is not a log stream.")
