"""What the host notes, on its way to disk: nobody waits for it, and nothing is lost but by number."""

import logging
from collections import deque

import anyio
from anyio import to_thread

from berth.audit.entry import Entry
from berth.audit.folder import AuditFolder
from berth.errors import BerthError

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.05
RETRY_SECONDS = 2.0
MOST_WAITING = 10_000
"""Entries that wait for a disk that refuses; what comes then is counted, and the count is written."""


class Trail:
    """The entries of one host."""

    def __init__(self, folder: AuditFolder) -> None:
        """Nothing noted yet."""
        self._folder = folder
        self._waiting: deque[Entry] = deque()
        self._lost = 0
        self._news = anyio.Event()
        self._written = anyio.Event()

    def note(self, entry: Entry) -> None:
        """Takes an entry. Returns at once."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        if self._lost:
            self._waiting.append(Entry("audit.gap", bytes=self._lost))
            self._lost = 0
        self._waiting.append(entry)
        self._news.set()

    async def flush(self) -> None:
        """Waits until all that was noted is on disk."""
        while self._waiting:
            written = self._written
            self._news.set()
            await written.wait()

    async def run(self) -> None:
        """Writes until cancelled, and what was noted by then."""
        try:
            while True:
                await self._news.wait()
                await anyio.sleep(GATHER_SECONDS)
                if not await self._write():
                    await anyio.sleep(RETRY_SECONDS)
        finally:
            with anyio.CancelScope(shield=True):
                await self._write()

    async def _write(self) -> bool:
        """Writes what is there; False when it could not be."""
        self._news = anyio.Event()
        entries = tuple(self._waiting)
        if not entries:
            return True
        try:
            await to_thread.run_sync(self._folder.append, entries)
        except (OSError, BerthError) as error:
            logger.warning("The audit cannot be written: %s", error)
            self._news.set()
            return False
        for _ in entries:
            self._waiting.popleft()
        written, self._written = self._written, anyio.Event()
        written.set()
        return True
