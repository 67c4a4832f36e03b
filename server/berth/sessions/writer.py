"""The one task that writes session files, so that nobody else waits for the disk.

Journals and transcripts append in memory and report themselves dirty; the writer gathers all that is dirty and writes
it in one worker thread hop. A failing disk is told to whose pieces it refuses, and tried again; nothing is dropped
meanwhile. What was written is brought to the platters a little later, in a thread of its own that nobody waits for.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anyio
import anyio.to_thread

from berth.system.files import EXACT

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.02
"""How long the writer lets more come together, unless somebody waits: a hop into a thread costs more than a write.

What comes after a silence of that length is written at once.
"""

SYNC_SECONDS = 5.0
"""What a power cut can take at most, beside what the machine itself loses of the container's log.

A host that is killed loses nothing that was written, synchronised or not. Waiting for the platters at every prompt
would cost each 5 to 50 ms, and then the container, which ends with the machine, has no use for what was saved.
"""

RETRY_SECONDS = 2.0
"""How long the writer waits after a failed write (a full disk is the usual reason)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to append to a file, and what to call once they are there, or each time that the disk refused them.

    ``before`` is called in the thread that writes, before each try.
    """

    path: Path
    data: bytes
    done: Callable[[], None]
    refused: Callable[[], None] = lambda: None
    before: Callable[[], None] = lambda: None


class Writer:
    """Appends to files in the background, in order per file."""

    def __init__(self) -> None:
        """Nothing to write yet."""
        self._sources: dict[int, Callable[[], list[Piece]]] = {}
        self._pieces: list[Piece] = []
        self._unsynchronised: set[Path] = set()
        self._dirty = anyio.Event()
        self._urgent = anyio.Event()
        self._begun = self._finished = 0
        self._advanced = anyio.Event()

    def mark(self, key: int, source: Callable[[], list[Piece]]) -> None:
        """Says that ``source`` has something to write; it is asked once, when its turn comes."""
        self._sources[key] = source
        self._dirty.set()

    async def flush(self) -> None:
        """Waits until everything marked so far is on disk, and not for what is marked meanwhile: that may never end."""
        self._urgent.set()
        wanted = self._begun + 1 if self._sources else self._begun
        while self._finished < wanted:
            await self._advanced.wait()

    async def run(self) -> None:
        """Writes until cancelled; what is marked by then is still written."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._synchronise)
            try:
                await self._write_for_ever()
            finally:
                with anyio.CancelScope(shield=True):
                    await self._write()

    async def _write_for_ever(self) -> None:
        written = 0.0
        while True:
            await self._dirty.wait()
            with anyio.move_on_after(written + GATHER_SECONDS - anyio.current_time()):
                await self._urgent.wait()
            written = anyio.current_time()
            if not await self._write():
                await anyio.sleep(RETRY_SECONDS)
                self._dirty.set()

    async def _synchronise(self) -> None:
        while True:
            await anyio.sleep(SYNC_SECONDS)
            paths, self._unsynchronised = self._unsynchronised, set()
            if paths:
                await anyio.to_thread.run_sync(_synchronised, paths)

    async def _write(self) -> bool:
        """Writes what is there; False when the disk refused and something is left for later."""
        self._dirty, self._urgent = anyio.Event(), anyio.Event()
        self._begun += 1
        sources, self._sources = self._sources, {}
        for source in sources.values():
            self._pieces.extend(source())
        written = await anyio.to_thread.run_sync(_append, self._pieces)
        done, self._pieces = self._pieces[:written], self._pieces[written:]
        for piece in done:
            self._unsynchronised.add(piece.path)
            piece.done()
        for piece in self._pieces:
            piece.refused()
        if not self._pieces:
            self._finished = self._begun
            advanced, self._advanced = self._advanced, anyio.Event()
            advanced.set()
        return not self._pieces


def _append(pieces: list[Piece]) -> int:
    """Appends piece after piece; answers how many were written, fewer than all when the disk refused one."""
    for index, piece in enumerate(pieces):
        try:
            piece.before()
            _append_one(piece)
        except FileNotFoundError:
            logger.debug("%s was removed", piece.path.name)
        except OSError as error:
            logger.info("Cannot write %s: %s", piece.path.name, error.strerror)
            return index
    return len(pieces)


def _append_one(piece: Piece) -> None:
    """Writes all of a piece or none of it: a torn write is cut off again, so that a retry repeats nothing."""
    file = os.open(piece.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | EXACT, 0o600)
    try:
        before = os.fstat(file).st_size
        view = memoryview(piece.data)
        try:
            while view:
                view = view[os.write(file, view) :]
        except OSError:
            os.ftruncate(file, before)
            raise
    finally:
        os.close(file)


def _synchronised(paths: set[Path]) -> None:
    for path in paths:
        try:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        except OSError as error:
            logger.debug("%s was not synchronised: %s", path.name, error.strerror)
