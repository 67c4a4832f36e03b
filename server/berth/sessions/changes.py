"""What changed in a workspace during a turn, measured from the workspace and not from the agent's word.

Two looks at sizes and times, no content. Folders that tools fill by the thousand are left out. Nothing is executed and
no link is followed: the tree belongs to the agent.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from berth.protocol.workspace_events import FilesChanged

IGNORED = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", ".mypy_cache", ".pytest_cache", "target"})
"""Folders that are not looked into."""

MAX_FILES = 60_000
"""A look stops there (about 0.6 s in a worker thread) and says so."""

MAX_PATHS = 1_000
"""No event names more paths than this."""

_BARE = frozenset({"HEAD", "objects", "refs"})
"""What git knows a bare repository by."""

Seen = tuple[int, int, int, int]
"""When modified and when changed in any way (ns), size, inode. A program can set the first, and not the second."""


@dataclass(frozen=True, slots=True)
class Look:
    """A workspace at one moment: its files by relative path.

    ``repositories`` are the ``.git`` of any kind, and bare repositories; ``ignored`` the folders not looked into,
    ``unread`` those that could not be.
    """

    files: dict[str, Seen]
    truncated: bool
    repositories: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def look(workspace: Path) -> Look:
    """Looks at every file; call it in a worker thread. What cannot be read is left out."""
    found = Look({}, truncated=False)
    for path, entry in _walk(str(workspace), found):
        if len(found.files) >= MAX_FILES:
            return replace(found, truncated=True)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        found.files[path] = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    return found


def changes(workspace: Path, before: Look, after: Look) -> FilesChanged:
    """Files that are new, different or gone, as absolute paths in order."""
    both = before.files.keys() | after.files.keys()
    paths = sorted(path for path in both if before.files.get(path) != after.files.get(path))
    if before.truncated or after.truncated:
        paths = [path for path in paths if path in after.files]
    told = tuple(shown(workspace / path) for path in paths[:MAX_PATHS])
    return FilesChanged(paths=told, truncated=before.truncated or after.truncated or len(paths) > MAX_PATHS)


def shown(path: Path) -> str:
    """A path as text that can be told: names need not be UTF-8, messages must."""
    return str(path).encode(errors="backslashreplace").decode()


def _walk(workspace: str, found: Look) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Not recursive: an agent can nest folders deeper than Python may call."""
    waiting = [(workspace, "")]
    while waiting:
        folder, prefix = waiting.pop()
        entries = _entries(folder, prefix, found)
        if prefix and {entry.name for entry in entries} >= _BARE:
            found.repositories.append(prefix[:-1])
            continue
        inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name != ".git"]
        waiting += [(entry.path, f"{prefix}{entry.name}/") for entry in reversed(inner) if entry.name not in IGNORED]
        for entry in inner:
            if entry.name in IGNORED:
                _look_into_ignored(f"{prefix}{entry.name}", entry.path, found)
        yield from _files(entries, prefix, found)


def _entries(folder: str, prefix: str, found: Look) -> list["os.DirEntry[str]"]:
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError:
        found.unread.append(prefix[:-1])
        return []


def _files(entries: list["os.DirEntry[str]"], prefix: str, found: Look) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    for entry in entries:
        if entry.name == ".git":
            found.repositories.append(f"{prefix}.git")
        elif not entry.is_dir(follow_symlinks=False):
            yield f"{prefix}{entry.name}", entry


def _look_into_ignored(path: str, folder: str, found: Look) -> None:
    """Editors look for a repository right in it, whatever its name."""
    found.ignored.append(path)
    if os.path.lexists(f"{folder}/.git"):
        found.repositories.append(f"{path}/.git")
