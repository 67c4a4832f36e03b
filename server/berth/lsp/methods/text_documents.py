"""``textDocument/didOpen``, ``didChange``, ``didClose``: the open buffers."""

from collections.abc import Callable

from lsprotocol import types

from berth.lsp.server import Server


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Keeps the text."""
    document = params.text_document
    ls.editor.buffers.open(document.uri, document.text, document.version)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Applies the edits."""
    ls.editor.buffers.change(params.text_document.uri, params.content_changes, params.text_document.version)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forgets the text."""
    ls.editor.buffers.close(params.text_document.uri)


METHODS: dict[str, Callable[..., None]] = {
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
}
