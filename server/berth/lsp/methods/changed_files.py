"""``workspace/didChangeWatchedFiles`` and ``textDocument/didSave``: settings may stand in what was written."""

from collections.abc import Callable

from lsprotocol import types

from berth.lsp.folders import path_of
from berth.lsp.server import Server


def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Has the settings read again where they stand in one of the files."""
    _changed(ls, [change.uri for change in params.changes])


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """As above: many clients watch no files."""
    _changed(ls, [params.text_document.uri])


def _changed(ls: Server, uris: list[str]) -> None:
    paths = [path for uri in uris if (path := path_of(uri)) is not None]
    ls.when_attached(lambda attached: attached.files_changed(paths))


METHODS: dict[str, Callable[..., None]] = {
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
    types.TEXT_DOCUMENT_DID_SAVE: did_save,
}
