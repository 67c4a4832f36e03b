"""The conversation once it has a host: everything that needs more than ``initialize`` does.

Imported after the answer to ``initialize`` is out, in a thread, since pydantic and the wire's models come with it.
"""

from collections.abc import Iterable
from pathlib import Path

from berth.host.commands import Commands
from berth.host.host import Host
from berth.host.reload import Reload
from berth.lsp.code_actions import CodeActions
from berth.lsp.connection import EditorConnection
from berth.lsp.dispatch import Dispatch
from berth.lsp.editor import Editor
from berth.lsp.progress import Token
from berth.lsp.questions import Questions
from berth.lsp.transcripts import Transcripts
from berth.lsp.watching import Watching
from berth.protocol.commands import RespondArguments, SessionArguments, SnapshotResult, StopArguments


class Attached:
    """Ties one editor to one host."""

    def __init__(self, editor: Editor, host: Host) -> None:
        self.connection = EditorConnection(editor, read=host.events)
        commands = Commands(host)
        self.dispatch = Dispatch(commands, self.connection, self.connection.board)
        self.transcripts = Transcripts(editor, self._snapshot)
        self.code_actions = CodeActions(editor, host)
        self.connection.transcripts = self.transcripts
        self.connection.questions = Questions(editor, self._respond) if editor.offers.questions else None
        self.reload = self.connection.reload = Reload(host, commands, self.connection)
        self._watching = self.connection.watching = Watching(editor)
        self._editor = editor
        self._host = host

    def open(self) -> None:
        """Attaches the connection, and tells it of the sessions that are there already."""
        self._host.attach(self.connection)
        for session in self._host.sessions():
            self.connection.changed(session.info)
        self._editor.chores.spawn(self.reload.run())

    def folders_changed(self) -> None:
        """Other folders are open now: they are watched, and their settings looked at."""
        self._watching.follow_folders()
        self.reload.settings_changed()

    def files_changed(self, paths: Iterable[Path]) -> None:
        """Files were written, made or removed."""
        for path in paths:
            self.reload.file_changed(path)

    def close(self) -> None:
        """Detaches it; no session ends by that."""
        self._host.detach(self.connection)

    async def cancel_progress(self, token: Token) -> None:
        """Cancels the turn, or stops the start, that a progress token stands for; nothing when it has ended."""
        match self.connection.board.find(token):
            case (session, None):
                await self.dispatch.carry_out("stop", StopArguments(session=session))
            case (session, _):
                await self.dispatch.carry_out("cancel", SessionArguments(session=session))

    async def _respond(self, arguments: RespondArguments) -> None:
        await self.dispatch.carry_out("respond", arguments)

    async def _snapshot(self, session: str) -> SnapshotResult:
        snapshot: SnapshotResult = await self.dispatch.carry_out("snapshot", SessionArguments(session=session))
        return snapshot
