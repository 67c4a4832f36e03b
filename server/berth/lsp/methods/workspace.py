"""``workspace/didChangeConfiguration`` and ``didChangeWorkspaceFolders``."""

from collections.abc import Callable

from lsprotocol import types

from berth.lsp.server import Server


def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Keeps what was pushed; what can be pulled is pulled when it is needed. Settings are read again."""
    ls.editor.configuration.push(params.settings)
    ls.when_attached(lambda attached: attached.reload.settings_changed())


def did_change_workspace_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Follows the open folders."""
    ls.editor.folders.remove(folder.uri for folder in params.event.removed)
    ls.editor.folders.add(folder.uri for folder in params.event.added)
    ls.when_attached(lambda attached: attached.folders_changed())


METHODS: dict[str, Callable[..., None]] = {
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders,
}
