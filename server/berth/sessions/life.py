"""One run of a container or process with its agent program, from its start to its end.

A session has one life after another (start, restart, rebuild). A life reads what the program prints, keeps the
conversation going and serves the prompts that wait; it ends when the container has ended, or when the agent did not
come up, and says so in :attr:`Life.failure`.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from berth.agents.base import Opening
from berth.agents.dialects import dialect_for, resume_arguments
from berth.engine.base import Input, Runner
from berth.engine.launch import Launch
from berth.engine.launch_words import HostLaunchWords, LaunchWords
from berth.engine.launcher import whole_payload
from berth.errors import AgentError, BerthError
from berth.planning.host_plan import AnyPlan
from berth.planning.preparation import Preparation
from berth.protocol.events import ContainerState, Notice
from berth.protocol.session import State
from berth.sessions.changes import changes, look
from berth.sessions.conversation import Conversation
from berth.sessions.printed import Printed
from berth.sessions.proof import is_powerless, proof, sealed_paths
from berth.sessions.questions import Questions
from berth.sessions.record import Record
from berth.sessions.turns import Turns

logger = logging.getLogger(__name__)

LOG_GRACE_SECONDS = 3.0
"""How long the log of an ended container may take to be read before it is opened anew from where reading stopped."""


class Life:
    """One run of one container, or of a process in its place."""

    def __init__(self, *, runner: Runner, plan: AnyPlan, record: Record, turns: Turns) -> None:
        """Nothing runs yet."""
        self._runner = runner
        self._plan = plan
        self.record = record
        self._turns = turns
        self.conversation = Conversation(record, dialect_for(plan.agent.dialect), Questions(record))
        self.printed = Printed(record, _words(plan))
        self.failure: BerthError | None = None
        self.ended = anyio.Event()
        self._reading = anyio.CancelScope()

    async def run(self, container: str, *, since: str, resume: str | None) -> None:
        """Starts the container and lives until it has ended. ``since`` is where its output was read up to before.

        Raises:
            EngineError: The container could not be started.
        """
        self.printed.cursor = since
        agent_input = await self._runner.open_input(container)
        try:
            await self._runner.start(container)
            self.record.publish(ContainerState(status="started", container=self.record.info.container))
            await agent_input.write(self._payload(container, resume))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._until, tasks, lambda: self._listen(container))
                tasks.start_soon(self._until, tasks, lambda: self._watch(container))
                tasks.start_soon(self._until, tasks, lambda: self._write(agent_input))
                tasks.start_soon(self._until, tasks, lambda: self._talk(resume))
        finally:
            with anyio.CancelScope(shield=True):
                await agent_input.aclose()

    async def hush(self, seconds: float) -> None:
        """Cancels the running turn, if there is one, and gives it so many seconds to end."""
        if self._turns.running is not None:
            self.conversation.cancel()
            await self._turns.settle(seconds)

    def _payload(self, container: str, resume: str | None) -> bytes:
        plan, agent = self._plan, self._plan.agent
        contained = plan.mode == "container"
        launch = Launch(
            argv=(*agent.argv, *resume_arguments(agent.dialect, resume)),
            environment={variable.name: variable.value for variable in agent.environment},
            workdir=plan.workdir,
            writable=(str(plan.workspace),) if contained else (),
            sealed=sealed_paths(plan),
            powerless=is_powerless(plan),
            expanding=frozenset(variable.name for variable in agent.environment if variable.expands),
            before=self._before(),
            container=container,
        )
        return whole_payload(launch)

    def _before(self) -> Sequence[Preparation]:
        return self._plan.before if self._plan.mode == "container" else ()

    async def _until(self, tasks: TaskGroup, part: Callable[[], Awaitable[None]]) -> None:
        """Runs one part of a life; when it ends, so does the life. The first error is the one that counts."""
        try:
            await part()
        except BerthError as error:
            self.failure = self.failure or error
        tasks.cancel_scope.cancel()

    async def _listen(self, container: str) -> None:
        """Reads all that the program prints, until its end."""
        with self._reading:
            await self._read(container)
        if self._reading.cancelled_caught:
            await self._read(container)
        self.conversation.end()
        self.ended.set()

    async def _read(self, container: str) -> None:
        async with self._runner.output(container, since=self.printed.cursor) as outputs:
            async for output in outputs:
                if output.stream == "stdout":
                    self.conversation.receive(output.data)
                self.printed.add(output)

    async def _watch(self, container: str) -> None:
        """Sees the container end when its log does not: engines forget that when a container is removed."""
        try:
            await self._runner.wait(container)
        except BerthError as error:
            logger.info("Waiting for the end of a container failed: %s", error.kind)
            await anyio.sleep_forever()
        with anyio.move_on_after(LOG_GRACE_SECONDS):
            await self.ended.wait()
        self._reading.cancel()
        await self.ended.wait()

    async def _write(self, agent_input: Input) -> None:
        """Writes to the program's stdin. Once it no longer listens, how it ended counts, not the broken pipe."""
        try:
            await self.conversation.write_to(agent_input)
        except BerthError as error:
            logger.info("Writing to the agent failed: %s", error.kind)
            with anyio.move_on_after(self._plan.agent.handshake_timeout):
                await anyio.sleep_forever()
            raise

    async def _talk(self, resume: str | None) -> None:
        """Shakes hands, then serves prompts for ever. What goes before the agent may take its time."""
        workspace = self._plan.workdir
        if self._before():
            await self.printed.executed.wait()
            self.record.update(activity=None)
        try:
            with anyio.fail_after(self._plan.agent.handshake_timeout):
                await self.conversation.open(Opening(workspace=workspace, resume=resume))
        except TimeoutError:
            raise self._silent() from None
        if (proved := proof(self._plan)) is not None:
            self.record.publish(proved)
        self._make_it_ask()
        self.record.enter(State.IDLE, activity=None)
        while True:
            await self._take_turn()

    def _make_it_ask(self) -> None:
        """Puts the agent into the mode in which it asks, whatever its own or the repository's settings say."""
        wanted = self._plan.agent.asking_mode
        option = next((known for known in self.record.info.options if known.category == "mode"), None)
        if not wanted or option is None or option.value == wanted:
            return
        if any(choice.value == wanted for choice in option.choices):
            self.conversation.set_option(option.id, wanted)
        else:
            sentence = f"{self._plan.agent.title} is in its mode {option.value}, and has none called {wanted}."
            self.record.publish(Notice(severity="warning", message=f"{sentence} It may act without asking."))

    async def _take_turn(self) -> None:
        queued = await self._turns.next()
        if self.record.state is State.STOPPING:
            await anyio.sleep_forever()  # the life ends, and then the turn with it
        self.record.enter(State.WORKING)
        before = await to_thread.run_sync(look, self._plan.workspace)
        over = await self.conversation.take_turn(queued.prompt)
        after = await to_thread.run_sync(look, self._plan.workspace)
        self._turns.end(over, changes(self._plan.workspace, before, after))
        if self.record.state in (State.WORKING, State.WAITING):
            self.record.enter(State.IDLE)

    def _silent(self) -> AgentError:
        agent = self._plan.agent
        said = self.printed.last_words
        return AgentError(
            "agent-silent",
            f"{agent.title} did not answer within {agent.handshake_timeout:.0f} seconds."
            + (f" Its last words: {said}" if said else " It printed nothing."),
            "Check that its version is a current one; agent.logs shows all it printed.",
        )


def _words(plan: AnyPlan) -> LaunchWords:
    return HostLaunchWords(plan.agent.install_hint) if plan.mode == "host" else LaunchWords()
