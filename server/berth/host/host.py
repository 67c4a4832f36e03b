"""The process that owns sessions, and tells every connection what happens."""

import logging
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.engine.process.processes import Processes, open_processes
from berth.errors import SessionError
from berth.host.allowance import Allowance
from berth.host.connections import Connection
from berth.host.modes import Modes
from berth.host.network_memory import NetworkMemory
from berth.host.places import StateFolder
from berth.host.planner import Planner
from berth.host.trust import Trust
from berth.planning.host_plan import AnyPlan
from berth.protocol.session import SessionInfo
from berth.sessions.agent_question import KnownLacks
from berth.sessions.checked_images import CheckedImages
from berth.sessions.egress.ways import Ways
from berth.sessions.fitness import Fitness
from berth.sessions.images import Images
from berth.sessions.means import Means
from berth.sessions.names import named
from berth.sessions.published import Published
from berth.sessions.record import Record, now
from berth.sessions.session import Session
from berth.sessions.writer import Writer

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
        self.ways = Ways(engine, host=str(folder.root), tasks=tasks)
        known = KnownLacks()
        self._means = Means(
            engine, self.images, processes, tasks, self.allowance, fitness, known, self.ways, NetworkMemory()
        )
        self._writer = Writer()
        self._sessions: dict[str, Session] = {}
        self._reserved: set[str] = set()
        self._connections: list[Connection] = []
        tasks.start_soon(self._writer.run)

    def attach(self, connection: Connection) -> None:
        """A connection wants to be told of everything from now on."""
        self._connections.append(connection)

    def detach(self, connection: Connection) -> None:
        """A connection has gone. Nothing else ends."""
        if connection in self._connections:
            self._connections.remove(connection)

    def sessions(self) -> tuple[Session, ...]:
        """All sessions, oldest first."""
        return tuple(self._sessions.values())

    def session(self, name: str) -> Session:
        """The session with this id.

        Raises:
            SessionError: ``unknown-session``.
        """
        found = self._sessions.get(name)
        if found is None:
            raise SessionError("unknown-session", f"There is no session {name}.", "agent.list shows all there are.")
        return found

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

    async def create(self, plan: AnyPlan, *, session: str, name: str | None) -> Session:
        """Makes the session of a plan, not yet begun."""
        info = SessionInfo(
            id=session,
            name=named(name or f"{plan.agent.title} in {plan.workspace.name}", plan.mode),
            workspace_folder=str(plan.workspace),
            profile=plan.profile,
            agent=plan.agent.name,
            mode=plan.mode,
            image=plan.image.reference if plan.mode == "container" else None,
            started_at=now(),
        )
        folder = self.folder.sessions / session
        await to_thread.run_sync(lambda: folder.mkdir(mode=0o700, parents=True))
        record = Record(info, folder, writer=self._writer, audience=self)
        made = Session(record, plan, self._means)
        self._sessions[session] = made
        record.update()
        return made

    async def remove(self, session: Session) -> None:
        """Removes a session with its container, journal and transcript."""
        await session.remove()
        await session.record.flush()
        self._sessions.pop(session.info.id, None)
        await to_thread.run_sync(lambda: shutil.rmtree(session.record.folder, ignore_errors=True))
        for connection in tuple(self._connections):
            connection.removed(session.info.id)

    def info(self, session: str) -> SessionInfo:
        """What clients see of a session; raises ``unknown-session``."""
        return self.session(session).info

    async def events(self, session: str, first: int, limit_bytes: int) -> list[bytes]:
        """Encoded events of a session from a number on, at least one if there is one; raises ``unknown-session``."""
        return await self.session(session).record.read(first, limit_bytes)

    def changed(self, info: SessionInfo) -> None:
        """A session changed: every connection is told."""
        for connection in tuple(self._connections):
            connection.changed(info)

    def happened(self, session: str, event: Published) -> None:
        """A session published an event: every connection is told."""
        for connection in tuple(self._connections):
            connection.happened(session, event)


@asynccontextmanager
async def open_host(make_engine: Callable[[], Engine], folder: StateFolder) -> AsyncIterator[Host]:
    """A host for as long as the block lasts. Leaving it ends no container, but every plain process."""
    engine = make_engine()
    try:
        async with open_processes(folder.root) as processes, anyio.create_task_group() as tasks:
            host = Host(engine, processes, folder, tasks=tasks)
            yield host
            tasks.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                await host.ways.aclose()
    finally:
        with anyio.CancelScope(shield=True):
            await engine.aclose()
