"""The diagnostics that the editor showed us."""

from collections.abc import Sequence

from lsprotocol import types

from berth.lsp.folders import path_of

KEPT = 200
"""Documents whose diagnostics are remembered; the longest unseen are forgotten first."""

LINES = 500
"""Diagnostics of one document that are remembered."""


class Diagnostics:
    """A server is never sent the diagnostics of others, except with a request for code actions: these are kept."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def remember(self, uri: str, diagnostics: Sequence[types.Diagnostic]) -> None:
        """Takes what came with a request for code actions; it replaces what was known of the document."""
        self._lines.pop(uri, None)
        if diagnostics:
            self._lines[uri] = "\n".join(_line(uri, diagnostic) for diagnostic in diagnostics[:LINES])
        while len(self._lines) > KEPT:
            del self._lines[next(iter(self._lines))]

    def of(self, uri: str) -> str:
        """One line for each diagnostic of a document: ``path:line:column: severity: message [source code]``, from 1."""
        return self._lines.get(uri, "")


def _line(uri: str, diagnostic: types.Diagnostic) -> str:
    start = diagnostic.range.start
    severity = (diagnostic.severity or types.DiagnosticSeverity.Error).name.lower()
    origin = " ".join(str(part) for part in (diagnostic.source, diagnostic.code) if part is not None)
    place = f"{path_of(uri) or uri}:{start.line + 1}:{start.character + 1}"
    return f"{place}: {severity}: {diagnostic.message}" + (f" [{origin}]" if origin else "")
