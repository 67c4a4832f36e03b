"""Holds one run of a container to its ceilings: where it passes one it is paused, told of, and a person asked."""

import logging
from collections.abc import Callable

import anyio

from berth.agents.base import Answer
from berth.engine.base import Engine, Output
from berth.errors import BerthError
from berth.protocol.container_events import ContainerState
from berth.protocol.session import InputRequest, OptionKind, State
from berth.sessions.ceilings.lookout import Lookout
from berth.sessions.ceilings.passed import PURPOSE, Passed, question_about
from berth.sessions.conversation import Conversation
from berth.sessions.surroundings import Surroundings

logger = logging.getLogger(__name__)

STOPPED = "It was paused at one of its ceilings, and a person chose to stop it."


class Hold:
    """Of one container. A plain process is held to nothing."""

    def __init__(self, around: Surroundings, container: str, conversation: Conversation) -> None:
        """Nothing was passed yet."""
        plan = around.plan
        self._engine = around.engine
        self._record = around.record
        self._container = container
        self._conversation = conversation
        self._lookout = Lookout(plan, around.record, self._pass) if plan.mode == "container" else None
        self._passed: Passed | None = None
        self._wake, self._let_go = anyio.Event(), anyio.Event()
        self._asked_before = [asked for asked in around.record.info.input_needed if asked.purpose == PURPOSE]
        self._stop: Callable[[str], None] | None = None
        self.is_paused = False

    def ends_with(self, stop: Callable[[str], None]) -> Callable[[str], None]:
        """Takes, and answers, what is called with a sentence when a person wants it ended."""
        self._stop = stop
        return stop

    def printed(self, output: Output) -> None:
        """Takes what it printed."""
        if self._lookout is not None:
            self._lookout.printed(output)

    async def keep(self) -> None:
        """Watches, pauses and asks, until cancelled."""
        if self._engine is None or self._lookout is None:
            await anyio.sleep_forever()
            return
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._lookout.watch, self._engine, self._container)
            while True:
                await self._wake.wait()
                self._wake = anyio.Event()
                if self._passed is not None:
                    await self._pause(self._engine, self._passed)
                if self.is_paused:
                    await self._let_go.wait()
                    await self._lookout.caught_up()
                    await self.release()

    def found_paused(self) -> None:
        """An earlier host may have paused it, and nobody has answered yet: the same is asked again then."""
        if self._asked_before:
            self.is_paused = True
            self._ask(self._asked_before[-1])
            self._wake.set()

    async def release(self) -> None:
        """Lets it go on, where it was paused."""
        if not self.is_paused or self._engine is None or self._lookout is None:
            return
        self.is_paused = False
        self._let_go.set()
        self._lookout.begin_anew()
        try:
            await self._engine.unpause(self._container)
        except BerthError as error:
            logger.info("A container that was paused does not go on: %s", error.kind)
        else:
            self._record.publish(ContainerState(status="unpaused", container=self._record.info.container))
        self._passed = None

    def _pass(self, passed: Passed) -> None:
        """Takes the first ceiling that is passed. What is about to end is let end."""
        if self._passed is None and not self.is_paused and self._record.state is not State.STOPPING:
            self._passed = passed
            self._wake.set()

    async def _pause(self, engine: Engine, passed: Passed) -> None:
        try:
            await engine.pause(self._container)
        except BerthError as error:
            logger.info("A container that passed a ceiling was not paused: %s", error.kind)
            self._passed = None
            return
        self.is_paused = True
        self._record.publish(ContainerState(status="paused", container=self._record.info.container))
        self._record.publish(passed.event())
        self._ask(question_about(passed, self._record.journal.last))

    def _ask(self, question: InputRequest) -> None:
        self._let_go = anyio.Event()
        self._conversation.ask(question, lambda answer: self._take(question, answer))

    def _take(self, question: InputRequest, answer: Answer) -> None:
        if answer.option is None:
            self._ask(question)
        elif answer.option.kind is OptionKind.ALLOW_ONCE:
            self._let_go.set()
        elif self._stop is not None:
            self._stop(STOPPED)
