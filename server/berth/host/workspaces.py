"""From what a client calls a workspace folder to a real folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from berth.errors import InvalidArguments, WorkspaceError
from berth.planning.facts import WorkspaceFacts
from berth.system.users import owner_of


def workspace_path(named: str | None, folders: tuple[Path, ...]) -> Path:
    """The folder a command means: the one it names, else the connection's only one.

    Raises:
        InvalidArguments: It names none, and the editor has none or several open.
    """
    if named:
        return path_of(named)
    if len(folders) == 1:
        return folders[0]
    count = "no folder" if not folders else f"{len(folders)} folders"
    raise InvalidArguments(
        "invalid-arguments",
        f"workspaceFolder: the editor has {count} open, so a folder must be named.",
        "Pass workspaceFolder as a path or file URI.",
    )


def path_of(named: str) -> Path:
    """A path or ``file:`` URI as a path.

    Raises:
        InvalidArguments: It is another kind of URI, or not absolute.
    """
    if named.startswith("file:"):
        parts = urlsplit(named)
        text = unquote(parts.path)
        path = Path(text[1:] if len(text) > 2 and text[2] == ":" else text)
    else:
        path = Path(named).expanduser()
    if "://" in named[:12] and not named.startswith("file:"):
        raise InvalidArguments("invalid-arguments", f"{named}: only paths and file URIs are understood.", "")
    if not path.is_absolute() or "\0" in str(path):
        raise InvalidArguments("invalid-arguments", f"{named}: the path must be absolute.", "")
    return path


def look_at(path: Path) -> WorkspaceFacts:
    """The folder's real path and owner; call it in a worker thread.

    Raises:
        WorkspaceError: ``workspace-missing`` or ``workspace-not-a-folder``.
    """
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        raise WorkspaceError(
            "workspace-missing", f"The workspace folder {path} does not exist.", "Open an existing folder."
        ) from None
    if not real.is_dir():
        raise WorkspaceError("workspace-not-a-folder", f"{path} is a file, not a folder.", "Name the folder it is in.")
    return WorkspaceFacts(real, *owner_of(status))
