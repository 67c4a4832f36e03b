"""Read-only mounts over what would run later on the host, wherever a writable mount shows it."""

from collections.abc import Sequence
from pathlib import Path

from berth.planning.facts import Facts
from berth.planning.plan import Mount
from berth.planning.reasons import built_in
from berth.planning.workspace import protected_paths

_WHY = built_in("what an agent writes there would run later on the host")


def protective_mounts(writable: Sequence[Mount], facts: Facts) -> tuple[list[Mount], list[str]]:
    """The mounts for the protected paths that exist, and notes about those that cannot be protected.

    A protected path that is a link is followed, but not out of the workspace: a repository could otherwise have any
    folder of the user mounted by calling a link ``.vscode``.
    """
    workspace = facts.workspace.path
    mounts, notes = [], []
    for path in protected_paths(workspace):
        if path not in facts.existing:
            continue
        real = facts.links.get(path, path)
        if real == workspace or not real.is_relative_to(workspace):
            notes.append(f"{path} is a link out of its place and is not made read-only.")
            continue
        mounts += [_over(mount, real) for mount in writable if real.is_relative_to(mount.source)]
    return mounts, notes


def _over(mount: Mount, path: Path) -> Mount:
    target = Path(mount.target) / path.relative_to(mount.source)
    return Mount("bind", str(path), str(target), read_only=True, reason=_WHY)
