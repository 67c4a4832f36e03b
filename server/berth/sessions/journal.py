"""Events on disk, and the newest of them in memory.

A journal is a file of JSON lines, one event each, in order of their numbers. Appending never touches the disk: lines
wait in memory until the host's :class:`~berth.sessions.writer.Writer` has written them in a worker thread.
"""

from collections import deque
from pathlib import Path

from berth.sessions.published import Published

TAIL_BYTES = 32 * 1024
"""How much of the newest events stays in memory, so that a connection that keeps up never reads the disk."""

INDEX_EVERY = 256
"""One remembered file offset per so many events: a replay reads at most that many lines in vain."""


class Journal:
    """The events of one session, by number."""

    def __init__(self, path: Path) -> None:
        """Starts an empty journal at ``path``; the file is made by the first write."""
        self.path = path
        self._tail: deque[tuple[int, bytes]] = deque()
        self._tail_bytes = 0
        self._waiting: list[bytes] = []
        self._written = 0
        self._size = 0
        self._last = 0
        self._index: list[tuple[int, int]] = []

    @property
    def last(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return self._last

    def append(self, event: Published) -> None:
        """Takes the next event. Numbers must follow one another."""
        if event.seq != self._last + 1:
            message = f"event {event.seq} does not follow {self._last}"
            raise ValueError(message)
        if event.seq % INDEX_EVERY == 1:
            self._index.append((event.seq, self._size))
        self._last = event.seq
        self._size += len(event.json) + 1
        self._waiting.append(event.json)
        self._tail.append((event.seq, event.json))
        self._tail_bytes += len(event.json)
        self._trim()

    def take_waiting(self) -> bytes:
        """Everything that is not on disk yet, as whole lines. The caller writes it and then says :meth:`wrote`."""
        lines, self._waiting = self._waiting, []
        return b"".join(line + b"\n" for line in lines)

    def wrote(self, last: int) -> None:
        """Says that all events up to ``last`` are on disk; memory beyond the tail is let go."""
        self._written = last
        self._trim()

    def in_memory(self, first: int, limit_bytes: int) -> list[bytes] | None:
        """Events from number ``first`` on, at least one if there is one; None when they are on disk only."""
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
        near, offset = max((entry for entry in self._index if entry[0] <= first), default=(1, 0))
        found: list[bytes] = []
        size = 0
        with self.path.open("rb") as file:
            file.seek(offset)
            for number, line in enumerate(file, start=near):
                if number < first:
                    continue
                if not line.endswith(b"\n") or (found and size + len(line) > limit_bytes):
                    break
                found.append(line[:-1])
                size += len(line)
        return found

    def _trim(self) -> None:
        while self._tail_bytes > TAIL_BYTES and len(self._tail) > 1 and self._tail[0][0] <= self._written:
            self._tail_bytes -= len(self._tail.popleft()[1])
