"""The commands of housekeeping: what sessions use, other limits for them, and what lies about."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from berth.engine.housekeeping import NewLimits
from berth.errors import AgentError, SessionError
from berth.host.connections import Connection
from berth.host.host import Host
from berth.host.profile_commands import ProfileCommands
from berth.host.refusals import refuse
from berth.planning.host_plan import AnyPlan
from berth.protocol.commands import Nothing
from berth.protocol.container_events import LimitsChanged
from berth.protocol.housekeeping import (
    DiskArguments,
    DiskReport,
    LimitsResult,
    PruneArguments,
    PruneResult,
    SetLimitsArguments,
    WatchStatsArguments,
)
from berth.protocol.plans import ResourceArguments
from berth.protocol.session import SessionLimits
from berth.sessions.session import Session
from berth.sessions.shown_limits import shown_limits, with_limits

_FIELDS = ("memory", "cpus", "pids")


class HouseCommands(ProfileCommands, ABC):
    """What a connection can ask about what sessions use, and leave behind."""

    def __init__(self, host: Host) -> None:
        """Commands for one host."""
        super().__init__(host.planner)
        self._host = host

    @abstractmethod
    async def plan_again(self, connection: Connection, session: str) -> AnyPlan:
        """What a session would be if it were started now as it was started. Raises what a start raises."""

    async def watch_stats(self, connection: Connection, arguments: WatchStatsArguments) -> Nothing:
        """Begins or ends telling what a session uses."""
        session = self._host.session(arguments.session)
        if arguments.on:
            self._host.measuring.watch(connection, session)
        else:
            self._host.measuring.unwatch(connection, arguments.session)
        return Nothing()

    async def set_limits(self, connection: Connection, arguments: SetLimitsArguments) -> LimitsResult:
        """Changes limits as if the start had asked for them: the same ceilings hold, and a rebuild keeps them."""
        session = self._host.session(arguments.session)
        given = {name: value for name in _FIELDS if (value := getattr(arguments, name)) is not None}
        container = _container(session)
        before = self._host.requests.of(arguments.session)
        asked = (before.resources or ResourceArguments()).model_copy(update=given)
        self._host.requests.keep(arguments.session, before.model_copy(update={"resources": asked}))
        try:
            planned = await self.plan_again(connection, arguments.session)
            refuse(planned)
            shown = await self._change(session, planned, container, given)
        except BaseException:
            self._host.requests.keep(arguments.session, before)
            raise
        await self._host.keep(arguments.session, self._host.requests.of(arguments.session), session.plan)
        notes = tuple(note for note in planned.notes if note.startswith("resources"))
        return LimitsResult(memory=shown.memory, cpus=shown.cpus, pids=shown.pids, notes=notes)

    async def disk(self, _: Connection, __: DiskArguments) -> DiskReport:
        """What Berth's things take."""
        return await self._host.leftovers.report()

    async def prune(self, _: Connection, arguments: PruneArguments) -> PruneResult:
        """Removes leftovers, or tells which there are."""
        return await self._host.leftovers.prune(arguments)

    async def _change(self, session: Session, planned: AnyPlan, container: str, given: dict[str, Any]) -> SessionLimits:
        """Gives the container what the new plan has of what was asked for."""
        plan = session.plan
        if plan.mode == "host" or planned.mode == "host":
            raise _no_container(session)
        wanted = {name: getattr(planned.container.limits, name) for name in given}
        await self._host.engine.set_limits(container, NewLimits(**wanted))
        session.plan = with_limits(plan, replace(plan.container.limits, **wanted))
        shown = shown_limits(session.plan)
        if shown is None:
            raise _no_container(session)
        session.record.publish(LimitsChanged(limits=shown))
        session.record.update(limits=shown)
        return shown


def _container(session: Session) -> str:
    if session.info.mode == "host":
        raise _no_container(session)
    if session.housing.container is None:
        sentence = f"{session.info.name} has no container yet whose limits could be changed."
        raise SessionError("wrong-state", sentence, "Wait until it is ready.")
    return session.housing.container


def _no_container(session: Session) -> AgentError:
    sentence = f"{session.info.name} is a plain process: nothing holds it to limits."
    return AgentError("unsupported", sentence, "Run it in a container (agent.toggle).")
