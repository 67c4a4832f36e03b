"""The process that owns sessions, and tells every connection what happens."""

import logging
import secrets
import shutil
from pathlib import Path

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from berth.audit.folder import AuditFolder
from berth.audit.trail import Trail
from berth.engine.base import ContainerFacts, Engine
from berth.engine.process.processes import Processes
from berth.errors import SessionError
from berth.host.adoption import REMOVING, Adoption
from berth.host.allowance import Allowance
from berth.host.audited import entry_of, noted
from berth.host.connections import Connection
from berth.host.departures import Departures
from berth.host.expiry import expire_for_ever
from berth.host.judges import Judges
from berth.host.leftovers import Leftovers
from berth.host.measuring import Measuring
from berth.host.modes import Modes
from berth.host.network_memory import NetworkMemory
from berth.host.ownership import Ownership
from berth.host.places import StateFolder
from berth.host.planner import Planner
from berth.host.presence import Presence
from berth.host.requests import Requests
from berth.host.session_file import SessionFile, write_session_file
from berth.host.spare_maker import Maker
from berth.host.spares import Spares
from berth.host.trust import Trust
from berth.planning.host_plan import AnyPlan
from berth.protocol.commands import StartArguments
from berth.protocol.session import SessionInfo
from berth.sessions.agent_question import KnownLacks
from berth.sessions.checked_images import CheckedImages
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.ways import Ways
from berth.sessions.fitness import Fitness
from berth.sessions.images import Images
from berth.sessions.kept import Kept
from berth.sessions.means import Means
from berth.sessions.new_info import session_info
from berth.sessions.published import Published
from berth.sessions.record import Record
from berth.sessions.session import Session
from berth.sessions.states import BRINGING_UP, ENDED
from berth.sessions.writer import Writer

FLUSH_SECONDS = 2.0
"""How long a removal waits for a disk that takes nothing."""

logger = logging.getLogger(__name__)


