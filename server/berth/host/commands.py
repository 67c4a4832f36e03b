"""One method per row of :data:`berth.protocol.command_table.COMMAND_TABLE`. What takes long comes as events."""

import json

from anyio import to_thread

from berth.errors import SessionError
from berth.host.connections import Connection
from berth.host.context import make_prompt
from berth.host.doctor import examine
from berth.host.host import Host
from berth.host.house_commands import HouseCommands
from berth.host.login import Logins
from berth.host.refusals import nobody_to_ask, refuse
from berth.host.trust_command import trust_of
from berth.planning.explain import explain
from berth.planning.host_plan import AnyPlan
from berth.protocol.commands import (
    DoctorResult,
    LogsArguments,
    LogsResult,
    NoArguments,
    Nothing,
    PromptArguments,
    PromptResult,
    RebuildArguments,
    RemoveArguments,
    ReplayArguments,
    ReplayResult,
    RespondArguments,
    SessionArguments,
    SessionList,
    SetOptionArguments,
    ShellResult,
    SnapshotResult,
    StartArguments,
    StopArguments,
    TranscriptArguments,
    TranscriptResult,
)
from berth.protocol.login import LoginArguments, LoginResult
from berth.protocol.plans import PlanArguments, PlanResult, ToggleArguments, ToggleResult
from berth.protocol.session import SessionInfo
from berth.protocol.trust import TrustArguments, TrustResult
from berth.sessions.session import Session
from berth.sessions.states import ENDED

REPLAY_BYTES = 4 * 1024 * 1024
"""One answer of ``agent.replay`` holds about this much; ``complete`` says whether to ask again."""

_NOTHING = Nothing()


