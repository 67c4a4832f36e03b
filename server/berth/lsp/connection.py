"""The editor as the host knows it: a :class:`berth.host.connections.Connection`."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from berth.host.findings import Finding
from berth.host.reload import Reload
from berth.lsp.announcements import Announcements
from berth.lsp.editor import Editor
from berth.lsp.edits import edit_document
from berth.lsp.feed import Feed, ReadEvents
from berth.lsp.positions import slice_of
from berth.lsp.problems import Problems
from berth.lsp.progress_board import ProgressBoard
from berth.lsp.questions import Questions
from berth.lsp.transcripts import Transcripts
from berth.lsp.watching import Watching
from berth.protocol.housekeeping import SessionStats
from berth.protocol.names import REMOVED, STATS
from berth.protocol.session import SessionInfo
from berth.sessions.published import Published

_PROSE = frozenset({"part.started", "part.delta", "thought.delta", "noise", "raw"})
"""The many events that only the transcript and ``agent/events`` show."""


class EditorConnection:
    """Answers what the host asks of the editor, and spreads what the host tells over what the editor offers.

    ``questions``, ``transcripts``, ``reload`` and ``watching`` are set by :mod:`berth.lsp.attached`: most of them need
    the host's commands, which need a connection.
    """

    questions: Questions | None
    transcripts: Transcripts
    reload: Reload
    watching: Watching

    def __init__(self, editor: Editor, *, read: ReadEvents) -> None:
        self.name = editor.offers.name
        self.asks = editor.offers.questions or editor.offers.notifications
        self.environment: Mapping[str, str] = editor.surroundings.environment
        self.board = ProgressBoard(editor)
        self.announcements = Announcements(editor)
        self._problems = Problems(editor)
        self._editor = editor
        self._read = read
        self._names: dict[str, str] = {}
        self._feeds: dict[str, Feed] = {}

    def folders(self) -> tuple[Path, ...]:
        """See :class:`~berth.host.connections.Connection`."""
        return self._editor.folders.paths()

    async def configuration(self, folder: Path) -> object:
        """See :class:`~berth.host.connections.Connection`."""
        return await self._editor.configuration.of(self._editor.folders.uri(folder))

    def document(self, uri: str) -> str | None:
        """See :class:`~berth.host.connections.Connection`."""
        return self._editor.buffers.text(uri)

    async def edit_document(self, uri: str, *, before: str, after: str) -> bool:
        """See :class:`~berth.host.connections.Connection`."""
        return await edit_document(self._editor, uri, before=before, after=after)

    def excerpt(self, text: str, *, start: tuple[int, int], end: tuple[int, int]) -> str:
        """See :class:`~berth.host.connections.Connection`."""
        return slice_of(text, start, end, encoding=self._editor.offers.encoding)

    def diagnostics(self, uri: str) -> str:
        """See :class:`~berth.host.connections.Connection`."""
        return self._editor.diagnostics.of(uri)

    def problems(self, folder: Path, findings: Sequence[Finding]) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        self._problems.tell(folder, findings)

    def watch(self, folder: Path, files: Collection[Path]) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        self.watching.name_files(folder, files)

    async def show_document(self, session: str, path: Path) -> str:
        """See :class:`~berth.host.connections.Connection`."""
        return self.transcripts.show(session, path)

    def changed(self, info: SessionInfo) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        self._names[info.id] = info.name
        self.board.changed(info)
        if self.questions is not None:
            self.questions.changed(info)
        self.reload.session_changed(info)
        if self._editor.offers.notifications:
            self._feed(info.id).changed(info)

    def happened(self, session: str, event: Published) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        if event.body.kind not in _PROSE:
            self.board.happened(session, event)
            self.announcements.happened(self._names.get(session, session), event)
        self.transcripts.happened(session, event.seq)
        if self._editor.offers.notifications:
            self._feed(session).happened(event)

    def measured(self, stats: SessionStats) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        if self._editor.offers.notifications and not self._editor.outlet.stalled:
            self._editor.protocol.send_encoded(STATS, stats.model_dump_json(by_alias=True, exclude_none=True).encode())

    def removed(self, session: str) -> None:
        """See :class:`~berth.host.connections.Connection`."""
        self.board.removed(session)
        self.transcripts.removed(session)
        if self.questions is not None:
            self.questions.removed(session)
        if (feed := self._feeds.pop(session, None)) is not None:
            feed.end()
        if self._editor.offers.notifications:
            self._editor.protocol.send_encoded(REMOVED, json.dumps({"session": session}).encode())
        self._names.pop(session, None)
        self.reload.session_removed(session)

    def _feed(self, session: str) -> Feed:
        feed = self._feeds.get(session)
        if feed is None:
            feed = self._feeds[session] = Feed(
                session, self._editor.protocol, read=self._read, chores=self._editor.chores
            )
        return feed
