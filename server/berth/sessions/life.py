"""One run of a container or process with its agent program, from its start to its end.

A session has one life after another (start, restart, rebuild). A life reads what the program prints, keeps the
conversation going and serves the prompts that wait; it ends when the container has ended, or when the agent did not
come up, and says so in :attr:`Life.failure`. A life may have begun under an earlier host.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace

import anyio
from anyio.abc import TaskGroup

from berth.agents.dialects import dialect_for
from berth.engine.base import Output
from berth.engine.launch_words import HostLaunchWords, LaunchWords
from berth.errors import BerthError
from berth.planning.host_plan import AnyPlan
from berth.sessions.bring_up import bring_up
from berth.sessions.ceilings.hold import Hold
from berth.sessions.conversation import Conversation
from berth.sessions.delivery import Delivery
from berth.sessions.first_payload import first_payload
from berth.sessions.input_line import InputLine, PayloadLost
from berth.sessions.past import Begun, Past
from berth.sessions.printed import Printed
from berth.sessions.reached import Reached
from berth.sessions.record import now
from berth.sessions.rehearsal import Rehearsal
from berth.sessions.surroundings import Surroundings
from berth.sessions.talk import Talk
from berth.sessions.writeback.watch import Watch

logger = logging.getLogger(__name__)

LOG_GRACE_SECONDS = 3.0
"""How long the log of an ended container may take to be read before it is opened anew from where reading stopped."""


class Life:
    """One run of one container, or of a process in its place."""

    def __init__(self, around: Surroundings, begun: Begun) -> None:
        """Nothing runs yet."""
        self._around = around
        self._runner = around.runner
        self._plan = around.plan
        self._turns = around.turns
        self.record = around.record
        self.begun = begun
        self._dialect = dialect_for(begun.dialect, prefix=begun.prefix)
        self._delivery = Delivery(around.record, begun.dialect)
        self.conversation = Conversation(around.record, self._dialect, self._delivery)
        self.printed = Printed(around.record, _words(around.plan))
        self.hold = Hold(around, begun.container, self.conversation)
        self._looks = Watch(around.plan, around.record)
        self._talk = Talk(around, self.conversation, self.printed, looks=self._looks)
        self._rehearsal: Rehearsal | None = None
        self.caught_up = anyio.Event()
        self.failure: BerthError | None = None
        self.ended, self._said = anyio.Event(), anyio.Event()
        self._reading = anyio.CancelScope()
        self._read_to = begun.since
        self._known = around.record.reached.stdout

    @property
    def cursor(self) -> str:
        """How far its output was read."""
        return self._read_to

    @property
    def was_unheard(self) -> bool:
        """Whether the engine passed nothing on to its launcher; another start of the container may do better."""
        return isinstance(self.failure, PayloadLost)

    async def run(self) -> None:
        """Starts the container and lives until it has ended.

        Raises:
            EngineError: The container could not be started, or is not the one that was planned.
        """
        self.caught_up.set()
        self.record.reached = Reached(cursor=self.begun.since)
        self.record.note("life", asdict(self.begun))
        line = self._line()
        try:
            await bring_up(self._around, line, self._looks.begin)
            await line.launch(first_payload(self._plan, self.begun), self.printed.heeded)
            self.record.note("launched", {})
            await self.record.flush()  # before anybody hears that it is up: a later host must know it, too
            await self._live(line, lambda: self._talk.begin(self.begun.resume))
            await self._looks.end(during="turn" if self._turns.running else "between")
        finally:
            with anyio.CancelScope(shield=True):
                await line.aclose()

    async def go_on(self, past: Past) -> None:
        """Goes on with a life that began under an earlier host; its container may have ended meanwhile.

        Raises:
            EngineError: The engine does not answer, or the container is gone.
        """
        self._rehearsal = Rehearsal(self._dialect, self.conversation, self._delivery, past)
        if self._rehearsal.is_over:
            self.caught_up.set()
        self.conversation.ask_again(self.record.info.input_needed)
        try:
            await self._live_on(past)
        finally:
            self.caught_up.set()

    def rest_of(self, limit: float | None) -> float | None:
        """What is left of a time limit, in seconds."""
        return None if limit is None else max(0.0, limit - (now() - self.begun.at) / 1000)

    async def hush(self, seconds: float) -> None:
        """Cancels the running turn, if there is one, and gives it so many seconds to end."""
        await self.caught_up.wait()
        if self._turns.running is not None:
            self.conversation.cancel()
            await self._turns.settle(seconds)

    async def _live_on(self, past: Past) -> None:
        """What has ended meanwhile takes no input; all it printed is read, and then it is over."""
        facts = await self._runner.inspect(self.begun.container)
        if facts is None or facts.status not in ("running", "paused", "restarting"):
            await self._listen()
            return
        if facts.status == "paused":
            self.hold.found_paused()
        line = self._line()
        try:
            await self._looks.begin()
            await self._live(line, lambda: self._go_on_talking(past))
            await self._looks.end(during="turn" if self._turns.running else "between")
        finally:
            with anyio.CancelScope(shield=True):
                await line.aclose()

    def _line(self) -> InputLine:
        return InputLine(self._runner, self.begun.container, self._prints)

    async def _go_on_talking(self, past: Past) -> None:
        await self.caught_up.wait()
        self.conversation.rehearsed(past.running.turn if past.running else None)
        await self._talk.go_on(self.begun.resume)

    async def _live(self, line: InputLine, talk: Callable[[], Awaitable[None]]) -> None:
        async with anyio.create_task_group() as tasks:
            for part in (self._listen, self._watch, lambda: self._write(line), talk, self.hold.keep):
                tasks.start_soon(self._until, tasks, part)

    async def _until(self, tasks: TaskGroup, part: Callable[[], Awaitable[None]]) -> None:
        """Runs one part of a life; when it ends, so does the life. The first error is the one that counts."""
        try:
            await part()
        except BerthError as error:
            self.failure = self.failure or error
        tasks.cancel_scope.cancel()

    async def _listen(self) -> None:
        """Reads all that the program prints, until its end."""
        with self._reading:
            await self._read()
        if self._reading.cancelled_caught:
            await self._read()
        self.caught_up.set()
        self.conversation.end()
        self.ended.set()

    async def _read(self) -> None:
        async with self._runner.output(self.begun.container, since=self._read_to) as outputs:
            async for output in outputs:
                self._hear(output)
                self._read_to = output.cursor
                await self.record.room()

    def _hear(self, output: Output) -> None:
        if self._rehearsal is not None:
            output = self._rehearse(output, self._rehearsal)
        if not output.data:
            return
        reached = self.record.reached
        if output.stream == "stdout":
            reached.stdout += len(output.data)
            self.conversation.receive(output.data)
            self._said.set()
        else:
            reached.stderr += len(output.data)
        self.printed.add(output)
        self.hold.printed(output)
        reached.cursor = output.cursor
        self.record.touch()

    def _rehearse(self, output: Output, rehearsal: Rehearsal) -> Output:
        """Takes again what was taken before; answers what is new."""
        known, new = rehearsal.split(output)
        if known and output.stream == "stdout":
            rehearsal.receive(known)
        self.printed.rehearse(output.stream, known)
        if rehearsal.is_over:
            self.caught_up.set()
        return replace(output, data=new)

    async def _watch(self) -> None:
        """Sees the container end when its log does not: engines forget that when a container is removed."""
        try:
            await self._runner.wait(self.begun.container)
        except BerthError as error:
            logger.info("Waiting for the end of a container failed: %s", error.kind)
            await anyio.sleep_forever()
        with anyio.move_on_after(LOG_GRACE_SECONDS):
            await self.ended.wait()
        self._reading.cancel()
        await self.ended.wait()

    async def _prints(self, beyond: int) -> None:
        while self.record.reached.stdout <= beyond:
            self._said = anyio.Event()
            await self._said.wait()

    async def _write(self, line: InputLine) -> None:
        """Writes to the program's stdin. Once it no longer listens, how it ended counts, not the broken pipe."""
        try:
            if self._rehearsal is not None:
                taken_up = await line.take_up()
                await self.caught_up.wait()
                await self._delivery.go_on(taken_up, self._rehearsal.pieces, lambda: self._prints(self._known))
            await line.deliver(self._delivery)
        except PayloadLost:
            raise
        except BerthError as error:
            logger.info("Writing to the agent failed: %s", error.kind)
            with anyio.move_on_after(self._plan.agent.handshake_timeout):
                await anyio.sleep_forever()
            raise


def begun(plan: AnyPlan, container: str, since: str, resume: str | None) -> Begun:
    """A life that begins now."""
    prefix = f"{secrets.token_hex(3)}-"
    return Begun(container, plan.agent.dialect, prefix, plan.workdir, since=since, resume=resume, at=now())


def _words(plan: AnyPlan) -> LaunchWords:
    return HostLaunchWords(plan.agent.install_hint) if plan.mode == "host" else LaunchWords()
