"""What a process printed: every byte at one place for ever, so that it can be read again from any cursor.

Frames of both streams stand one after another in unnamed files: they are gone with the process that holds them open,
and nobody else can open them. A cursor is the number of bytes up to the end of a frame. The files are bounded as a
container's log is: beyond :data:`KEPT_SEGMENTS` the oldest goes, unless somebody still has it to read.
"""

import logging
import struct
import tempfile
import threading
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import anyio
from anyio import to_thread

from berth.engine.base import Output
from berth.system.files import read_at, write_at

logger = logging.getLogger(__name__)

SEGMENT_BYTES = 16 * 1024 * 1024
"""A file of the log is begun anew beyond this."""

KEPT_SEGMENTS = 4
"""So many files are kept: about what three of 64 MB, a container's log, hold of text, since Docker's are JSON."""

READ_BYTES = 256 * 1024
"""So much is read at once. Longer than any frame."""

RETRY_SECONDS = 1.0
"""How long a failed write waits (a full disk is the usual reason). The program waits too, once its pipe is full."""

_HEADER = struct.Struct(">BI")
_STREAMS: tuple[Literal["stdout", "stderr"], ...] = ("stdout", "stderr")


@dataclass(eq=False)
class _Segment:
    """One file, and the cursor at its beginning."""

    start: int
    file: IO[bytes]


class OutputLog:
    """The log of one process. Frames are added by one task a stream, and read by any number of followers."""

    def __init__(self, folder: Path) -> None:
        """An empty log whose files are made in ``folder``."""
        self._folder = folder
        self._segments: deque[_Segment] = deque()
        self._size = 0
        self._adding = anyio.Lock()
        self._files = threading.Lock()
        self._reading: dict[object, int] = {}
        self._over = False
        self._news = anyio.Event()

    async def add(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Appends what was printed; at most :data:`READ_BYTES` less a header. Followers learn of it when it is kept."""
        async with self._adding:
            frame = _HEADER.pack(_STREAMS.index(stream), len(data)) + data
            while True:
                if await to_thread.run_sync(self._append, frame):
                    break
                await anyio.sleep(RETRY_SECONDS)
            self._tell()

    def begin(self) -> None:
        """More will come."""
        self._over = False

    def finish(self) -> None:
        """No more will come: followers end when they have read everything."""
        self._over = True
        self._tell()

    async def follow(self, since: int) -> AsyncGenerator[Output]:
        """What was printed after a cursor, then what comes, until the log is finished."""
        key = object()
        self._reading[key] = since
        try:
            while True:
                news = self._news
                for output in await to_thread.run_sync(self._read, self._reading[key]):
                    self._reading[key] = int(output.cursor)
                    yield output
                if self._reading[key] >= self._size and self._over:
                    return
                if self._reading[key] >= self._size:
                    await news.wait()
        finally:
            del self._reading[key]

    async def tail(self, lines: int) -> bytes:
        """The last lines of both streams, as they came."""
        printed = await to_thread.run_sync(self._newest)
        return b"".join(printed.splitlines(keepends=True)[-lines:])

    async def aclose(self) -> None:
        """Lets the files go. Followers end."""
        await to_thread.run_sync(self._let_go)
        self.finish()

    def _let_go(self) -> None:
        with self._files:
            while self._segments:
                self._segments.popleft().file.close()
            self._size = 0

    def _append(self, frame: bytes) -> bool:
        """Keeps a frame; False when the disk refused it. What was written of it is written over the next time."""
        with self._files:
            try:
                if not self._segments or self._size - self._segments[-1].start >= SEGMENT_BYTES:
                    self._begin_segment()
                self._write(self._segments[-1], frame)
            except OSError as error:
                logger.warning("What an agent prints cannot be kept: %s", error.strerror)
                return False
            self._size += len(frame)
            return True

    def _write(self, segment: _Segment, frame: bytes) -> None:
        view, place = memoryview(frame), self._size - segment.start
        while view:
            written = write_at(segment.file.fileno(), view, place)
            view, place = view[written:], place + written

    def _begin_segment(self) -> None:
        file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - it lives as long as the log does
        self._segments.append(_Segment(self._size, file))
        while len(self._segments) > KEPT_SEGMENTS:
            if any(place < self._segments[1].start for place in tuple(self._reading.values())):
                return
            self._segments.popleft().file.close()

    def _read(self, place: int) -> list[Output]:
        """Whole frames from a cursor on, at least one if there is one; from the oldest kept when it is gone."""
        with self._files:
            if not self._segments or place >= self._size:
                return []
            place = max(place, self._segments[0].start)
            segment = next(found for found in reversed(self._segments) if found.start <= place)
            data = read_at(segment.file.fileno(), min(READ_BYTES, self._size - place), place - segment.start)
        return list(_frames(data, place))

    def _newest(self) -> bytes:
        place, found = max(0, self._size - 2 * SEGMENT_BYTES), bytearray()
        place = next((segment.start for segment in tuple(self._segments) if segment.start >= place), 0)
        while outputs := self._read(place):
            place = int(outputs[-1].cursor)
            found += b"".join(output.data for output in outputs)
        return bytes(found)

    def _tell(self) -> None:
        news, self._news = self._news, anyio.Event()
        news.set()


def _frames(data: bytes, place: int) -> Iterator[Output]:
    start = 0
    while start + _HEADER.size <= len(data):
        stream, length = _HEADER.unpack_from(data, start)
        end = start + _HEADER.size + length
        if end > len(data):
            return
        yield Output(_STREAMS[stream], data[start + _HEADER.size : end], str(place + end))
        start = end
