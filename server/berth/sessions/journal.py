"""Events on disk, and the newest of them in memory.

A journal is a file of lines (:mod:`berth.sessions.journal_lines`), events in order of their numbers and notes for a
later host between them. Appending never touches the disk: lines wait in memory until the host's
:class:`~berth.sessions.writer.Writer` has written them in a worker thread.
"""

import json
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from berth.sessions.journal_lines import HEADER, INDEX_EVERY, Found, encoded, read_events
from berth.sessions.published import Published
from berth.sessions.shorten import LONG_BYTES, write_shorter

TAIL_BYTES = 32 * 1024
"""How much of the newest events stays in memory, so that a connection that keeps up never reads the disk."""


class Journal:
    """The events of one session, by number."""

    def __init__(self, path: Path, found: Found | None = None) -> None:
        """A journal at ``path``, which the first write makes; or one that is there, as it was ``found``."""
        found = found or Found()
        self.path = path
        self._tail: deque[tuple[int, bytes]] = deque()
        self._tail_bytes = 0
        self._waiting: list[bytes] = []
        self._last = self._written = found.last
        self._size = found.size
        self._unwritten = 0
        self._index = list(found.index)
        self._first = found.first
        self._lock = threading.Lock()  # the file is shortened in a thread: its places change with it
        self._mark: Mapping[str, Any] = found.mark
        if not self._size:
            self._put(HEADER)

    @property
    def last(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return self._last

    @property
    def is_long(self) -> bool:
        """Whether :meth:`shorten` is due."""
        return self._size - self._unwritten > LONG_BYTES

    @property
    def unwritten(self) -> int:
        """Bytes that are not on disk yet."""
        return self._unwritten

    def append(self, event: Published) -> None:
        """Takes the next event. Numbers must follow one another."""
        if event.seq != self._last + 1:
            message = f"event {event.seq} does not follow {self._last}"
            raise ValueError(message)
        with self._lock:
            if event.seq % INDEX_EVERY == 1:
                self._index.append((event.seq, self._size))
        self._last = event.seq
        self._put(encoded(event.json))
        self._tail.append((event.seq, event.json))
        self._tail_bytes += len(event.json)
        self._trim()

    def note(self, kind: str, content: Mapping[str, Any]) -> None:
        """Takes a note, in its place between the events."""
        self._put(encoded(f"#{kind} {_json(content)}".encode("utf-8", "replace")))

    def take_waiting(self, mark: Mapping[str, Any] | None = None) -> bytes:
        """A batch of everything that is not on disk yet; empty where there is nothing to write, not even a new mark.

        The caller writes it and then says :meth:`wrote`.
        """
        mark = self._mark if mark is None else mark
        if not self._waiting and mark == self._mark:
            return b""
        self._put(encoded(f"={_json(mark)}".encode()))
        self._mark = dict(mark)
        lines, self._waiting = self._waiting, []
        return b"".join(lines)

    def wrote(self, last: int, size: int) -> None:
        """Says that so many bytes more are on disk, with all events up to ``last``; memory is let go."""
        self._written = last
        self._unwritten -= size
        self._trim()

    def in_memory(self, first: int, limit_bytes: int) -> list[bytes] | None:
        """Events from number ``first`` on, at least one if there is one; None when they are on disk only.

        Where ``first`` is no longer kept, they begin later; the numbers in them tell.
        """
        if first > self._last:
            return []
        if not self._tail or first < self._tail[0][0]:
            return None
        found: list[bytes] = []
        size = 0
        for index in range(first - self._tail[0][0], len(self._tail)):
            line = self._tail[index][1]
            if found and size + len(line) > limit_bytes:
                break
            found.append(line)
            size += len(line)
        return found

    def on_disk(self, first: int, limit_bytes: int) -> list[bytes]:
        """The same from the file; call it in a worker thread."""
        first = max(first, self._first)
        with self._lock:
            number, offset = max((entry for entry in self._index if entry[0] <= first), default=(self._first, 0))
            file = self.path.open("rb")
        found: list[bytes] = []
        size = 0
        with file:
            file.seek(offset)
            for event in read_events(file, number, first):
                if found and size + len(event) > limit_bytes:
                    break
                found.append(event)
                size += len(event)
        return found

    def shorten(self) -> None:
        """Lets go of older events where there are too many. Called by who writes the file, before it is written to.

        Raises:
            OSError: The disk refuses; the journal is as it was.
        """
        fresh = self.path.with_suffix(".new")
        found = write_shorter(self.path, fresh)
        if found is None:
            return
        with self._lock:
            before = self.path.stat().st_size
            fresh.replace(self.path)
            ahead = [(number, place - before + found.size) for number, place in self._index if place >= before]
            self._index, self._first = [*found.index, *ahead], found.first
            self._size -= before - found.size

    def _put(self, line: bytes) -> None:
        with self._lock:
            self._size += len(line)
        self._unwritten += len(line)
        self._waiting.append(line)

    def _trim(self) -> None:
        while self._tail_bytes > TAIL_BYTES and len(self._tail) > 1 and self._tail[0][0] <= self._written:
            self._tail_bytes -= len(self._tail.popleft()[1])


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)
