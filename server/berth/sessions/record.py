"""What is known of one session, and the only place where it changes: every change is published here."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import anyio
from anyio import to_thread

from berth.errors import BerthError, BuildFailed
from berth.protocol.event_body import EventBody
from berth.protocol.events import Notice, StateChanged
from berth.protocol.model import ErrorData
from berth.protocol.session import SessionInfo, State
from berth.sessions.journal import Journal
from berth.sessions.kept import Kept
from berth.sessions.published import Published, publish
from berth.sessions.reached import Reached
from berth.sessions.states import MOVES
from berth.sessions.transcript import Transcript
from berth.sessions.writer import Piece, Writer

UNWRITTEN_BYTES = 8 * 1024 * 1024
"""While more than this waits for the disk, no more of the agent's output is read: the engine keeps it meanwhile."""

FULL = "The disk of Berth's state folder takes nothing more: free some space. Until then nothing new is shown."
"""Told once, when writing a journal fails."""


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
        self.reached = Reached()
        self._transcript = Transcript(info.workspace_folder)
        self._markdown: list[str] = [f"# {info.name}\n"]
        self._noted: dict[str, Any] = {}
        self._turn: str | None = None
        self.moved = anyio.Event()
        self._writer = writer
        self._audience = audience
        self._room = anyio.Event()
        self._full = False

    def go_on(self, kept: Kept) -> None:
        """Goes on where the record of an earlier host ended, instead of at the beginning."""
        past = kept.past
        self.journal, self.reached, self._transcript, self._markdown = kept.journal, past.reached, kept.transcript, []
        self._noted = dict(past.info)
        self._turn = past.running.turn if past.running else None
        if kept.damaged:
            lines = (
                f"{kept.damaged} lines of this session's journal were"
                if kept.damaged > 1
                else "A line of this journal was"
            )
            self.publish(Notice(severity="error", message=f"{lines} damaged on the disk, and cannot be shown again."))

    @property
    def state(self) -> State:
        """Where the session is."""
        return self.info.state

    @property
    def turn(self) -> str | None:
        """The turn that runs."""
        return self._turn

    def publish(self, body: EventBody) -> None:
        """Numbers an event, journals it and tells everyone."""
        event = publish(body, seq=self.journal.last + 1, turn=self._turn)
        self.journal.append(event)
        markdown = self._transcript.add(body, event.at)
        if markdown:
            self._markdown.append(markdown)
        self.touch()
        self._audience.happened(self.info.id, event)

    def note(self, kind: str, content: Mapping[str, Any]) -> None:
        """Keeps something for a later host, in its place between the events."""
        self.journal.note(kind, content)
        self.touch()

    def touch(self) -> None:
        """Something that belongs to the record changed: the journal gets a new mark."""
        self._writer.mark(id(self), self._take)

    def update(self, **changes: Any) -> None:
        """Changes fields of the info (never ``state``: see :meth:`enter`) and tells everyone."""
        self.info = self.info.model_copy(update={**changes, "seq": self.journal.last})
        self.touch()
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

    async def flush(self, seconds: float | None = None) -> bool:
        """Waits until journal and transcript are on disk up to now; False when that took longer than so many seconds.

        What is on disk survives the end of this process. Only after a power cut may the newest be missing.
        """
        self.touch()
        with anyio.move_on_after(seconds) as scope:
            await self._writer.flush()
        return not scope.cancelled_caught

    async def room(self) -> None:
        """Waits while too much waits for the disk."""
        while self.journal.unwritten > UNWRITTEN_BYTES:
            self._room = anyio.Event()
            self.touch()
            await self._room.wait()

    def _take(self) -> list[Piece]:
        info = self.info.model_dump(mode="json", by_alias=True)
        changed = {name: value for name, value in info.items() if self._noted.get(name, ...) != value}
        if changed:
            self.journal.note("info", changed)
            self._noted = info
        data = self.journal.take_waiting(self.reached.mark())
        wrote, before = partial(self._wrote, self.journal.last, len(data)), self.journal.shorten
        piece = Piece(self.journal.path, data, wrote, self._refused, before if self.journal.is_long else _nothing)
        pieces = [piece] if data else []
        if self._markdown:
            markdown, self._markdown = "".join(self._markdown), []
            pieces.append(Piece(self.transcript_file, markdown.encode(), _nothing, self._refused))
        return pieces

    def _wrote(self, last: int, size: int) -> None:
        self.journal.wrote(last, size)
        self._room.set()
        if self._full:
            self._full = False
            self.publish(Notice(severity="info", message="The disk takes more again: nothing was lost."))

    def _refused(self) -> None:
        if not self._full:
            self._full = True
            self.publish(Notice(severity="error", message=FULL))


def _nothing() -> None:
    """There is nothing to do."""


def now() -> int:
    """Unix milliseconds."""
    return int(time.time() * 1000)


def error_data(error: BerthError) -> ErrorData:
    """An error as it crosses the wire."""
    known = ErrorData(kind=error.kind, message=error.message, hint=error.hint, docs=error.docs or None)
    if isinstance(error, BuildFailed) and error.file:
        return known.model_copy(update={"file": error.file, "line": error.line or None})
    return known
