"""``textDocument/codeAction``: the way to every command for editors without code of ours."""

from lsprotocol import types

from berth.lsp.server import Server


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | list[types.Command]:
    """Actions of kind ``source`` by the state of the sessions in the document's folder."""
    ls.editor.diagnostics.remember(params.text_document.uri, params.context.diagnostics)
    return (await ls.attached()).code_actions.at(params)
