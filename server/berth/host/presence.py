"""How hosts that share a state folder know of each other: each holds a lock on a file for as long as it lives.

The kernel lets go of the lock when the process ends, however it ends. Blocking; call it in worker threads.
"""

import contextlib
import os
import secrets
import sys
from pathlib import Path

from berth.system.locks import try_lock

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL


class Presence:
    """One host among those of a state folder, from :meth:`appear` to :meth:`vanish`."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when it is needed. Nobody knows of this host yet."""
        self.host = secrets.token_hex(6)
        self._folder = folder
        self._descriptor: int | None = None

    def appear(self) -> None:
        """Others see from now on that this host lives; no effect when they do already.

        Raises:
            OSError: The state folder cannot be written.
        """
        if self._descriptor is not None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = self._lock_file()

    def claim(self, container: str, name: str) -> None:
        """A container that waited is a session's from now on, and is to have this name; until :meth:`named`.

        Raises:
            OSError: The state folder cannot be written.
        """
        self._claim(self.host, container).write_text(name, encoding="utf-8")

    def named(self, container: str) -> None:
        """A container has the name of its session: the engine itself tells from now on that it is somebody's."""
        self._claim(self.host, container).unlink(missing_ok=True)

    def claimed(self, host: str, container: str) -> str | None:
        """The name that a container of a host's is to have; None where it was nobody's."""
        try:
            return self._claim(host, container).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def vanish(self) -> None:
        """This host has nothing left that another would have to clear away."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self.forget(self.host)

    def dead(self) -> tuple[str, ...]:
        """Hosts that appeared and ended without vanishing."""
        if not self._folder.is_dir():
            return ()
        others = sorted(path for path in self._folder.iterdir() if path.name != self.host and path.name[0] != ".")
        return tuple(path.name for path in others if _is_free(path))

    def forget(self, host: str) -> None:
        """What a host left behind was cleared away."""
        for claim in self._folder.glob(f".{host}.*"):
            claim.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            (self._folder / host).unlink()

    def _lock_file(self) -> int:
        path = self._folder / self.host
        if sys.platform == "win32":  # what is open cannot be renamed there, so for a moment it has no lock
            descriptor = os.open(path, _NEW, 0o600)
            try_lock(descriptor)
        else:  # locked before it has its name: nobody may find it without its lock
            new = self._folder / f".{self.host}"
            descriptor = os.open(new, _NEW, 0o600)
            try_lock(descriptor)
            new.rename(path)
        return descriptor

    def _claim(self, host: str, container: str) -> Path:
        return self._folder / f".{host}.{container}"


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return try_lock(descriptor)
    finally:
        os.close(descriptor)
