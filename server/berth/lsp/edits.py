"""Changes to documents that are open in the editor: ``workspace/applyEdit``."""

from lsprotocol import types

from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.lsp.folders import path_of
from berth.lsp.positions import position_of

EDIT_SECONDS = 5.0
"""How long an editor may take. It may ask the user, but the command that makes the edit is waited for as well."""


async def edit_document(editor: Editor, uri: str, *, before: str, after: str) -> bool:
    """Changes an open document whose text is ``before``; answers whether the editor says that it did.

    The edit names the document's version where the client understands that, so that what is typed meanwhile is safe.
    """
    path = path_of(uri)
    name = uri if path is None else editor.buffers.uri_of(path)
    if not editor.offers.edits or editor.buffers.text(name) != before:
        return False
    params = types.ApplyWorkspaceEditParams(
        edit=_edit(editor, name, smallest_edit(before, after, encoding=editor.offers.encoding)), label="Berth"
    )
    try:
        answer = await editor.client.ask(types.WORKSPACE_APPLY_EDIT, params, within=EDIT_SECONDS)
    except (TimeoutError, ClientRefused):
        return False
    return isinstance(answer, dict) and answer.get("applied") is True


def smallest_edit(before: str, after: str, *, encoding: str) -> types.TextEdit:
    """The one stretch in which the texts differ, so that cursors and folds elsewhere stay."""
    start = _same(before, after)
    start, same = _outside_line_ends(before, start, _same(before[start:][::-1], after[start:][::-1]))
    places = [position_of(before, offset, encoding=encoding) for offset in (start, len(before) - same)]
    first, last = (types.Position(line, character) for line, character in places)
    return types.TextEdit(types.Range(first, last), after[start : len(after) - same])


def _edit(editor: Editor, uri: str, edit: types.TextEdit) -> types.WorkspaceEdit:
    if not editor.offers.versioned_edits:
        return types.WorkspaceEdit(changes={uri: [edit]})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=editor.buffers.version(uri))
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=document, edits=[edit])])


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _outside_line_ends(text: str, start: int, same: int) -> tuple[int, int]:
    """No position lies between the two characters of a line end, so none is cut in two."""
    if text[start - 1 : start + 1] == "\r\n" and start:
        start -= 1
    end = len(text) - same
    if text[end - 1 : end + 1] == "\r\n" and end:
        same -= 1
    return start, same
