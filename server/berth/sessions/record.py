"""What is known of one session, and the only place where it changes: every change is published here."""

import time
from pathlib import Path
from typing import Any, Protocol

import anyio
from anyio import to_thread

from berth.errors import BerthError, BuildFailed
from berth.protocol.events import EventBody, StateChanged
from berth.protocol.model import ErrorData
from berth.protocol.session import SessionInfo, State
from berth.sessions.journal import Journal
from berth.sessions.published import Published, publish
from berth.sessions.states import MOVES
from berth.sessions.transcript import Transcript
from berth.sessions.writer import Piece, Writer


class Audience(Protocol):
    """Who is told of a session. Both calls return at once."""

    def changed(self, info: SessionInfo) -> None:
        """The session's info is new."""
        ...

    def happened(self, session: str, event: Published) -> None:
        """The session published an event."""
        ...


class Record:
    """One session's info, journal and transcript. ``moved`` is set when it enters another state, and then replaced."""

    def __init__(self, info: SessionInfo, folder: Path, *, writer: Writer, audience: Audience) -> None:
        """Starts a record in ``folder``, which exists and is private."""
        self.info = info
        self.folder = folder
        self.journal = Journal(folder / "events.jsonl")
        self.transcript_file = folder / "transcript.md"
        self._transcript = Transcript(info.workspace_folder)
        self._markdown: list[str] = [f"# {info.name}\n"]
        self._turn: str | None = None
        self.moved = anyio.Event()
        self._writer = writer
        self._audience = audience

    @property
    def state(self) -> State:
        """Where the session is."""
        return self.info.state

    def publish(self, body: EventBody) -> None:
        """Numbers an event, journals it and tells everyone."""
        event = publish(body, seq=self.journal.last + 1, turn=self._turn)
        self.journal.append(event)
        markdown = self._transcript.add(body)
        if markdown:
            self._markdown.append(markdown)
        self._writer.mark(id(self), self._take)
        self._audience.happened(self.info.id, event)

    def update(self, **changes: Any) -> None:
        """Changes fields of the info (never ``state``: see :meth:`enter`) and tells everyone."""
        self.info = self.info.model_copy(update={**changes, "seq": self.journal.last})
        self._audience.changed(self.info)

    def enter(self, state: State, *, why: str = "", error: BerthError | None = None, **changes: Any) -> None:
        """Goes to another state and publishes it; the one writer of the state. Other fields may change with it.

        Raises:
            ValueError: The table does not allow this move.
        """
        before = self.info.state
        if state not in MOVES[before]:
            message = f"a session cannot go from {before} to {state}"
            raise ValueError(message)
        data = error_data(error) if error else None
        self.publish(StateChanged(from_=before, to=state, why=why, error=data))
        self.update(state=state, error=data, **changes)
        moved, self.moved = self.moved, anyio.Event()
        moved.set()

    def within_turn(self, turn: str | None) -> None:
        """Says which turn the coming events belong to."""
        self._turn = turn

    async def read(self, first: int, limit_bytes: int) -> list[bytes]:
        """Encoded events from ``first`` on, at least one if there is one."""
        found = self.journal.in_memory(first, limit_bytes)
        if found is None:
            await self._writer.flush()
            found = await to_thread.run_sync(self.journal.on_disk, first, limit_bytes)
        return found

    async def flush(self) -> None:
        """Waits until journal and transcript are on disk up to now."""
        self._writer.mark(id(self), self._take)
        await self._writer.flush()

    def _take(self) -> list[Piece]:
        last = self.journal.last
        pieces = [Piece(self.journal.path, self.journal.take_waiting(), lambda: self.journal.wrote(last))]
        if self._markdown:
            markdown, self._markdown = "".join(self._markdown), []
            pieces.append(Piece(self.transcript_file, markdown.encode(), lambda: None))
        return pieces


def now() -> int:
    """Unix milliseconds."""
    return int(time.time() * 1000)


def error_data(error: BerthError) -> ErrorData:
    """An error as it crosses the wire."""
    known = ErrorData(kind=error.kind, message=error.message, hint=error.hint, docs=error.docs or None)
    if isinstance(error, BuildFailed) and error.file:
        return known.model_copy(update={"file": error.file, "line": error.line or None})
    return known