class Host:
    """Sessions and connections. Made by :func:`open_host`."""

    def __init__(self, engine: Engine, processes: Processes, folder: StateFolder, *, tasks: TaskGroup) -> None:
        """Owns nothing yet."""
        self.engine = engine
        self.folder = folder
        self.modes = Modes(folder.modes)
        self.planner = Planner(engine, folder, self.modes)
        self.trust = Trust(folder.trust)
        self.allowance = Allowance(self.trust)
        fitness = Fitness(engine, CheckedImages(folder.root / "checked-images.json"))
        self.images = Images(engine)
        self.ways = Ways(engine, Desk(folder.desk, tasks), host=str(folder.root), tasks=tasks)
        self.spares = Spares(Maker(engine, self.ways), Presence(folder.spares), self.allowance, is_busy=self._is_busy)
        shared, out = (engine, self.images, processes, tasks), (self.ways, NetworkMemory())
        self._means = Means(*shared, self.allowance, fitness, KnownLacks(), self.spares, *out)
        self._writer = Writer()
        self._sessions: dict[str, Session] = {}
        self._reserved: set[str] = set()
        self._connections: list[Connection] = []
        self.measuring = Measuring(engine, tasks)
        self.leftovers = Leftovers(self)
        self.departures = Departures(tasks, self.sessions, lambda: tuple(self._connections))
        self.judges = Judges(self._connections)
        self.ownership = Ownership()
        self.requests = Requests()
        self.whole = anyio.Event()
        """Set when all sessions that earlier hosts left are there; :attr:`tidy` when no container is that has none."""
        self.tidy = anyio.Event()
        self.trail = Trail(AuditFolder(folder.audit))
        tasks.start_soon(self._writer.run)
        tasks.start_soon(self.trail.run)
        tasks.start_soon(self.spares.run)
        tasks.start_soon(expire_for_ever, self.leftovers.expire)

    def attach(self, connection: Connection) -> None:
        """A connection wants to be told of everything from now on."""
        self._connections.append(connection)
        self.departures.came(connection)

    def detach(self, connection: Connection) -> None:
        """A connection has gone. Nothing else ends, but sessions whose plan says so."""
        if connection in self._connections:
            self._connections.remove(connection)
            self.departures.left(connection)
            self.measuring.left(connection)

    def sessions(self) -> tuple[Session, ...]:
        """All sessions, oldest first."""
        return tuple(self._sessions.values())

    def session(self, name: str) -> Session:
        """The session with this id.

        Raises:
            SessionError: ``unknown-session``.
        """
        found = self._sessions.get(name)
        if found is None and self.whole.is_set() and self._is_anothers(name):
            hint = "Close that one, or use the editor that it belongs to."
            raise SessionError("unknown-session", f"Session {name} belongs to another Berth process.", hint)
        if found is None:
            raise SessionError("unknown-session", f"There is no session {name}.", "agent.list shows all there are.")
        return found

    def _is_anothers(self, name: str) -> bool:
        return name not in self.ownership and (self.folder.sessions / name / "lock").exists()

    def reserve(self, wanted: str | None) -> str:
        """An id for a new session: the client's choice, or a made-up one. Free it again by :meth:`release`.

        Raises:
            SessionError: ``session-exists``.
        """
        name = wanted or f"s{secrets.token_hex(4)}"
        if name in self._sessions or name in self._reserved or (self.folder.sessions / name).exists():
            raise SessionError("session-exists", f"There is a session {name} already.", "Choose another id.")
        self._reserved.add(name)
        return name

    def release(self, name: str) -> None:
        """The reserved id was used, or is not needed."""
        self._reserved.discard(name)

    async def create(self, plan: AnyPlan, *, session: str, name: str | None, started: StartArguments) -> Session:
        """Makes the session of a plan, not yet begun. ``started`` is how it was asked for."""
        info = session_info(plan, session=session, name=name)
        folder = self.folder.sessions / session
        await to_thread.run_sync(self._make_folder, folder, started, plan)
        self.requests.keep(session, started)
        record = Record(info, folder, writer=self._writer, audience=self)
        made = self._sessions[session] = Session(record, plan, self._means)
        self.departures.started(session)
        record.update()
        return made

    def _make_folder(self, folder: Path, started: StartArguments, plan: AnyPlan) -> None:
        folder.mkdir(mode=0o700, parents=True)
        self.ownership.take(folder)
        write_session_file(folder, started, plan)

    async def remove(self, session: Session) -> None:
        """Removes a session with its container, journal and transcript."""
        name, folder = session.info.id, session.record.folder
        await to_thread.run_sync((folder / REMOVING).touch)
        await session.remove()
        await session.record.flush(FLUSH_SECONDS)
        self._sessions.pop(name, None)
        self.measuring.removed(name)
        await to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))
        self.ownership.release(name)
        self.requests.forget(name)
        self.trail.note(noted(session.info, "session.removed"))
        for connection in tuple(self._connections):
            connection.removed(name)

    async def keep(self, session: str, started: StartArguments, plan: AnyPlan) -> None:
        """Keeps how a session was asked for and what is carried out, for later hosts too."""
        self.requests.keep(session, started)
        await to_thread.run_sync(write_session_file, self.folder.sessions / session, started, plan)

    async def adopt(self) -> None:
        """Takes up what earlier hosts left, and what others leave later. Sessions appear as their journals are read."""
        adoption = Adoption(self.engine, self.folder, self.ownership)
        await adoption.run(self)
        self.tidy.set()
        await adoption.follow(self)

    def take_up(self, folder: Path, file: SessionFile, kept: Kept) -> None:
        """A session that an earlier host left."""
        info = kept.past.session_info().model_copy(update={"seq": kept.journal.last})
        record = Record(info, folder, writer=self._writer, audience=self)
        record.go_on(kept)
        self.requests.keep(info.id, file.started, file.forgotten)
        session = self._sessions[info.id] = Session(record, file.plan, self._means, kept.past)
        record.update()
        session.adopt(kept.past)

    def all_read(self) -> None:
        """All that earlier hosts left is there."""
        self.whole.set()

    def is_over(self, session: str) -> bool:
        """Whether a session of this host has ended."""
        known = self._sessions.get(session)
        return known is not None and known.record.state in ENDED

    def owns(self, facts: ContainerFacts, session: str) -> bool:
        """Whether a container is one that a session of this host has, or is about to make."""
        if session in self._reserved:
            return True
        known = self._sessions.get(session)
        return known is not None and known.may_have(facts)

    def info(self, session: str) -> SessionInfo:
        """What clients see of a session; raises ``unknown-session``."""
        return self.session(session).info

    async def events(self, session: str, first: int, limit_bytes: int) -> list[bytes]:
        """Encoded events of a session from a number on, at least one if there is one; raises ``unknown-session``."""
        return await self.session(session).record.read(first, limit_bytes)

    def changed(self, info: SessionInfo) -> None:
        """A session changed: every connection is told."""
        self.spares.changed(info)
        for connection in tuple(self._connections):
            connection.changed(info)

    def _is_busy(self) -> bool:
        """Whether a session is on its way up."""
        return any(session.record.state in BRINGING_UP for session in self._sessions.values())

    def happened(self, session: str, event: Published) -> None:
        """A session published an event: every connection is told, and what decides or ends something is noted."""
        if (known := self._sessions.get(session)) and (entry := entry_of(known.info, event.body)):
            self.trail.note(entry)
        for connection in tuple(self._connections):
            connection.happened(session, event)
