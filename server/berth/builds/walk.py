"""The entries of a context that a build uses, found without looking into what is ignored."""

import os
import stat
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from berth.builds.folders import Folders
from berth.builds.go_text import shown
from berth.builds.ignore import Ignore, Parents
from berth.errors import ImageError

MOST_ENTRIES = 500_000
MOST_BYTES = 16 * 1024**3
"""Caps of what one build may be given."""

WIDTH = 5
"""Numbers an entry has in ``stats``: mode, size, mtime and ctime in nanoseconds, inode."""

_KEPT = frozenset({stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK})
_INODE = 2**63 - 1
_name = attrgetter("name")


@dataclass(slots=True)
class Found:
    """Entries in an order that depends on names only, folders before what is in them; ``stats`` in rows of `WIDTH`.

    Of a folder only the mode is kept: its times change with files that do not count.
    """

    paths: list[str] = field(default_factory=list)
    stats: "array[int]" = field(default_factory=lambda: array("q"))
    size: int = 0

    def add(self, path: str, status: os.stat_result) -> None:
        """Takes one entry; sockets, pipes and devices are left out, as the Docker CLI leaves them out."""
        mode = status.st_mode
        kind = stat.S_IFMT(mode)
        if kind == stat.S_IFREG:
            size = status.st_size
            self.size += size
            row = (mode, size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE)
        elif kind in _KEPT:
            mode = mode if kind == stat.S_IFDIR else stat.S_IFLNK | 0o777
            times = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE)
            row = (mode, *(times if kind == stat.S_IFLNK else (0, 0, 0, 0)))
        else:
            return
        self.paths.append(path)
        self.stats.extend(row)

    def mode(self, at: int) -> int:
        """The mode of entry ``at``, with its kind."""
        return self.stats[at * WIDTH]


class Walk:
    """Collects what lies at and below some roots into ``found``. Blocks."""

    def __init__(self, folders: Folders, ignore: Ignore) -> None:
        self.found = Found()
        self._folders = folders
        self._ignore = ignore
        self._seen: set[str] = set()
        self._unsaid: dict[str, os.stat_result] = {}
        self._said_above: set[str] = set()

    def take(self, roots: Sequence[str]) -> None:
        """Takes each root with all its content; ``""`` is the whole context.

        Raises:
            ImageError: ``bad-context``: more than the caps allow.
            OSError: Something vanished meanwhile or may not be read.
        """
        for root in sorted(roots):
            if self._has(root):
                continue
            self._seen.add(root)
            ignored, parents = self._approach(root)
            status = self._folders.status(root)
            if ignored and not (stat.S_ISDIR(status.st_mode) and self._ignore.may_return(root)):
                continue
            if root:
                self._say_or_wait(root, status, ignored=ignored)
            if stat.S_ISDIR(status.st_mode):
                self._below(root, parents)

    def link(self, path: str) -> None:
        """Takes a link on the way to a root, unless it is ignored."""
        if not self._has(path) and not self._approach(path)[0]:
            self._seen.add(path)
            self._say(path, self._folders.status(path))

    def _has(self, path: str) -> bool:
        return any(above in self._seen for above in _ways(path))

    def _approach(self, root: str) -> tuple[bool, Parents]:
        """The verdict on a root, from the top down; folders on the way are said when something in them is."""
        ignored = False
        parents: Parents = ()
        for path in list(_ways(root))[1:]:
            ignored, parents = self._ignore.verdict(path, parents)
            if path != root and path not in self._said_above:
                self._unsaid[path] = self._folders.status(path)
        return ignored, parents

    def _below(self, root: str, parents: Parents) -> None:
        waiting: list[tuple[str, Parents]] = [(root, parents)]
        simple = self._ignore.simple
        while waiting:
            folder, parents = waiting.pop()
            if simple is None:
                inner = self._folder(folder, parents)
            else:
                inner = [(path, ()) for path in self._simple_folder(folder, simple.match)]
            waiting += reversed(inner)
            if len(self.found.paths) > MOST_ENTRIES or self.found.size > MOST_BYTES:
                raise self._too_much()

    def _simple_folder(self, folder: str, ignored: Callable[[str], object]) -> list[str]:
        """The folder's entries where nothing is ever brought back: the loop that runs once for every file."""
        inner: list[str] = []
        prefix = folder + "/" if folder else ""
        say, unsaid = self.found.add, self._unsaid
        with os.scandir(self._folders.descriptor(folder)) as entries:
            for entry in sorted(entries, key=_name):
                path = prefix + entry.name
                if ignored(path):
                    continue
                if unsaid:
                    self._say_above(path)
                say(path, entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    inner.append(path)
        return inner

    def _folder(self, folder: str, parents: Parents) -> list[tuple[str, Parents]]:
        inner: list[tuple[str, Parents]] = []
        prefix = folder + "/" if folder else ""
        with os.scandir(self._folders.descriptor(folder)) as entries:
            for entry in sorted(entries, key=_name):
                path = prefix + entry.name
                ignored, answers = self._ignore.verdict(path, parents)
                is_folder = entry.is_dir(follow_symlinks=False)
                if ignored and not (is_folder and self._ignore.may_return(path)):
                    continue
                self._say_or_wait(path, entry.stat(follow_symlinks=False), ignored=ignored)
                if is_folder:
                    inner.append((path, answers))
        return inner

    def _say_or_wait(self, path: str, status: os.stat_result, *, ignored: bool) -> None:
        """An ignored folder is said only when something in it is not."""
        if ignored:
            self._unsaid[path] = status
        else:
            self._say(path, status)

    def _say(self, path: str, status: os.stat_result) -> None:
        self._say_above(path)
        self.found.add(path, status)

    def _say_above(self, path: str) -> None:
        folders = list(_ways(path))[1:-1] if self._unsaid else []
        for folder in folders:
            status = self._unsaid.pop(folder, None)
            if status is not None:
                self._said_above.add(folder)
                self.found.add(folder, status)

    def _too_much(self) -> ImageError:
        sizes: dict[str, int] = {}
        for at, path in enumerate(self.found.paths):
            top = path.partition("/")[0]
            sizes[top] = sizes.get(top, 0) + self.found.stats[at * WIDTH + 1] + 4096
        biggest = max(sizes, key=lambda top: sizes[top])
        what = f"more than {MOST_ENTRIES:,} files or {MOST_BYTES // 1024**3} GiB"
        message = f"The build context has {what}; most of what was seen so far is in {shown(biggest)}."
        return ImageError(
            "bad-context", message, f"Name {shown(biggest)} in .dockerignore, or copy less in the Dockerfile."
        )


def _ways(path: str) -> Iterator[str]:
    """The root, each folder on the way, and the path itself."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
    if path:
        yield path
