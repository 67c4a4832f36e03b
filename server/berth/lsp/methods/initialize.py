"""``initialize``: what the client can do comes in, what we can do goes out."""

from typing import Any

from lsprotocol import types

from berth import __version__
from berth.lsp.addresses import SCHEME
from berth.lsp.offers import Offers, read_offers
from berth.lsp.protocol import Phase
from berth.lsp.server import Server
from berth.protocol.names import COMMANDS


def initialize(ls: Server, params: dict[str, Any]) -> types.InitializeResult:
    """Answers at once; the host is loaded when the answer is out."""
    ls.editor.offers = read_offers(params)
    ls.editor.folders.begin(params)
    ls.editor.configuration.begin(params, ls.editor.offers)
    ls.editor.buffers.encoding = ls.editor.offers.encoding
    ls.protocol.phase = Phase.RUNNING
    ls.greeted.set()
    return types.InitializeResult(_capabilities(ls.editor.offers), types.ServerInfo("Berth", __version__))


def _capabilities(offers: Offers) -> types.ServerCapabilities:
    return types.ServerCapabilities(
        position_encoding=offers.encoding,
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True, change=types.TextDocumentSyncKind.Incremental, save=types.SaveOptions()
        ),
        code_action_provider=_code_actions(offers),
        execute_command_provider=types.ExecuteCommandOptions(commands=COMMANDS, work_done_progress=True),
        workspace=_workspace(offers),
    )


def _code_actions(offers: Offers) -> types.CodeActionOptions | bool:
    if not offers.literal_code_actions:
        return True
    return types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.Source])


def _workspace(offers: Offers) -> types.WorkspaceOptions:
    folders = types.WorkspaceFoldersServerCapabilities(supported=True, change_notifications=True)
    content = types.TextDocumentContentOptions(schemes=[SCHEME]) if offers.virtual_documents else None
    return types.WorkspaceOptions(workspace_folders=folders, text_document_content=content)
