"""Git folders in a workspace: which paths of theirs are held in place, and which are read-only.

A read-only mount on ``.git/config`` alone is got round by renaming ``.git`` and making a new one: a mount moves with
the folders above it. So every folder on the way is mounted onto itself, which the kernel then refuses to rename.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GitFolder:
    """One git folder: ``.git``, a submodule's in ``.git/modules``, or a linked worktree's in ``.git/worktrees``.

    Attributes:
        path: Its real path, in the workspace and behind no link.
        present: Which of the names that matter are there.
        bare: Those of :data:`MADE` that are not there, or are an empty folder or file.
        linked: It belongs to a linked worktree: its configuration is that of another git folder.
        obeyed: Files and folders in the workspace, elsewhere than in git folders, that its configuration makes git
            obey (``core.hooksPath``, ``include.path``); they exist.
        remotes: The hosts of its remotes' URLs.
    """

    path: Path
    present: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    linked: bool = False
    obeyed: tuple[Path, ...] = ()
    remotes: tuple[str, ...] = ()


SEALED = ("config", "config.worktree", "hooks")
"""What git obeys in a git folder. (``commondir`` in it would lead git elsewhere: see ``docs/writeback.md``.)"""

SEALED_LINKED = ("commondir", "config.worktree", "gitdir")
"""What leads from the git folder of a linked worktree to the one it belongs to."""

MADE = {"config.worktree": "file", "hooks": "folder"}
"""What is made, empty, where it is not there, so that the agent cannot make it."""


def pinned(folder: GitFolder, workspace: Path) -> Iterator[Path]:
    """The folders that must not be renamed: the git folder, and those above it up to the outermost git folder.

    Folders of the work tree stay free: people's tools rename them.
    """
    inside = folder.path.relative_to(workspace).parts
    first = inside.index(".git") if ".git" in inside else len(inside) - 1
    for depth in range(first + 1, len(inside) + 1):
        yield workspace.joinpath(*inside[:depth])
    for path in folder.obeyed:
        yield from _above(path, workspace)


def sealed(folder: GitFolder) -> Iterator[Path]:
    """The paths that are read-only, and are there once those of :func:`made` were made."""
    names = SEALED_LINKED if folder.linked else SEALED
    for name in names:
        if name in folder.present or (name in folder.bare and not folder.linked):
            yield folder.path / name
    yield from folder.obeyed


def made(folder: GitFolder) -> Iterator[tuple[Path, str]]:
    """What is made before a start where it is not there, and whether as a ``file`` or a ``folder``."""
    if not folder.linked:
        yield from ((folder.path / name, MADE[name]) for name in sorted(folder.bare))


def _above(path: Path, workspace: Path) -> Iterator[Path]:
    for parent in path.parents:
        if parent == workspace or not parent.is_relative_to(workspace):
            return
        yield parent
