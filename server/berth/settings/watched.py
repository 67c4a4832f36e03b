"""Which files in and around a workspace folder settings stand in, by their names alone. Pure."""

from pathlib import Path

from berth.settings.code_workspaces import SUFFIX
from berth.settings.files import WORKSPACE_FILE

OWN_FOLDER = ".berth"
"""A project's own recipes stand in it."""

OWN_PARTS = ((OWN_FOLDER,), (".devcontainer",), (".devcontainer.json",))
"""First parts of the paths below a folder under which everything counts."""

IN_FOLDER = (
    WORKSPACE_FILE.as_posix(),
    f"*{SUFFIX}",
    f"{OWN_FOLDER}/**",
    ".env",
    ".env.*",
    ".devcontainer.json",
    ".devcontainer/**",
)
"""What is watched in a workspace folder, as globs of the Language Server Protocol."""

ABOVE = f"*{SUFFIX}"
"""What is watched in the folder above it."""


def concerns(path: Path, folder: Path) -> bool:
    """Whether a file that changed can change what the settings come to for the folder."""
    if path.suffix == SUFFIX:
        return path.parent in (folder, folder.parent)
    if not path.is_relative_to(folder):
        return False
    inside = path.relative_to(folder)
    is_environment = inside.name == ".env" or inside.name.startswith(".env.")
    return inside == WORKSPACE_FILE or inside.parts[:1] in OWN_PARTS or (is_environment and len(inside.parts) == 1)
