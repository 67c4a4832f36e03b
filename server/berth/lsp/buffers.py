"""The documents that are open in the editor, with their unsaved text."""

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from berth.lsp.positions import offset_of


class Buffers:
    """Texts of open documents by URI.

    Kept here and not in pygls' workspace, which reads the disk for documents that are not open and splits lines at
    characters where no editor does. ``encoding`` is the negotiated position encoding.
    """

    def __init__(self) -> None:
        self.encoding = "utf-16"
        self._texts: dict[str, str] = {}

    def open(self, uri: str, text: str) -> None:
        """A document was opened."""
        self._texts[uri] = text

    def change(self, uri: str, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        """A document was edited. A document that is not open is left alone: its text is not known."""
        text = self._texts.get(uri)
        if text is None:
            return
        for change in changes:
            text = self._changed(text, change)
        self._texts[uri] = text

    def close(self, uri: str) -> None:
        """A document was closed, or was never open."""
        self._texts.pop(uri, None)

    def text(self, uri: str) -> str | None:
        """The text of an open document, None when it is not open. Two spellings of one file URI are one document."""
        if uri in self._texts:
            return self._texts[uri]
        path = to_fs_path(uri)
        same = (text for other, text in self._texts.items() if path and to_fs_path(other) == path)
        return next(same, None)

    def uri_of(self, path: Path) -> str:
        """The URI that the editor calls a file by, where it is open; else the plain one."""
        same = (uri for uri in self._texts if to_fs_path(uri) == str(path))
        return next(same, None) or path.as_uri()

    def _changed(self, text: str, change: types.TextDocumentContentChangeEvent) -> str:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return change.text
        start, end = (
            offset_of(text, (place.line, place.character), encoding=self.encoding)
            for place in (change.range.start, change.range.end)
        )
        return text[:start] + change.text + text[max(start, end) :]
