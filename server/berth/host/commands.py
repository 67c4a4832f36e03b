"""One method per row of :data:`berth.protocol.command_table.COMMAND_TABLE`. What takes long comes as events."""

import json

import anyio
from anyio import to_thread

from berth.errors import SessionError
from berth.host.audited import started
from berth.host.connections import Connection
from berth.host.context import make_prompt
from berth.host.doctor import examine
from berth.host.gate import pass_gate, shown_trust
from berth.host.host import Host
from berth.host.house_commands import HouseCommands
from berth.host.login import Logins
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
from berth.sessions.journal_lines import number_of
from berth.sessions.session import Session
from berth.sessions.states import ENDED

REPLAY_BYTES = 4 * 1024 * 1024
"""One answer of ``agent.replay`` holds about this much; ``complete`` says whether to ask again."""

KEPT_SECONDS = 1.0
"""How long an answer waits for the disk, so that what was answered survives this process. A full disk keeps nobody."""

LISTED_SECONDS = 3.0
"""How long a list waits for what an earlier host left: a gigabyte of journals takes longer, and then comes as news."""

_NOTHING = Nothing()


class Commands(HouseCommands):
    """What a connection can ask of the host."""

    def __init__(self, host: Host) -> None:
        """Commands for one host."""
        super().__init__(host)
        self._logins = Logins(host)

    async def start(self, connection: Connection, arguments: StartArguments) -> SessionInfo:
        """Plans and begins a session; answers at once."""
        name = self._host.reserve(arguments.session)
        try:
            prompt = None
            if arguments.prompt is not None:
                prompt = await make_prompt(connection, arguments.prompt, arguments.context)
            plan = await self._host.planner.plan(connection, _plan_part(arguments), session=name)
            await self._check(connection, plan)
            session = await self._host.create(plan, session=name, name=arguments.name, started=arguments)
        finally:
            self._host.release(name)
        self._host.trail.note(started(connection.name, plan, session.info))
        self._host.judges.appoint(name, connection)
        if prompt is not None:
            session.prompt(prompt)
        session.begin()
        await session.record.flush(KEPT_SECONDS)
        return session.info

    async def prompt(self, connection: Connection, arguments: PromptArguments) -> PromptResult:
        """Queues a prompt."""
        session = self._session(arguments)
        turn, place = session.prompt(await make_prompt(connection, arguments.text, arguments.context))
        await session.record.flush(KEPT_SECONDS)
        return PromptResult(turn=turn, queued=place)

    async def cancel(self, _: Connection, arguments: SessionArguments) -> Nothing:
        """Cancels the running turn."""
        (await self._spoken_to(arguments)).cancel()
        return _NOTHING

    async def respond(self, connection: Connection, arguments: RespondArguments) -> Nothing:
        """Answers a question."""
        session = await self._spoken_to(arguments)
        session.respond(arguments, by=connection.name)
        await session.record.flush(KEPT_SECONDS)
        return _NOTHING

    async def stop(self, _: Connection, arguments: StopArguments) -> SessionInfo:
        """Walks the ladder."""
        session = self._session(arguments)
        session.stop(arguments.grace)
        return session.info

    async def restart(self, connection: Connection, arguments: SessionArguments) -> SessionInfo:
        """The same container, the agent anew. After an end of the host, with what the asking editor gives."""
        session = await self._spoken_to(arguments)
        if session.is_hollow:
            plan = await self.plan_again(connection, arguments.session)
            await self._check(connection, plan)
            await self._host.requests.check_same(session, plan)
            session.restart(plan)
        else:
            session.restart()
        return session.info

    async def rebuild(self, connection: Connection, arguments: RebuildArguments) -> SessionInfo:
        """A new container from a new plan."""
        session = self._session(arguments)
        plan = await self.plan_again(connection, arguments.session)
        await self._check(connection, plan)
        self._host.trail.note(started(connection.name, plan, session.info, again=True))
        session.rebuild(plan, no_cache=arguments.no_cache, pull=arguments.pull)
        await self._host.keep(arguments.session, self._host.requests.of(arguments.session), plan)
        session.record.update(outdated=False)
        self._host.judges.appoint(arguments.session, connection)
        return session.info

    async def plan_again(self, connection: Connection, session: str) -> AnyPlan:
        """What a session would be if it were started now as it was started. Raises what a start raises."""
        plan, started = self._host.session(session).plan, self._host.requests.of(session)
        started = started.model_copy(update={"workspace_folder": str(plan.workspace)})
        return await self._host.planner.plan(connection, _plan_part(started), session=session)

    async def remove(self, _: Connection, arguments: RemoveArguments) -> Nothing:
        """Removes a session."""
        session = self._session(arguments)
        if session.record.state not in ENDED and not arguments.force:
            hint = "Stop it first, or pass force: true to end it now."
            raise SessionError("wrong-state", f"{session.info.name} still runs and is not removed.", hint)
        await self._host.remove(session)
        self._host.judges.forget(arguments.session)
        return _NOTHING

    async def list(self, _: Connection, __: NoArguments) -> SessionList:
        """All sessions, those that an earlier host left among them."""
        with anyio.move_on_after(LISTED_SECONDS):
            await self._host.whole.wait()
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
        first = number_of(lines[0]) if lines else arguments.from_
        following = first + len(events)
        return ReplayResult(
            session=arguments.session,
            first=first,
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
        (await self._spoken_to(arguments)).set_option(arguments.option, arguments.value)
        return _NOTHING

    async def transcript(self, connection: Connection, arguments: TranscriptArguments) -> TranscriptResult:
        """Writes the transcript and, on request, opens it in the editor."""
        session = self._session(arguments)
        await session.record.flush()
        path = session.record.transcript_file
        uri = await connection.show_document(arguments.session, path) if arguments.show else path.as_uri()
        return TranscriptResult(uri=uri)

    async def trust(self, connection: Connection, arguments: TrustArguments) -> TrustResult:
        """Shows what workspaces were allowed, and takes it back."""
        return await shown_trust(self._host, connection, arguments)

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
        await pass_gate(self._host, connection, plan)

    async def _spoken_to(self, arguments: SessionArguments) -> Session:
        session = self._session(arguments)
        await session.taken_up()
        return session

    def _session(self, arguments: SessionArguments) -> Session:
        return self._host.session(arguments.session)

    async def _transcript(self, session: Session) -> str:
        await session.record.flush()
        return await to_thread.run_sync(lambda: session.record.transcript_file.read_text(encoding="utf-8"))


def _plan_part(arguments: StartArguments) -> PlanArguments:
    """The fields of a start that planning sees."""
    return PlanArguments.model_construct(**{name: getattr(arguments, name) for name in PlanArguments.model_fields})
