"""Which workspaces the lives of one host stand in, so that none takes away what another is about to mount."""

from collections import Counter
from pathlib import Path

import anyio


class Ground:
    """One host's. ``lock`` is held while mount points are made or taken away."""

    def __init__(self) -> None:
        """Nothing lives."""
        self.lock = anyio.Lock()
        self._lives: Counter[Path] = Counter()

    def enter(self, workspace: Path) -> None:
        """A life needs the workspace's mount points, from before its container is made."""
        self._lives[workspace] += 1

    def leave(self, workspace: Path) -> None:
        """It needs them no more."""
        self._lives[workspace] -= 1

    def is_free(self, workspace: Path) -> bool:
        """Whether no life needs them."""
        return self._lives[workspace] <= 0
