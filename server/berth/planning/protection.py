"""Read-only mounts over what would run later on the host, wherever a writable mount shows it.

``docs/writeback.md`` says which attacks they stop, and which they cannot.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from berth.planning.facts import Facts
from berth.planning.git_folders import GitFolder, made, pinned, sealed
from berth.planning.plan import Mount, MountPoint
from berth.planning.reasons import built_in
from berth.planning.workspace import protected_paths

MAX_REPOSITORIES = 20
"""Each takes eight mounts, and a mount costs a start one or two milliseconds."""

_WHY = built_in("what an agent writes there would run later on the host")
_HELD = built_in("mounted onto itself, so that it cannot be renamed and another one put in its place")


@dataclass(frozen=True, slots=True)
class Protection:
    """Mounts, what must be there for them, and notes about what cannot be protected."""

    mounts: tuple[Mount, ...]
    mount_points: tuple[MountPoint, ...]
    notes: tuple[str, ...]


def protection(writable: Sequence[Mount], facts: Facts) -> Protection:
    """What keeps the agent from writing what the host would run.

    A protected path that is a link is followed, but not out of the workspace: a repository could otherwise have any
    folder of the user mounted by calling a link ``.vscode``.
    """
    git = facts.protection.git_folders[:MAX_REPOSITORIES]
    held = {path: _mount(path, read_only=False) for path in _held(git, facts.workspace.path)}
    named, notes = _named(facts)
    bare = [MountPoint(path, "folder") for path in sorted(facts.protection.bare)]
    paths = [*named, *(point.path for point in bare), *facts.protection.files]
    for path in (*paths, *(path for folder in git for path in sealed(folder))):
        held[path] = _mount(path, read_only=True)
    mounts = [_over(mount, one) for one in held.values() for mount in writable if _shows(mount, one)]
    points = (*bare, *(MountPoint(path, _kind(kind)) for folder in git for path, kind in made(folder)))
    return Protection(tuple(mounts), points, (*notes, *_left_out(facts)))


def is_protective(mount: Mount) -> bool:
    """Whether a mount is one of these, and not one that anybody asked for."""
    return mount.reason in (_WHY, _HELD)


def _held(folders: Iterable[GitFolder], workspace: Path) -> Iterator[Path]:
    for folder in folders:
        yield from pinned(folder, workspace)


def _named(facts: Facts) -> tuple[list[Path], list[str]]:
    workspace = facts.workspace.path
    paths, notes = [], []
    for path in protected_paths(workspace):
        if path not in facts.existing:
            continue
        real = facts.links.get(path, path)
        if real == workspace or not real.is_relative_to(workspace):
            notes.append(f"{path} is a link out of its place and is not made read-only.")
        else:
            paths.append(real)
    return paths, notes


def _left_out(facts: Facts) -> list[str]:
    count = len(facts.protection.git_folders) - MAX_REPOSITORIES
    return [] if count <= 0 else [f"{count} of the workspace's git folders are not made read-only: they are too many."]


def _kind(kind: str) -> Literal["file", "folder"]:
    return "file" if kind == "file" else "folder"


def _mount(path: Path, *, read_only: bool) -> Mount:
    return Mount("bind", str(path), str(path), read_only=read_only, reason=_WHY if read_only else _HELD)


def _shows(mount: Mount, held: Mount) -> bool:
    return Path(held.source).is_relative_to(mount.source)


def _over(mount: Mount, held: Mount) -> Mount:
    target = Path(mount.target) / Path(held.source).relative_to(mount.source)
    return Mount("bind", held.source, str(target), read_only=held.read_only, reason=held.reason)
