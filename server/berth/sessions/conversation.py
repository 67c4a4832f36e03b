"""One agent program being talked to: its dialect on one side, the session's record on the other.

Everything a person or the agent says goes through :meth:`Conversation.react`, so that signals keep their order, and
everything for the agent's stdin through one outbox, so that lines never interleave.
"""

from collections.abc import Callable

import anyio

from berth.agents.base import Answer, Dialect, Opening, Prompt, Reaction, Ready, Refused, Signal, TurnOver, Withdrawn
from berth.engine.base import Input
from berth.errors import BerthError, SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.events import (
    EventBody,
    InputRequested,
    OptionsChanged,
    ToolEnded,
    ToolStarted,
    ToolUpdated,
    UsageUpdated,
)
from berth.protocol.session import InputRequest, State
from berth.sessions.questions import Questions
from berth.sessions.record import Record
from berth.sessions.states import TALKING


class Conversation:
    """What is said between a person and one running agent program."""

    def __init__(self, record: Record, dialect: Dialect, questions: Questions) -> None:
        """Nothing is said yet."""
        self._record = record
        self._dialect = dialect
        self._questions = questions
        self._outbox = bytearray()
        self._has_output = anyio.Event()
        self._settled = anyio.Event()
        self._turn_over = anyio.Event()
        self._outcomes: list[TurnOver] = []
        self._refusal: BerthError | None = None
        self._greetings: list[Ready] = []
        self._sent = False
        self._cancelled_early = False
        self._asides: dict[str, Callable[[Answer], None]] = {}
        self._signals: dict[type, Callable[..., None]] = {
            Ready: self._on_ready,
            Refused: self._on_refused,
            TurnOver: self._on_turn_over,
            Withdrawn: self._on_withdrawn,
            InputRequested: self._on_question,
            OptionsChanged: self._on_options,
            UsageUpdated: self._on_usage,
            ToolStarted: self._on_tool,
            ToolUpdated: self._on_tool,
            ToolEnded: self._on_tool,
        }

    @property
    def ready(self) -> Ready | None:
        """What the agent last said of itself; None before the handshake. Claude names its conversation only later."""
        return self._greetings[-1] if self._greetings else None

    async def open(self, opening: Opening) -> Ready:
        """Shakes hands; waits until the agent is ready.

        Raises:
            BerthError: The agent refused, with its reason.
        """
        self.react(self._dialect.open(opening))
        await self._settled.wait()
        if self._refusal:
            raise self._refusal
        return self._greetings[0]

    async def take_turn(self, prompt: Prompt) -> TurnOver:
        """Sends a prompt and waits until its turn is over; a turn that was cancelled already is not sent."""
        if self._cancelled_early:
            self._cancelled_early = False
            return TurnOver("cancelled", "never-sent")
        self._turn_over, self._sent = anyio.Event(), True
        self._outcomes.clear()
        self.react(self._dialect.prompt(prompt))
        await self._turn_over.wait()
        self._sent = False
        return self._outcomes[0]

    def receive(self, data: bytes) -> None:
        """Takes what the agent printed."""
        self.react(self._dialect.receive(data))

    def end(self) -> None:
        """The agent's output is over."""
        self.react(self._dialect.end())

    def cancel(self) -> None:
        """Ends the running turn: before it is sent, by not sending it. Open questions are answered as cancelled."""
        self._close_all("the turn was cancelled")
        self._cancelled_early = not self._sent
        self.react(self._dialect.cancel())
        self._settle_state()

    def close(self, why: str) -> None:
        """The agent is gone: open questions are cancelled."""
        self._close_all(why)

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Answers a question. Raises as :meth:`Questions.read` does."""
        answer: Answer = self._questions.read(arguments)
        self._questions.close(arguments.request, answer, by=by)
        aside = self._asides.pop(arguments.request, None)
        if aside is not None:
            aside(answer)
        else:
            self.react(self._dialect.respond(arguments.request, answer))
        self._settle_state()

    def ask_aside(self, question: InputRequest, take: Callable[[Answer], None]) -> None:
        """Asks for somebody other than the agent, which goes on. No answer (a turn ends) has no option."""
        self._asides[question.request] = take
        self._questions.ask(question)
        self._settle_state()

    def set_option(self, option: str, value: str) -> None:
        """Changes a mode, model or config option.

        Raises:
            SessionError: ``unknown-option``: the agent offers no such option or value.
        """
        offered = {known.id: known for known in self._record.info.options}
        if option not in offered:
            names = ", ".join(offered) or "none"
            raise SessionError("unknown-option", f"The agent has no option {option!r}.", f"It offers: {names}.")
        self.react(self._dialect.set_option(option, value))

    def react(self, reaction: Reaction) -> None:
        """Publishes signals in order and sends what is to be sent."""
        if reaction.output:
            self._outbox += reaction.output
            self._has_output.set()
        for signal in reaction.signals:
            self._take(signal)

    async def write_to(self, agent_input: Input) -> None:
        """Writes what is to be sent to the agent's stdin, until cancelled."""
        while True:
            await self._has_output.wait()
            self._has_output = anyio.Event()
            data, self._outbox = bytes(self._outbox), bytearray()
            await agent_input.write(data)

    def _take(self, signal: Signal) -> None:
        take = self._signals.get(type(signal))
        if take is not None:
            take(signal)
        elif isinstance(signal, EventBody):
            self._record.publish(signal)

    def _on_ready(self, signal: Ready) -> None:
        self._greetings.append(signal)
        self._settled.set()

    def _on_refused(self, signal: Refused) -> None:
        self._refusal = signal.error
        self._settled.set()

    def _on_turn_over(self, signal: TurnOver) -> None:
        self._close_all("the turn is over")
        self._outcomes.append(signal)
        self._turn_over.set()

    def _on_withdrawn(self, signal: Withdrawn) -> None:
        self._questions.close(signal.request, Answer(), by="withdrawn by the agent")
        self._settle_state()

    def _on_question(self, body: InputRequested) -> None:
        self._questions.ask(body.input)
        self._settle_state()

    def _on_options(self, body: OptionsChanged) -> None:
        self._record.publish(body)
        self._record.update(options=body.options)

    def _on_usage(self, body: UsageUpdated) -> None:
        self._record.publish(body)
        self._record.update(usage=body.usage)

    def _on_tool(self, body: ToolStarted | ToolUpdated | ToolEnded) -> None:
        self._record.publish(body)
        activity = None if isinstance(body, ToolEnded) else body.title or body.family
        if activity != self._record.info.activity:
            self._record.update(activity=activity)

    def _close_all(self, why: str) -> None:
        self._questions.close_all(why)
        asides, self._asides = self._asides, {}
        for take in asides.values():
            take(Answer())

    def _settle_state(self) -> None:
        """Waiting while anything is asked; else working or idle."""
        if self._record.state not in TALKING:
            return
        turn = self._record.info.turn
        busy = State.WORKING if turn is not None and turn.state is None else State.IDLE
        state = State.WAITING if self._questions else busy
        if state is not self._record.state:
            self._record.enter(state)