class Commands(HouseCommands):
    """What a connection can ask of the host."""

    def __init__(self, host: Host) -> None:
        """Commands for one host."""
        super().__init__(host)
        self._logins = Logins(host)
        self._starts = host.starts

    async def start(self, connection: Connection, arguments: StartArguments) -> SessionInfo:
        """Plans and begins a session; answers at once."""
        name = self._host.reserve(arguments.session)
        try:
            prompt = None
            if arguments.prompt is not None:
                prompt = await make_prompt(connection, arguments.prompt, arguments.context)
            plan = await self._host.planner.plan(connection, _plan_part(arguments), session=name)
            await self._check(connection, plan)
            session = await self._host.create(plan, session=name, name=arguments.name)
        finally:
            self._host.release(name)
        self._starts[name] = arguments
        self._host.judges.appoint(name, connection)
        if prompt is not None:
            session.prompt(prompt)
        session.begin()
        return session.info

    async def prompt(self, connection: Connection, arguments: PromptArguments) -> PromptResult:
        """Queues a prompt."""
        session = self._session(arguments)
        turn, place = session.prompt(await make_prompt(connection, arguments.text, arguments.context))
        return PromptResult(turn=turn, queued=place)

    async def cancel(self, _: Connection, arguments: SessionArguments) -> Nothing:
        """Cancels the running turn."""
        self._session(arguments).cancel()
        return _NOTHING

    async def respond(self, connection: Connection, arguments: RespondArguments) -> Nothing:
        """Answers a question."""
        self._session(arguments).respond(arguments, by=connection.name)
        return _NOTHING

    async def stop(self, _: Connection, arguments: StopArguments) -> SessionInfo:
        """Walks the ladder."""
        session = self._session(arguments)
        session.stop(arguments.grace)
        return session.info

    async def restart(self, _: Connection, arguments: SessionArguments) -> SessionInfo:
        """The same container, the agent anew."""
        session = self._session(arguments)
        session.restart()
        return session.info

    async def rebuild(self, connection: Connection, arguments: RebuildArguments) -> SessionInfo:
        """A new container from a new plan."""
        session = self._session(arguments)
        plan = await self.plan_again(connection, arguments.session)
        await self._check(connection, plan)
        session.rebuild(plan, no_cache=arguments.no_cache, pull=arguments.pull)
        session.record.update(outdated=False)
        self._host.judges.appoint(arguments.session, connection)
        return session.info

    async def plan_again(self, connection: Connection, session: str) -> AnyPlan:
        """What a session would be if it were started now as it was started. Raises what a start raises."""
        plan, started = self._host.session(session).plan, self._starts[session]
        started = started.model_copy(update={"workspace_folder": str(plan.workspace)})
        return await self._host.planner.plan(connection, _plan_part(started), session=session)

    async def remove(self, _: Connection, arguments: RemoveArguments) -> Nothing:
        """Removes a session."""
        session = self._session(arguments)
        if session.record.state not in ENDED and not arguments.force:
            hint = "Stop it first, or pass force: true to end it now."
            raise SessionError("wrong-state", f"{session.info.name} still runs and is not removed.", hint)
        await self._host.remove(session)
        self._starts.pop(arguments.session, None)
        self._host.judges.forget(arguments.session)
        return _NOTHING

    async def list(self, _: Connection, __: NoArguments) -> SessionList:
        """All sessions."""
        return SessionList(tuple(session.info for session in self._host.sessions()))

    async def snapshot(self, _: Connection, arguments: SessionArguments) -> SnapshotResult:
        """A whole session."""
        session = self._session(arguments)
        seq = session.record.journal.last
        transcript = await self._transcript(session)
        return SnapshotResult(info=session.info, transcript=transcript, seq=seq)

    async def replay(self, _: Connection, arguments: ReplayArguments) -> ReplayResult:
        """Events again, from a number on."""
        session = self._session(arguments)
        lines = (await session.record.read(arguments.from_, REPLAY_BYTES))[: arguments.limit]
        events = await to_thread.run_sync(lambda: tuple(json.loads(line) for line in lines))
        following = arguments.from_ + len(events)
        return ReplayResult(
            session=arguments.session,
            first=arguments.from_,
            events=events,
            next=following,
            complete=following > session.record.journal.last,
        )

    async def plan(self, connection: Connection, arguments: PlanArguments) -> PlanResult:
        """What would run, redacted; nothing is started."""
        plan = await self._host.planner.plan(connection, arguments, session="plan")
        return explain(plan, trusted=await self._host.allowance.allows(plan))

    async def logs(self, _: Connection, arguments: LogsArguments) -> LogsResult:
        """Raw output."""
        return LogsResult(text=await self._session(arguments).logs(arguments.tail))

    async def shell(self, _: Connection, arguments: SessionArguments) -> ShellResult:
        """The argv of a shell in the container."""
        return ShellResult(argv=self._session(arguments).shell())

    async def set_option(self, _: Connection, arguments: SetOptionArguments) -> Nothing:
        """Changes a mode, model or config option."""
        self._session(arguments).set_option(arguments.option, arguments.value)
        return _NOTHING

    async def transcript(self, connection: Connection, arguments: TranscriptArguments) -> TranscriptResult:
        """Writes the transcript and, on request, opens it in the editor."""
        session = self._session(arguments)
        await session.record.flush()
        path = session.record.transcript_file
        uri = await connection.show_document(arguments.session, path) if arguments.show else path.as_uri()
        return TranscriptResult(uri=uri)

    async def trust(self, _: Connection, arguments: TrustArguments) -> TrustResult:
        """Shows what workspaces were allowed, and takes it back."""
        return await to_thread.run_sync(trust_of, self._host.trust, arguments)

    async def login(self, connection: Connection, arguments: LoginArguments) -> LoginResult:
        """How to sign in to an agent."""
        return await self._logins.login(connection, arguments)

    async def toggle(self, connection: Connection, arguments: ToggleArguments) -> ToggleResult:
        """Where agents of a workspace run from the next start on."""
        planner = self._host.planner
        workspace = (await planner.workspace(connection, arguments.workspace_folder)).path
        mode = arguments.mode
        if mode is None:
            mode = "container" if await planner.mode(connection, workspace) == "host" else "host"
        await self._host.modes.remember(workspace, mode)
        return ToggleResult(workspace_folder=str(workspace), mode=mode)

    async def doctor(self, _: Connection, __: NoArguments) -> DoctorResult:
        """Checks this machine."""
        return await examine(self._host.engine, self._host.folder)

    async def _check(self, connection: Connection, plan: AnyPlan) -> None:
        """Refuses what nobody can allow, and what nobody is there to allow."""
        refuse(plan)
        if not connection.asks and not await self._host.allowance.allows(plan):
            raise nobody_to_ask(plan)

    def _session(self, arguments: SessionArguments) -> Session:
        return self._host.session(arguments.session)

    async def _transcript(self, session: Session) -> str:
        await session.record.flush()
        return await to_thread.run_sync(lambda: session.record.transcript_file.read_text(encoding="utf-8"))


def _plan_part(arguments: StartArguments) -> PlanArguments:
    """The fields of a start that planning sees."""
    return PlanArguments.model_construct(**{name: getattr(arguments, name) for name in PlanArguments.model_fields})
