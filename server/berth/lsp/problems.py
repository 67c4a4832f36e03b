"""What is wrong in settings files, as diagnostics on them."""

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types

from berth.host.findings import Finding
from berth.lsp.editor import Editor
from berth.lsp.positions import length_of
from berth.lsp.sanitise import sanitise

SOURCE = "berth"
"""What editors show beside the message."""

MESSAGE_LIMIT = 1000
"""Characters of one message: a sentence with a path or two."""

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
}


class Problems:
    """Publishes for each file what any folder found in it, and takes it back when no folder does any more."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._by_folder: dict[Path, Sequence[Finding]] = {}
        self._published: dict[Path, list[Finding]] = {}

    def tell(self, folder: Path, findings: Sequence[Finding]) -> None:
        """Takes what is wrong for one folder, instead of what was known; sends what is new."""
        if not self._editor.offers.show_diagnostics:
            return
        self._by_folder[folder] = findings
        files = self._by_file()
        for file in sorted(files.keys() | self._published.keys()):
            if files.get(file, []) != self._published.get(file, []):
                self._publish(file, files.get(file, []))
        self._published = files

    def _by_file(self) -> dict[Path, list[Finding]]:
        """What several folders found in the user's file is one problem."""
        files: dict[Path, list[Finding]] = {}
        for finding in dict.fromkeys(finding for findings in self._by_folder.values() for finding in findings):
            files.setdefault(finding.file, []).append(finding)
        return files

    def _publish(self, file: Path, findings: Sequence[Finding]) -> None:
        diagnostics = [self._diagnostic(finding) for finding in findings]
        params = types.PublishDiagnosticsParams(uri=self._editor.buffers.uri_of(file), diagnostics=diagnostics)
        self._editor.client.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _diagnostic(self, finding: Finding) -> types.Diagnostic:
        encoding = self._editor.offers.encoding
        line = max(finding.line - 1, 0)
        indent = finding.text[: len(finding.text) - len(finding.text.lstrip())]
        start, end = (length_of(text, encoding=encoding) for text in (indent, finding.text.rstrip()))
        return types.Diagnostic(
            range=types.Range(types.Position(line, start), types.Position(line, end)),
            severity=_SEVERITIES[finding.severity],
            code=finding.kind,
            source=SOURCE,
            message=sanitise(finding.message, limit=MESSAGE_LIMIT),
        )
