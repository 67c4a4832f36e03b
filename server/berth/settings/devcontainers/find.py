"""Where a project's ``devcontainer.json`` is. Looks at the file system."""

import os
from pathlib import Path

from berth.errors import SettingsError
from berth.settings.origin import Sourced

FOLDER = ".devcontainer"
FILE = "devcontainer.json"
SETTING = "berth.docker.devcontainer"


def devcontainer_files(workspace: Path) -> tuple[Path, ...]:
    """The files that there are, in the order in which the specification looks for them.

    Those in folders of their own (``.devcontainer/<name>/devcontainer.json``) are choices: none stands above another.
    """
    usual = (workspace / FOLDER / FILE, workspace / f".{FILE}")
    try:
        named = sorted((workspace / FOLDER).glob(f"*/{FILE}"))
    except OSError:
        named = []
    return tuple(path for path in (*usual, *named) if path.is_file())


def find_devcontainer(workspace: Path, wanted: Sourced[bool | str]) -> Path | None:
    """The file that is meant; None where it is switched off, or on and there is none.

    Raises:
        SettingsError: ``bad-devcontainer``: the named file does not exist or lies elsewhere, or several could be meant.
    """
    if isinstance(wanted.value, str):
        path = _named(workspace, wanted.value)
        if not path.is_file():
            message = f"{path} does not exist, and {SETTING} names it ({wanted.origin.place})."
            raise SettingsError("bad-devcontainer", message, "Correct the path.")
        return _inside(path, workspace)
    found = devcontainer_files(workspace) if wanted.value else ()
    if not found:
        return None
    first = found[0]
    if len(found) > 1 and first.parent.parent != workspace and first.parent != workspace:
        names = ", ".join(str(path.relative_to(workspace)) for path in found[:10])
        message = f"There are several devcontainer.json files: {names}."
        raise SettingsError("bad-devcontainer", message, f"Name one of them in {SETTING}.")
    return _inside(first, workspace)


def _named(workspace: Path, written: str) -> Path:
    path = Path(os.path.normpath(workspace / written))
    return path / FILE if path.is_dir() else path


def _inside(path: Path, workspace: Path) -> Path:
    """A repository must not have another file of the user read by a link."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(workspace)):
        message = f"{path} is outside of the workspace, or leads out of it."
        raise SettingsError("bad-devcontainer", message, "Name a file inside the workspace.")
    return path
