"""The table of LSP methods."""

from collections.abc import Callable

from lsprotocol import types

from berth.lsp.methods import base_protocol, changed_files, leaving, text_documents, workspace
from berth.lsp.methods.code_action import code_action
from berth.lsp.methods.execute_command import execute_command
from berth.lsp.methods.initialize import initialize
from berth.lsp.methods.initialized import initialized
from berth.lsp.methods.progress_cancel import progress_cancel
from berth.lsp.methods.text_document_content import text_document_content
from berth.lsp.server import Server

METHODS: dict[str, Callable[..., object]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.WORKSPACE_EXECUTE_COMMAND: execute_command,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action,
    types.WORKSPACE_TEXT_DOCUMENT_CONTENT: text_document_content,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: progress_cancel,
    **leaving.METHODS,
    **text_documents.METHODS,
    **changed_files.METHODS,
    **workspace.METHODS,
    **base_protocol.METHODS,
}


def register_methods(server: Server) -> None:
    """Gives the server every method that clients may send. Handlers name their first parameter ``ls``, for pygls."""
    for method, handler in METHODS.items():
        server.feature(method)(handler)
