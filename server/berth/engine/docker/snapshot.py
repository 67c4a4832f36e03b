"""A context as a folder of our own, for the one thing a tar cannot say: that BuildKit's Dockerfile is no part of it."""

import os
import shutil
import stat
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from berth.builds.context import PIECE, STAMP


class Stopped(Exception):
    """Nobody waits for the snapshot any more."""


class Snapshot:
    """``context`` and ``dockerfile`` in a folder that only this user may enter. The paths are new for each snapshot.

    BuildKit sends what differs in size or time from what it has under the same name, and our times are all the same.
    """

    def __init__(self) -> None:
        """Makes the folder, on a disk rather than in memory where the system has a place for that."""
        large = "/var/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
        self._folder = Path(tempfile.mkdtemp(prefix="berth-build-", dir=large if os.access(large, os.W_OK) else None))
        self.context = self._folder / "context" / self._folder.name
        self.dockerfile = self._folder / "Dockerfile"
        self._stopped = threading.Event()

    def fill(self, pieces: Iterator[bytes], dockerfile: bytes) -> None:
        """Unpacks a tar of our own. Blocks.

        Raises:
            Stopped: :meth:`stop` was called.
            OSError: The disk is full, or the folder may not be written.
        """
        self.context.mkdir(parents=True)
        self.dockerfile.write_bytes(dockerfile)
        folders: list[tuple[Path, int]] = []
        reader = cast("IO[bytes]", PieceReader(pieces, self._stopped))
        with tarfile.open(fileobj=reader, mode="r|", errorlevel=2) as tar:
            for entry in tar:
                path = self.context / entry.name
                self._check(path.parent)
                if entry.isdir():
                    path.mkdir(exist_ok=True)
                    folders.append((path, entry.mode))
                elif entry.issym():
                    path.symlink_to(entry.linkname)
                    os.utime(path, (STAMP, STAMP), follow_symlinks=False)
                else:
                    _write(tar, entry, path)
        for path, mode in reversed(folders):
            path.chmod(mode)
            os.utime(path, (STAMP, STAMP))

    def stop(self) -> None:
        """Has :meth:`fill` end soon."""
        self._stopped.set()

    def remove(self) -> None:
        """Removes everything. Blocks."""
        for folder, _, _ in os.walk(self._folder):
            Path(folder).chmod(stat.S_IRWXU)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self, folder: Path) -> None:
        """A link that stood in the workspace while it was packed leads nowhere here."""
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self.context.resolve()):
            raise OSError("a link in the build context leads out of it")


class PieceReader:
    """Pieces of bytes as a file that can only be read on."""

    def __init__(self, pieces: Iterator[bytes], stopped: threading.Event) -> None:
        self._pieces = pieces
        self._stopped = stopped
        self._rest = b""

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end.

        Raises:
            Stopped: Nobody wants them any more.
        """
        parts, missing = [], size
        while missing:
            if self._stopped.is_set():
                raise Stopped
            self._rest = self._rest or next(self._pieces, b"")
            if not self._rest:
                break
            parts.append(self._rest[:missing])
            self._rest = self._rest[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> None:
    content = tar.extractfile(entry)
    if content is not None:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, PIECE)
    path.chmod(entry.mode)
    os.utime(path, (STAMP, STAMP))
