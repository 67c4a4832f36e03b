"""Settings that stand in files: the user's own, and the workspace's where the editor gives none. Blocking."""

from dataclasses import replace
from pathlib import Path

import platformdirs

from berth.settings.code_workspaces import code_workspace_layers
from berth.settings.json_files import read_json
from berth.settings.layers import Layer, fold_lines
from berth.settings.origin import LayerName

WORKSPACE_FILE = Path(".vscode") / "settings.json"


def user_file() -> Path:
    """The user's own settings file; it need not exist. ``$XDG_CONFIG_HOME/berth/settings.json`` where there is XDG."""
    return platformdirs.user_config_path("berth", appauthor=False) / "settings.json"


def file_layers(workspace: Path, *, editor_gave: bool) -> list[Layer]:
    """Reads the layers that stand in files, lowest first; a file that is absent is no layer.

    Args:
        workspace: The workspace folder.
        editor_gave: Whether the editor answered for the section. Then the workspace's files are already merged into it.

    Raises:
        berth.errors.SettingsError: ``bad-settings``: a file cannot be read, with ``file:line``.
    """
    layers = [user_layer()]
    if not editor_gave:
        layers += [*code_workspace_layers(workspace), workspace_layer(workspace)]
    return [layer for layer in layers if layer is not None]


def user_layer() -> Layer | None:
    """What the user's own file says, None when there is none. Raises as :func:`file_layers` does."""
    layer = _read("user", user_file())
    if layer is None or not isinstance(layer.raw, dict):
        return layer
    raw = {key: value for key, value in layer.raw.items() if key != "$schema"}
    return replace(layer, raw=raw, trusted=True)


def workspace_layer(workspace: Path) -> Layer | None:
    """What the workspace's file says, None when that is nothing. Raises as :func:`file_layers` does.

    Only the keys of Berth: the file belongs to the editor and to all its extensions.
    """
    layer = _read("workspace", workspace / WORKSPACE_FILE)
    if layer is None or not isinstance(layer.raw, dict):
        return None
    raw = {key: value for key, value in layer.raw.items() if key == "berth" or key.startswith("berth.")}
    return replace(layer, raw=raw) if raw else None


def _read(name: LayerName, path: Path) -> Layer | None:
    found = read_json(path)
    return Layer(name, found[0], str(path), fold_lines(found[1])) if found else None
