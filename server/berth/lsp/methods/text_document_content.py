"""``workspace/textDocumentContent``: a transcript as a virtual document."""

from lsprotocol import types

from berth.lsp.server import Server


async def text_document_content(ls: Server, params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
    """The transcript as it is now."""
    return types.TextDocumentContentResult(text=await (await ls.attached()).transcripts.text(params.uri))
