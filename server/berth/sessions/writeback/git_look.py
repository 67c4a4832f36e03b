"""What in a git folder could run on the host. Git itself is never run here: it would obey what is looked for."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from berth.sessions.changes import shown
from berth.sessions.writeback.git_keys import running_keys
from berth.settings.observe import Unreadable, read_bytes

MAX_FOLDERS = 200
"""Submodules, and worktrees, of one repository that are looked at."""

_BYTES = 256 * 1024
_EXEC = re.compile(r"^\s*(?:x|exec)\s", re.MULTILINE)
_DRIVERS = re.compile(r"\b(?:filter|diff|merge)=")
_KNOWN = re.compile(r"/\.git/(?:worktrees|modules)/[^/]")
_UNREAD = "is too large or no plain file, and git may obey it"
_DEPTH = 4
"""Submodules of submodules are looked at so many times."""


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that could run. ``identity`` tells one from another at the same path: times, or a value."""

    path: Path
    what: str
    identity: str


def dangers(git: Path) -> frozenset[Danger]:
    """Everything of a ``.git`` (a folder, a file or a link) or of a bare repository that could run."""
    try:
        plain = git.is_dir() and not git.is_symlink()
        return frozenset(_folder(git, 0) if plain else _pointer(git))
    except OSError:
        return frozenset({Danger(git, "could not be looked at", "")})


def _pointer(git: Path) -> Iterator[Danger]:
    """A ``.git`` that leads git elsewhere. Where that is in a git folder of the workspace, it is looked at there."""
    if git.is_symlink():
        yield Danger(git, "leads git to another folder", str(git.readlink()))
        return
    text = (_text(git) or "").strip()
    target = os.path.normpath(git.parent / text.removeprefix("gitdir:").strip())
    if not _KNOWN.search(target):
        yield Danger(git, f"leads git to {shown(Path(target))}", text)


def _folder(git: Path, depth: int) -> Iterator[Danger]:
    yield from _configured(git)
    yield from _hooks(git / "hooks")
    yield from _common(git, "")
    yield from _prepared(git)
    for worktree in _folders(git / "worktrees"):
        yield from _configured(worktree)
        yield from _common(worktree, "../..")
    if depth < _DEPTH:
        for module in list(_modules(git / "modules", 3))[:MAX_FOLDERS]:
            yield from _folder(module, depth + 1)


def _configured(git: Path) -> Iterator[Danger]:
    for path in (git / "config", git / "config.worktree"):
        if path.is_symlink():
            yield Danger(path, "leads git to another configuration", str(path.readlink()))
        text = _text(path)
        if text is None:
            yield Danger(path, _UNREAD, _seen(path))
        for key, value in running_keys(text or ""):
            yield Danger(path, f"git runs or obeys what its {key} says", f"{key}={value}")
            if key == "core.hookspath" and value:
                yield from _hooks(git.parent / value)


def _hooks(folder: Path) -> Iterator[Danger]:
    if folder.is_symlink():
        yield Danger(folder, "git runs the hooks in the folder that it leads to", str(folder.readlink()))
    elif folder.is_dir():
        for hook in sorted(folder.iterdir()):
            if hook.suffix != ".sample":
                yield Danger(hook, "git runs it by itself: a hook", _seen(hook))


def _common(git: Path, usual: str) -> Iterator[Danger]:
    """A ``commondir`` leads git to other configuration and hooks; that of a linked worktree leads two folders up."""
    path = git / "commondir"
    if not os.path.lexists(path):
        return
    text = (_text(path) or "").strip()
    if path.is_symlink() or not text or text != usual:
        yield Danger(path, "leads git to the configuration and hooks of another folder", text or _seen(path))


def _prepared(git: Path) -> Iterator[Danger]:
    attributes, todo = git / "info" / "attributes", git / "rebase-merge" / "git-rebase-todo"
    if _says(attributes, _DRIVERS):
        yield Danger(attributes, "has git run drivers of your own configuration", _seen(attributes))
    if _says(todo, _EXEC):
        yield Danger(todo, "git runs its commands when the rebase goes on", _seen(todo))


def _modules(folder: Path, depth: int) -> Iterator[Path]:
    """A submodule's name may have slashes in it, and so be some folders down."""
    for path in _folders(folder):
        if os.path.lexists(path / "HEAD"):
            yield path
        elif depth:
            yield from _modules(path, depth - 1)


def _folders(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    found = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.is_symlink()]
    return found[:MAX_FOLDERS]


def _says(path: Path, words: re.Pattern[str]) -> bool:
    text = _text(path)
    return text is None or words.search(text) is not None


def _text(path: Path) -> str | None:
    """Empty where nothing is there; None where something is that git may read and Berth does not."""
    try:
        return (read_bytes(path, _BYTES) or b"").decode(errors="replace")
    except Unreadable:
        return None


def _seen(path: Path) -> str:
    status = path.lstat()
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
