"""Which host owns which session, where several run on one state folder: the one that holds the session's lock.

The lock is the kernel's on a file in the session's folder, so it goes with its process, however that ends.
"""

import os
from pathlib import Path

from berth.system.locks import try_lock


class Ownership:
    """The locks that this host holds."""

    def __init__(self) -> None:
        """Owns nothing."""
        self._locks: dict[str, int] = {}

    def __contains__(self, session: str) -> bool:
        """Whether a session is this host's."""
        return session in self._locks

    @property
    def sessions(self) -> frozenset[str]:
        """All that are this host's."""
        return frozenset(self._locks)

    def take(self, folder: Path) -> bool:
        """Takes a session's folder; False when another process has it. Raises ``OSError``."""
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not try_lock(file):
            os.close(file)
            return False
        self._locks[folder.name] = file
        return True

    def release(self, session: str) -> None:
        """Lets go of a session."""
        file = self._locks.pop(session, None)
        if file is not None:
            os.close(file)

    def release_all(self) -> None:
        """Lets go of everything."""
        for session in [*self._locks]:
            self.release(session)
