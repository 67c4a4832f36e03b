"""What becomes of sessions when their last editor goes: kept, stopped, or asked about in the next one."""

from collections.abc import Callable, Iterable

import anyio
from anyio.abc import TaskGroup

from berth.agents.base import Answer
from berth.errors import BerthError
from berth.host.connections import Connection
from berth.protocol.session import InputRequest, Option
from berth.sessions.questions import OWN
from berth.sessions.session import Session
from berth.sessions.states import ENDED, TALKING

RETURN_SECONDS = 10.0
"""How long an editor may be away: VS Code reloads a window, and restarts a server, in two to three seconds."""

CLOSING_GRACE = 0.5
CLOSING_SECONDS = 4.0
"""A host that ends with its editor has five seconds for everything; each rung of the ladder gets half a second then."""

_WHY = "Its last editor has gone (berth.docker.onEditorExit)."
_STOP = "stop"
_OPTIONS = (Option(id="keep", name="Keep Running"), Option(id=_STOP, name="Stop"))


class Departures:
    """Follows which sessions have an editor: one in which the session's workspace is open.

    A session that was started or asked about in this process has been seen; one that was found, or whose editor has
    gone, is asked about when an editor comes, where its plan says ``ask``.
    """

    def __init__(
        self,
        tasks: TaskGroup,
        sessions: Callable[[], Iterable[Session]],
        connections: Callable[[], Iterable[Connection]],
    ) -> None:
        """Nobody has come yet."""
        self._tasks = tasks
        self._sessions = sessions
        self._connections = connections
        self._seen: set[str] = set()
        self._leaving: set[str] = set()
        self._arrival = anyio.Event()

    def started(self, session: str) -> None:
        """A person began this session."""
        self._seen.add(session)

    def is_attended(self, session: str) -> bool:
        """Whether somebody knows that it runs: it was not left, or the next editor was asked about it."""
        return session in self._seen

    def came(self, connection: Connection) -> None:
        """An editor came."""
        arrival, self._arrival = self._arrival, anyio.Event()
        arrival.set()
        for session in self._of(connection):
            unseen = session.info.id not in self._seen and session.info.id not in self._leaving
            if unseen and connection.asks and session.plan.ends.on_editor_exit == "ask":
                self._seen.add(session.info.id)
                self._tasks.start_soon(_ask, session)

    def left(self, connection: Connection) -> None:
        """An editor went."""
        for session in self._of(connection):
            name, rule = session.info.id, session.plan.ends.on_editor_exit
            if rule != "keep" and name not in self._leaving and not self._has_editor(session):
                self._leaving.add(name)
                self._tasks.start_soon(self._await_return, session)

    async def close(self) -> None:
        """The host ends: what was to be stopped is stopped now, for nobody will be there to do it later."""
        left = (session for session in self._sessions() if session.info.id in self._leaving)
        stopping = [session for session in left if session.plan.ends.on_editor_exit == "stop"]
        with anyio.move_on_after(CLOSING_SECONDS, shield=True):
            for session in stopping:
                session.stop(CLOSING_GRACE, why=_WHY)
            for session in stopping:
                await _until(session, lambda stopped: stopped.record.state in ENDED)
                await session.record.flush()

    async def _await_return(self, session: Session) -> None:
        """Gives an editor time to come back, then does what the plan says."""
        name = session.info.id
        with anyio.move_on_after(RETURN_SECONDS):
            while not self._has_editor(session):
                await self._arrival.wait()
        self._leaving.discard(name)
        if self._has_editor(session):
            return
        self._seen.discard(name)
        if session.plan.ends.on_editor_exit == "stop":
            session.stop(why=_WHY)

    def _of(self, connection: Connection) -> list[Session]:
        """Running sessions whose workspace is open in an editor."""
        folders = connection.folders()
        return [each for each in self._sessions() if each.record.state not in ENDED and each.plan.workspace in folders]

    def _has_editor(self, session: Session) -> bool:
        return any(session.plan.workspace in connection.folders() for connection in self._connections())


async def _ask(session: Session) -> None:
    """Asks in the session, so that every editor shows it by the means it has. No answer keeps it."""
    await _until(session, lambda it: it.record.state in TALKING or it.record.state in ENDED)

    def answered(answer: Answer) -> None:
        if answer.option is not None and answer.option.id == _STOP:
            session.stop()

    question = InputRequest(
        request=f"{OWN}left-running",
        title=f"{session.info.name} went on while no editor had its workspace open. Keep it running?",
        options=_OPTIONS,
    )
    try:
        session.ask(question, answered)
    except BerthError:
        return  # it ended meanwhile: nothing is left to ask about


async def _until(session: Session, is_so: Callable[[Session], bool]) -> None:
    while not is_so(session):
        await session.record.moved.wait()
