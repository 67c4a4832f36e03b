"""The talk of one life: the handshake, then one turn after another."""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio

from berth.agents.base import Opening, TurnOver
from berth.errors import AgentError
from berth.planning.host_plan import AnyPlan
from berth.protocol.events import Notice
from berth.protocol.session import State
from berth.protocol.workspace_events import FilesChanged
from berth.sessions.conversation import Conversation
from berth.sessions.past import Queued
from berth.sessions.printed import Printed
from berth.sessions.proof import proof
from berth.sessions.surroundings import Surroundings
from berth.sessions.writeback.watch import Watch


class Talk:
    """Leads a conversation."""

    def __init__(self, around: Surroundings, conversation: Conversation, printed: Printed, *, looks: Watch) -> None:
        """Nothing was said yet."""
        self._looks = looks
        self._plan: AnyPlan = around.plan
        self._record = around.record
        self._turns = around.turns
        self._conversation = conversation
        self._printed = printed

    async def begin(self, resume: str | None) -> None:
        """Shakes hands, then serves prompts for ever: once the launcher has become the agent, and all it tried held.

        Raises:
            BerthError: The agent refused, or kept silent.
        """
        await self._launched()
        with self._patience():
            await self._conversation.open(Opening(workspace=self._plan.workdir, resume=resume))
        await self._greeted()

    async def _launched(self) -> None:
        """What goes before the agent may take its time, the launcher alone may not."""
        if self._plan.mode == "container" and self._plan.before:
            await self._printed.executed.wait()
            self._record.update(activity=None)
        else:
            with self._patience():
                await self._printed.executed.wait()

    async def go_on(self, resume: str | None) -> None:
        """Takes up what an earlier host left, wherever that was. Raises as :meth:`begin` does."""
        if not self._conversation.was_opened:
            await self.begin(resume)
        elif self._record.state is State.STARTING:
            with self._patience():
                await self._conversation.opened()
            await self._greeted()
        running = self._turns.running
        if running is not None:
            await self._finish(running)
        await self._serve()

    async def _greeted(self) -> None:
        if (proved := proof(self._plan)) is not None:
            self._record.publish(proved)
        self._make_it_ask()
        self._record.enter(State.IDLE, activity=None)
        self._conversation.settle_state()
        await self._serve()

    async def _serve(self) -> None:
        while True:
            queued = await self._turns.next()
            await self._not_while_stopping()
            self._record.enter(State.WORKING)
            await self._take(queued)

    async def _take(self, queued: Queued) -> None:
        await self._looks.begin_turn()
        over = await self._conversation.take_turn(queued.prompt)
        self._end(over, await self._looks.end_turn())

    async def _finish(self, queued: Queued) -> None:
        """What changed in a turn is not known where nobody looked before it."""
        await self._not_while_stopping()
        if self._conversation.has_prompt_of(queued.turn):
            over = await self._conversation.turn_over()
            await self._looks.end_turn()
            self._end(over, None)
        else:
            await self._take(queued)

    def _end(self, over: TurnOver, changed: FilesChanged | None) -> None:
        self._turns.end(over, changed)
        if self._record.state in (State.WORKING, State.WAITING):
            self._record.enter(State.IDLE)
            self._conversation.settle_state()

    async def _not_while_stopping(self) -> None:
        if self._record.state is State.STOPPING:
            await anyio.sleep_forever()  # the life ends, and then the turn with it

    def _make_it_ask(self) -> None:
        """Puts the agent into the mode in which it asks, whatever its own or the repository's settings say."""
        wanted = self._plan.agent.asking_mode
        option = next((known for known in self._record.info.options if known.category == "mode"), None)
        if not wanted or option is None or option.value == wanted:
            return
        if any(choice.value == wanted for choice in option.choices):
            self._conversation.set_option(option.id, wanted)
        else:
            sentence = f"{self._plan.agent.title} is in its mode {option.value}, and has none called {wanted}."
            self._record.publish(Notice(severity="warning", message=f"{sentence} It may act without asking."))

    @contextmanager
    def _patience(self) -> Iterator[None]:
        try:
            with anyio.fail_after(self._plan.agent.handshake_timeout):
                yield
        except TimeoutError:
            raise self._silent() from None

    def _silent(self) -> AgentError:
        agent = self._plan.agent
        said = self._printed.last_words
        return AgentError(
            "agent-silent",
            f"{agent.title} did not answer within {agent.handshake_timeout:.0f} seconds."
            + (f" Its last words: {said}" if said else " It printed nothing."),
            "Check that its version is a current one; agent.logs shows all it printed.",
        )
