"""Which sessions that other processes have or had are over, by their journals."""

import contextlib
from collections.abc import Container
from pathlib import Path

from berth.sessions.kept import has_ended


class EndedElsewhere:
    """What was seen of them. One that still lives belongs to the host of its engine, or to the next one of that."""

    def __init__(self) -> None:
        """Nothing was looked at."""
        self._sizes: dict[str, int] = {}
        self._ended: dict[str, bool] = {}

    def find(self, sessions: Path, *, but: Container[str]) -> list[Path]:
        """The folders of those whose journal has not grown since the look before, and says so. Blocks.

        A journal is read once for each size that it stays at.
        """
        return [path for path in sessions.iterdir() if path.name not in but and self._has_ended(path)]

    def _has_ended(self, path: Path) -> bool:
        with contextlib.suppress(OSError):  # it has not begun, or is being removed
            size = (path / "events.jsonl").stat().st_size
            if self._sizes.get(path.name) == size:
                if path.name not in self._ended:
                    self._ended[path.name] = has_ended(path)
                return self._ended[path.name]
            self._sizes[path.name] = size
            self._ended.pop(path.name, None)
        return False
