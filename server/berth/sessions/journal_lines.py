"""What a journal's file is made of: lines with a checksum each, in batches that count whole or not at all.

    berth-journal 1                       the format's version
    8f1c2a40 {"seq":1,…}                  an event, its wire bytes unchanged
    0b7e99d2 #queued {"turn":"t1",…}      a note: what a later host must know besides
    c2d4417e ={"cursor":…}                the end of a batch, and how far the agent's output was read for it

The checksum is the CRC-32 of what follows the blank. A batch is what one write brought; without its last line it was
torn and is cut off, and what it held is made again from the container's log.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from berth.errors import SessionError
from berth.protocol.events import Notice
from berth.sessions.published import publish

HEADER = b"berth-journal 1\n"
"""First line of a journal. Another version is another format."""

PREFIX = 9
"""Bytes before what a line says: eight digits of its checksum and a blank."""

INDEX_EVERY = 256
"""One remembered file offset per so many events: a replay reads at most that many lines in vain."""


@dataclass
class Found:
    """What is in a journal's file.

    Attributes:
        first: The number of the oldest event that is kept.
        last: The number of the newest event.
        size: Bytes up to the end of the last whole batch.
        index: Numbers of events, and where in the file they stand.
        notes: Kind and content of every note, in order.
        mark: What the last batch ended with.
        damaged: How many lines before that could not be read.
    """

    first: int = 1
    last: int = 0
    size: int = 0
    index: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    mark: dict[str, Any] = field(default_factory=dict)
    damaged: int = 0


def encoded(payload: bytes) -> bytes:
    """A whole line."""
    return b"%08x %b\n" % (zlib.crc32(payload), payload)


def decoded(line: bytes) -> bytes | None:
    """What a line says; None when it is torn or damaged."""
    if len(line) <= PREFIX or not line.endswith(b"\n"):
        return None
    payload = line[PREFIX:-1]
    return payload if line[:PREFIX] == b"%08x " % zlib.crc32(payload) else None


def scan(path: Path) -> Found:
    """Reads a whole journal; call it in a worker thread. No file, or an empty one, is a journal without events.

    Raises:
        SessionError: ``journal-unreadable``: it is of another version.
        OSError: It cannot be read.
    """
    if not path.exists():
        return Found()
    with path.open("rb") as file:
        header = file.readline()
        if header != HEADER:
            if HEADER.startswith(header):
                return Found()
            message = f"The journal {path} was not written by this version of Berth."
            raise SessionError("journal-unreadable", message, "Use the version that wrote it, or remove its folder.")
        return _scan_lines(file)


def read_events(file: BinaryIO, expected: int, first: int) -> Iterator[bytes]:
    """Wire bytes of the events from ``first`` on, without a gap: what is damaged is told in its place.

    ``file`` stands at the event ``expected``, which comes at or before the first, or at something before that.
    """
    for line in file:
        payload = decoded(line)
        if payload is None or not payload.startswith(b"{"):
            continue
        number = number_of(payload)
        for missing in range(max(expected, first), number):
            yield _damaged(missing)
        expected = number + 1
        if number >= first:
            yield payload


def number_of(event: bytes) -> int:
    """The number in an event's wire bytes, which begin with it."""
    return int(event[7 : event.index(b",", 7)])


def _scan_lines(file: BinaryIO) -> Found:
    found, batch = Found(size=len(HEADER)), Found(size=len(HEADER))
    first: int | None = None
    for line in file:
        payload = decoded(line)
        if payload is None:
            batch.damaged += 1
        elif payload.startswith(b"{"):
            batch.last = number_of(payload)
            first = first or batch.last
            if batch.last % INDEX_EVERY == 1:
                batch.index.append((batch.last, batch.size))
        elif payload.startswith(b"#"):
            kind, _, content = payload[1:].partition(b" ")
            batch.notes.append((kind.decode(), json.loads(content)))
        batch.size += len(line)
        if payload is not None and payload.startswith(b"="):
            batch.mark = json.loads(payload[1:]) or found.mark
            _commit(found, batch)
            batch = Found(last=found.last, size=found.size)
    found.first = first or 1
    return found


def _commit(found: Found, batch: Found) -> None:
    found.last, found.size, found.mark = batch.last, batch.size, batch.mark
    found.index += batch.index
    found.notes += batch.notes
    found.damaged += batch.damaged


def _damaged(number: int) -> bytes:
    body = Notice(severity="error", message="An event stood here that was damaged on the disk.")
    return publish(body, seq=number, turn=None, at=0).json
