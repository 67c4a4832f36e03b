"""Takes an engine's log stream apart: multiplexed frames with time stamps into output. No I/O.

A frame is ``stream, 0, 0, 0, length`` (big endian) and one log entry, ``<RFC 3339 time> <bytes>``. An entry holds
at most 16 KiB of a line; joining a line's pieces needs nothing but stripping each one's time.
"""

import struct
from array import array
from collections.abc import Iterator
from typing import Literal

from berth.engine.base import Output
from berth.engine.docker.cursor import Cursor, Mark, nanoseconds
from berth.errors import EngineError

_STREAMS: dict[int, Literal["stdout", "stderr"]] = {1: "stdout", 2: "stderr"}
_HEADER = struct.Struct(">BxxxI")
_ENGINE_SPEAKS = 3
_KNOWN = {*_STREAMS, _ENGINE_SPEAKS}
_LONGEST_STAMP = 40
_NANOSECONDS = len(b"2026-01-01T00:00:00.000000000Z")

REMEMBERED = 2**20
"""Entries of one connection whose times are known again: as many as the shortest lines make in a file of 64 MiB."""


class LogReader:
    """Reads one connection's stream from a cursor on.

    Entries that the cursor already covers are left out: per stream, everything earlier than its stamp, and as many
    entries of exactly that stamp as were counted; as many as were read at all, where the clock was set back. What is
    left of an entry when the connection breaks counts as unread.

    A follower of Docker 20.10 takes a log file that was begun anew for one that was cut short, and sends once more what
    it sent of it. What was seen is left out then; a clock that was put back brings times that were not seen.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._stamps = [b"", cursor.stdout.stamp, cursor.stderr.stamp]
        self._counts = [0, cursor.stdout.count, cursor.stderr.count]
        self._before = [0, *((mark.total or 0) - mark.count for mark in (cursor.stdout, cursor.stderr))]
        self._is_counted = cursor.is_counted
        self._is_set_back = cursor.is_set_back
        self._overlap = _overlap(cursor)
        self._rest = b""
        self._seen = array("q")
        self._first, self._newest = [b"", b"", b""], [b"", b"", b""]

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
        stamps, counts, before, overlap = self._stamps, self._counts, self._before, self._overlap
        seen, first, newest = self._seen, self._first, self._newest
        outputs: list[Output] = []
        parts: list[bytes] = []
        current = 0
        for kind, stamp, piece in self._entries(self._rest + data):
            if stamp <= stamps[kind] and kind not in overlap:
                self._look_back(kind, stamp, piece)
            if kind in overlap and self._covered(kind, stamp):
                continue
            if kind != current:
                self._flush(outputs, current, parts)
                current, parts = kind, []
            parts.append(piece)
            newest[kind] = piece
            if stamp == stamps[kind]:
                counts[kind] += 1
            else:
                before[kind] += counts[kind]
                stamps[kind], counts[kind], first[kind] = stamp, 1, piece
                seen.append(hash(stamp))
        self._flush(outputs, current, parts)
        del seen[: max(0, len(seen) - REMEMBERED)]
        return outputs

    def _entries(self, buffer: bytes) -> Iterator[tuple[int, bytes, bytes]]:
        """Stream, time and piece of every whole entry; what is left waits for more."""
        unpack, position, last = _HEADER.unpack_from, 0, len(buffer) - 8
        while position <= last:
            kind, size = unpack(buffer, position)
            start = position + 8
            stop = start + size
            if stop > last + 8 and kind in _KNOWN:
                break
            space = buffer.find(b" ", start, start + _LONGEST_STAMP)
            if space < 0 or kind not in _STREAMS:
                raise _foreign(kind, buffer[start:stop])
            position = stop
            yield kind, buffer[start:space], buffer[space + 1 : stop]
        self._rest = buffer[position:]

    def _look_back(self, kind: int, stamp: bytes, piece: bytes) -> None:
        """Sees why an entry is no newer than the newest, though each stream is stamped in order.

        It was sent before, and more comes again in both streams; it is a piece of the same line; or the clock was set
        back.
        """
        if not self._is_set_back and self._is_again(kind, stamp, piece):
            marks = ((each, self._stamps[each], self._counts[each]) for each in _STREAMS)
            self._overlap.update({each: (nanoseconds(mark), count) for each, mark, count in marks if mark})
        elif stamp < self._stamps[kind] and nanoseconds(stamp) < nanoseconds(self._stamps[kind]):
            self.set_back()

    def _is_again(self, kind: int, stamp: bytes, piece: bytes) -> bool:
        """Whether its time, or its whole line, was seen already. Times in seconds (Podman's) tell nothing."""
        if len(stamp) < _NANOSECONDS:
            return False
        if stamp == self._stamps[kind]:
            return self._newest[kind].endswith(b"\n") and piece == self._first[kind]
        return hash(stamp) in self._seen

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
            at = nanoseconds(self._stamps[kind]) / 1_000_000_000
            outputs.append(Output(_STREAMS[kind], b"".join(parts), str(self.cursor), at))

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
