"""Settings in ``*.code-workspace`` files, for the folders that they list. Blocking."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from berth.settings.json_files import read_json
from berth.settings.layers import Layer, fold_lines

SUFFIX = ".code-workspace"

MAX_FILES = 32
"""So many in one folder are looked at: more is no project."""


def code_workspace_layers(folder: Path) -> list[Layer]:
    """What such files in the folder and in the one above say for the folder, lowest first.

    A file counts when it lists the folder and belongs to whom the folder belongs to: the folder above may be one where
    others write. Of several the one nearer by wins, then the later name.

    Raises:
        berth.errors.SettingsError: ``bad-settings``: a file in the folder, or one above with the folder's name in it,
            cannot be read, with ``file:line``.
    """
    layers = [code_workspace_layer(path, folder) for path in code_workspace_files(folder)]
    return [layer for layer in layers if layer is not None]


def code_workspace_files(folder: Path) -> list[Path]:
    """The files that may say something for the folder, lowest first."""
    return [path for place in (folder.parent, folder) for path in _files(place, folder)]


def code_workspace_layer(path: Path, folder: Path) -> Layer | None:
    """What one such file says for the folder; None when it is not about it. Raises as :func:`code_workspace_layers`."""
    found = read_json(path, mentioning="" if path.parent == folder else folder.name)
    if found is None:
        return None
    raw, lines = found
    if not isinstance(raw, dict) or not _lists(raw, path, folder):
        return None
    settings = raw.get("settings")
    if not isinstance(settings, dict):
        return None
    ours = {key: value for key, value in settings.items() if key == "berth" or key.startswith("berth.")}
    inner = {keys[1:]: line for keys, line in lines.items() if keys[0] == "settings" and keys[1:]}
    return Layer("workspace", ours, str(path), fold_lines(inner)) if ours else None


def _files(place: Path, folder: Path) -> Iterator[Path]:
    try:
        names = sorted(name for name in os.listdir(place) if name.endswith(SUFFIX))  # noqa: PTH208 - no Path made of each
        owner = folder.stat().st_uid
        found = [place / name for name in names[:MAX_FILES] if (place / name).stat().st_uid == owner]
    except OSError:
        return  # a folder above that may not be listed, or a link to nowhere
    yield from found


def _lists(raw: dict[str, Any], path: Path, folder: Path) -> bool:
    folders = raw.get("folders")
    named = [entry.get("path") for entry in folders if isinstance(entry, dict)] if isinstance(folders, list) else []
    wanted = os.path.realpath(folder)
    return any(
        os.path.realpath(path.parent / name) == wanted for name in named if isinstance(name, str) and "\0" not in name
    )
