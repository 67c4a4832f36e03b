"""Which folders can be a workspace, and what in them is read-only."""

from pathlib import Path

from berth.errors import WorkspaceError
from berth.planning.facts import LocalFacts
from berth.planning.paths import Places

ALIAS = "/workspace"
"""Where the workspace is in every container, beside its own path."""

COVERED = (".vscode", ".devcontainer", ".berth", ".idea")
"""Folders that editors obey as soon as they are there: covered by an empty read-only folder where they are not."""

PROTECTED = (
    *(".git/hooks", ".git/config", ".git/config.worktree", *COVERED),
    *(".envrc", ".zed", ".helix", ".exrc", ".nvim.lua", ".dir-locals.el", ".devcontainer.json"),
)
"""What an agent writes there runs later on the host, so it is read-only in the container where it exists."""

_SYSTEM = frozenset(
    (
        *("/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root"),
        *("/run", "/sbin", "/srv", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/var", "/var/run"),
        *("/etc/berth", "/Users", "/Applications", "/Library", "/System", "/private", "/private/tmp", "/private/var"),
        "/tmp",  # noqa: S108 - refused, not used
    )
)
_SYSTEM_TREES = (Path("/proc"), Path("/sys"), Path("/dev"))


def check_workspace(facts: LocalFacts) -> None:
    """Refuses folders that cannot be mounted, or that are far more than a project.

    Raises:
        WorkspaceError: ``workspace-unsuitable``.
    """
    path = facts.workspace.path
    what = _fault(path, Places(path, facts.environment).home)
    if what:
        raise WorkspaceError("workspace-unsuitable", f"{path} {what}.", "Open a project folder instead.")


def _fault(path: Path, home: Path | None) -> str:
    if not path.is_absolute():
        return "is not an absolute path"
    if any(c in str(path) for c in ":,") or not str(path).isprintable():
        return "has a colon, a comma or a character that cannot be printed in its name, which mounts cannot have"
    if str(path) in _SYSTEM or any(path.is_relative_to(tree) for tree in _SYSTEM_TREES):
        return "is a folder of the system, not a project"
    if home is not None and home.is_relative_to(path):
        return "is a home folder or holds one: the agent would see everything in it"
    return ""


def protected_paths(workspace: Path) -> tuple[Path, ...]:
    """The paths in the workspace that are read-only where they exist."""
    return tuple(workspace / name for name in PROTECTED)
