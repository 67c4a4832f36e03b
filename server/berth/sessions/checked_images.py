"""Which images were looked at and found fit, remembered over restarts: a usual start asks the engine nothing."""

import hashlib
import json
import logging
from pathlib import Path

from anyio import to_thread

logger = logging.getLogger(__name__)

MOST = 500
"""Newest entries that are kept. One is an image with a program; few people use fifty."""


class CheckedImages:
    """A set of short digests in memory and in a file."""

    def __init__(self, file: Path) -> None:
        """``file`` is read when it is first needed; without it nothing is known."""
        self._file = file
        self._known: dict[str, None] | None = None

    async def knows(self, *parts: str) -> bool:
        """Whether these parts together were remembered."""
        if self._known is None:
            self._known = dict.fromkeys(await to_thread.run_sync(self._read))
        return _digest(parts) in self._known

    async def remember(self, *parts: str) -> None:
        """Remembers these parts together. What cannot be written is known until the process ends."""
        await self.knows(*parts)
        known = self._known = dict.fromkeys([*(self._known or ()), _digest(parts)][-MOST:])
        await to_thread.run_sync(self._write, list(known))

    def _read(self) -> list[str]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [entry for entry in found if isinstance(entry, str)][-MOST:] if isinstance(found, list) else []

    def _write(self, known: list[str]) -> None:
        new = self._file.with_name(f"{self._file.name}.new")
        try:
            new.write_text(json.dumps(known), encoding="utf-8")
            new.replace(self._file)
        except OSError:
            logger.warning("What is known of images could not be written.", exc_info=True)


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:24]
