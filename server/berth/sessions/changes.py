"""What changed in a workspace during a turn, measured from the workspace and not from the agent's word.

Two looks at sizes and times, no content. Folders that tools fill by the thousand are left out. Nothing is executed and
no link is followed: the tree belongs to the agent.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from berth.protocol.events import FilesChanged

IGNORED = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", ".mypy_cache", ".pytest_cache", "target"})
"""Folders that are not looked into."""

MAX_FILES = 30_000
"""A look stops there (about 0.2 s in a worker thread) and says so."""

MAX_PATHS = 1_000
"""No event names more paths than this."""


@dataclass(frozen=True, slots=True)
class Look:
    """A workspace at one moment: relative path → (modified in ns, size, inode)."""

    files: dict[str, tuple[int, int, int]]
    truncated: bool


def look(workspace: Path) -> Look:
    """Looks at every file; call it in a worker thread. What cannot be read is left out."""
    files: dict[str, tuple[int, int, int]] = {}
    for path, entry in _walk(str(workspace), ""):
        if len(files) >= MAX_FILES:
            return Look(files, truncated=True)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        files[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return Look(files, truncated=False)


def changes(workspace: Path, before: Look, after: Look) -> FilesChanged:
    """Files that are new, different or gone, as absolute paths in order."""
    both = before.files.keys() | after.files.keys()
    paths = sorted(path for path in both if before.files.get(path) != after.files.get(path))
    if before.truncated or after.truncated:
        paths = [path for path in paths if path in after.files]
    shown = tuple(str(workspace / path) for path in paths[:MAX_PATHS])
    return FilesChanged(paths=shown, truncated=before.truncated or after.truncated or len(paths) > MAX_PATHS)


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in IGNORED:
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry
