"""Folders below a root, opened part by part so that no link is ever followed, whoever swaps one in meanwhile."""

import errno
import os
import sys
from types import TracebackType
from typing import Self

DEEPEST = 200
"""Parts of a path; each open folder on the way costs a file descriptor."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0)


class Folders:
    """Keeps the way to the folder asked for last open: those who ask in order open each folder once.

    Not for two threads at once. Use as a block; leaving closes everything.
    """

    def __init__(self, root: str) -> None:
        """Raises ``OSError`` when the root cannot be opened, and on Windows, where folders cannot be."""
        self._open = [("", _opened(root))]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, folder in self._open:
            os.close(folder)
        self._open.clear()

    def descriptor(self, folder: str) -> int:
        """The folder's file descriptor, good until the next call; ``""`` is the root.

        Raises:
            OSError: It is missing, no folder, a link, or too deep.
        """
        top = self._open[-1][0]
        while top and folder != top and not folder.startswith(top + "/"):
            os.close(self._open.pop()[1])
            top = self._open[-1][0]
        if folder == top:
            return self._open[-1][1]
        for part in folder[len(top) + 1 if top else 0 :].split("/"):
            if len(self._open) > DEEPEST:
                raise OSError(36, f"nested deeper than {DEEPEST} folders", folder)
            top = f"{top}/{part}" if top else part
            try:
                below = os.open(part, _FOLDER | _NO_LINK, dir_fd=self._open[-1][1])
            except OSError as error:
                error.filename = top
                raise
            self._open.append((top, below))
        return self._open[-1][1]

    def file(self, path: str) -> int:
        """A file's descriptor, to be closed by the caller. What it is now is for the caller to see.

        Raises:
            OSError: It is missing, a link, or may not be read.
        """
        folder, _, name = path.rpartition("/")
        return os.open(name, _FILE, dir_fd=self.descriptor(folder))

    def link(self, path: str) -> str:
        """Where a link points, as it is written.

        Raises:
            OSError: It is no link any more.
        """
        folder, _, name = path.rpartition("/")
        return os.readlink(name, dir_fd=self.descriptor(folder))

    def names(self, folder: str) -> list[str]:
        """What the folder holds, in no order.

        Raises:
            OSError: As :meth:`descriptor`.
        """
        with os.scandir(self.descriptor(folder)) as entries:
            return [entry.name for entry in entries]

    def status(self, path: str) -> os.stat_result:
        """``lstat``.

        Raises:
            OSError: There is nothing.
        """
        folder, _, name = path.rpartition("/")
        return os.stat(name or ".", dir_fd=self.descriptor(folder), follow_symlinks=False)


def _opened(root: str) -> int:
    if sys.platform == "win32":
        raise OSError(errno.ENOTSUP, "build contexts are not read on Windows, only inside WSL 2", root)
    return os.open(root, _FOLDER)
