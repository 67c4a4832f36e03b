"""Looks for what must be kept from the agent. Never runs git, follows no link: an agent may have written it all."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from berth.planning.facts import ProtectionFacts
from berth.planning.git_config import remote_hosts, settings_of
from berth.planning.git_folders import MADE, SEALED, SEALED_LINKED, GitFolder
from berth.planning.workspace import COVERED
from berth.settings.observe import Unreadable, read_bytes

DEPTH = 2
"""How far below the workspace repositories are looked for. Editors look one folder deep by themselves."""

MAX_FOLDERS = 400
"""So many folders are looked into, at some 15 µs each."""

_LEFT_OUT = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", "target"})
_CONFIG_BYTES = 256 * 1024


def protection_facts(workspace: Path) -> ProtectionFacts:
    """Everything in a workspace that planning protects; call it in a worker thread."""
    folders: list[GitFolder] = []
    files = [Path(entry.path) for entry in _entries(workspace) if _is_file(entry, ".code-workspace")]
    for place in _places(workspace):
        git = place / ".git"
        if git.is_symlink():
            continue
        if git.is_dir():
            folders += _git_folders(git, workspace)
        elif git.is_file():
            files.append(git)
    can_make = os.access(workspace, os.W_OK | os.X_OK)
    bare = frozenset(workspace / name for name in COVERED if can_make and _is_bare(workspace / name))
    return ProtectionFacts(tuple(folders), tuple(files), bare)


def _places(workspace: Path) -> Iterator[Path]:
    """The workspace and the folders in it, outer ones first."""
    waiting, seen = [(workspace, 0)], 0
    while waiting and seen < MAX_FOLDERS:
        folder, depth = waiting.pop(0)
        seen += 1
        yield folder
        if depth < DEPTH:
            waiting += [(Path(entry.path), depth + 1) for entry in _folders(folder) if entry.name not in _LEFT_OUT]


def _git_folders(git: Path, workspace: Path) -> Iterator[GitFolder]:
    """A git folder, and those in it of submodules and linked worktrees."""
    yield _git_folder(git, workspace, linked=False)
    for entry in _folders(git / "worktrees"):
        yield _git_folder(Path(entry.path), workspace, linked=True)
    for path in _modules(git / "modules", 3):
        yield from _git_folders(path, workspace)


def _modules(folder: Path, depth: int) -> Iterator[Path]:
    """Submodules' git folders. A submodule's name may have slashes in it, and so be some folders down."""
    for entry in _folders(folder):
        path = Path(entry.path)
        if (path / "HEAD").is_file():
            yield path
        elif depth:
            yield from _modules(path, depth - 1)


def _git_folder(path: Path, workspace: Path, *, linked: bool) -> GitFolder:
    names = SEALED_LINKED if linked else SEALED
    present = frozenset(name for name in names if (path / name).exists() and not (path / name).is_symlink())
    can_make = os.access(path, os.W_OK | os.X_OK)
    bare = frozenset(name for name in MADE if can_make and _is_bare(path / name))
    settings = _settings(path)
    obeyed = tuple(_obeyed(settings, path, workspace))
    return GitFolder(path, present, bare, linked, obeyed, tuple(dict.fromkeys(remote_hosts(settings))))


def _settings(git: Path) -> list[tuple[str, str]]:
    try:
        return [*settings_of((read_bytes(git / "config", _CONFIG_BYTES) or b"").decode(errors="replace"))]
    except Unreadable:
        return []


def _obeyed(settings: Sequence[tuple[str, str]], git: Path, workspace: Path) -> Iterator[Path]:
    """Where git's configuration leads it, in the workspace and beside the git folders."""
    for key, value in settings:
        bases = {"core.hookspath": git.parent, "include.path": git}
        base = git if key.startswith("includeif.") and key.endswith(".path") else bases.get(key)
        if base is None or not value or value.startswith("~"):
            continue
        path = Path(os.path.normpath(base / value))
        plain = path.is_relative_to(workspace) and path != workspace and Path(os.path.realpath(path)) == path
        if plain and ".git" not in path.relative_to(workspace).parts and path.exists():
            yield path


def _is_bare(path: Path) -> bool:
    """Whether nothing is there, or an empty folder or file that a start before may have made."""
    try:
        if path.is_symlink():
            return False
        return not any(path.iterdir()) if path.is_dir() else not path.exists() or path.stat().st_size == 0
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]", suffix: str) -> bool:
    return entry.name.endswith(suffix) and entry.is_file(follow_symlinks=False)


def _folders(folder: Path) -> list["os.DirEntry[str]"]:
    return [entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    if folder.is_symlink():
        return []
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
