"""All layers there are for a workspace, from files and from the editor. Blocking."""

from collections.abc import Iterator
from pathlib import Path

from berth.settings.code_workspaces import code_workspace_files, code_workspace_layer
from berth.settings.files import file_layers, user_layer, workspace_layer
from berth.settings.layers import Layer, editor_layer
from berth.settings.problems import BadSettings
from berth.settings.provenance import placed
from berth.settings.scopes import ScopedSection


def gathered_layers(workspace: Path, given: object) -> list[Layer]:
    """Every layer, lowest first.

    Args:
        workspace: The workspace folder.
        given: What the editor gave: a section, a :class:`ScopedSection`, or None for nothing.

    Raises:
        berth.errors.SettingsError: ``bad-settings``: a file that counts cannot be read, with ``file:line``.
    """
    if isinstance(given, ScopedSection):
        return [*_user(), *_scopes(workspace, given)]
    editor = editor_layer(given)
    if editor is None:
        return file_layers(workspace, editor_gave=False)
    return [*_user(), *placed(editor, list(_readable(workspace)))]


def is_trusted(given: object) -> bool:
    """Whether the workspace may be read. Only an editor that asked the user can say no."""
    return given.trusted if isinstance(given, ScopedSection) else True


def _user() -> list[Layer]:
    layer = user_layer()
    return [] if layer is None else [layer]


def _scopes(workspace: Path, given: ScopedSection) -> Iterator[Layer]:
    if given.user:
        yield Layer("editor", dict(given.user), trusted=True)
    if not given.trusted:
        return
    files = list(_readable(workspace))
    for scope in (given.workspace, given.folder):
        if scope:
            yield from placed(Layer("workspace", dict(scope)), files)


def _readable(workspace: Path) -> Iterator[Layer]:
    """The workspace's files, to find places in. The editor reads them by itself, so a broken one is no error here."""
    for path in code_workspace_files(workspace):
        try:
            layer = code_workspace_layer(path, workspace)
        except BadSettings:
            continue
        if layer is not None:
            yield layer
    try:
        last = workspace_layer(workspace)
    except BadSettings:
        return
    if last is not None:
        yield last
