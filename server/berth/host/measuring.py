"""What sessions use, measured only while somebody looks: one stream of the engine's for all who look at one session."""

import logging
from collections.abc import Callable

import anyio
from anyio.abc import TaskGroup

from berth.engine.housekeeping import Housekeeping, Usage
from berth.errors import AgentError, BerthError
from berth.host.connections import Connection
from berth.protocol.housekeeping import SessionStats
from berth.sessions.record import now
from berth.sessions.session import Session
from berth.sessions.states import TALKING

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
"""How soon a running session is measured again after the engine broke off."""


class Measuring:
    """Follows who looks at which session."""

    def __init__(self, engine: Housekeeping, tasks: TaskGroup) -> None:
        """Nobody looks."""
        self._engine = engine
        self._tasks = tasks
        self._looking: dict[str, list[Connection]] = {}
        self._scopes: dict[str, anyio.CancelScope] = {}

    def watch(self, connection: Connection, session: Session) -> None:
        """Tells a connection what a session uses, until it looks away.

        Raises:
            AgentError: ``unsupported``: there is no container to measure.
        """
        if session.info.mode == "host":
            message = f"What {session.info.name} uses is not measured: it is a plain process of this machine."
            raise AgentError("unsupported", message, "Use the system's own monitor.")
        name = session.info.id
        lookers = self._looking.setdefault(name, [])
        if connection not in lookers:
            lookers.append(connection)
        if name not in self._scopes:
            scope = self._scopes[name] = anyio.CancelScope()
            self._tasks.start_soon(self._measure, session, scope)

    def unwatch(self, connection: Connection, session: str) -> None:
        """A connection looks away; with the last one the measuring ends."""
        lookers = self._looking.get(session, [])
        if connection in lookers:
            lookers.remove(connection)
        if not lookers:
            self.removed(session)

    def left(self, connection: Connection) -> None:
        """A connection has gone."""
        for session in list(self._looking):
            self.unwatch(connection, session)

    def removed(self, session: str) -> None:
        """A session is gone, or nobody looks any more."""
        self._looking.pop(session, None)
        scope = self._scopes.pop(session, None)
        if scope is not None:
            scope.cancel()

    async def _measure(self, session: Session, scope: anyio.CancelScope) -> None:
        with scope:
            while True:
                moved, container = session.record.moved, session.housing.container
                if container is None or session.record.state not in TALKING:
                    await moved.wait()
                    continue
                await self._follow(container, lambda usage: self._tell(session.info.id, usage))
                with anyio.move_on_after(AGAIN_SECONDS):
                    await moved.wait()

    async def _follow(self, container: str, tell: Callable[[Usage], None]) -> None:
        try:
            async with self._engine.usage(container) as usages:
                async for usage in usages:
                    tell(usage)
        except BerthError as error:
            logger.info("A container is not measured: %s", error.kind)

    def _tell(self, session: str, usage: Usage) -> None:
        stats = SessionStats(
            session=session,
            at=now(),
            cpu=usage.cpu,
            memory=usage.memory,
            memory_limit=usage.memory_limit,
            pids=usage.pids,
            received=usage.received,
            sent=usage.sent,
            disk_read=usage.disk_read,
            disk_written=usage.disk_written,
        )
        for connection in tuple(self._looking.get(session, ())):
            connection.measured(stats)
