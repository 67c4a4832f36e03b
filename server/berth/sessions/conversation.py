"""One agent program being talked to: its dialect on one side, the session's record on the other.

Everything a person or the agent says goes through :meth:`Conversation.react`, so that signals keep their order, and
everything for the agent's stdin through one :class:`~berth.sessions.delivery.Delivery`, so that lines never interleave.
What the dialect is told is noted: a later host tells a fresh dialect the same (:mod:`berth.sessions.rehearsal`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import anyio

from berth.agents.base import Answer, Dialect, Opening, Prompt, Reaction, Ready, Refused, Signal, TurnOver, Withdrawn
from berth.errors import BerthError, SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.event_body import EventBody
from berth.protocol.events import InputRequested
from berth.protocol.session import InputRequest, State
from berth.sessions.delivery import Delivery
from berth.sessions.past import Heard
from berth.sessions.questions import OWN, Questions
from berth.sessions.record import Record
from berth.sessions.showing import show
from berth.sessions.states import TALKING


class Conversation:
    """What is said between a person and one running agent program."""

    def __init__(self, record: Record, dialect: Dialect, delivery: Delivery) -> None:
        """Nothing is said yet."""
        self._record = record
        self._dialect = dialect
        self._questions = Questions(record)
        self._delivery = delivery
        self._settled = anyio.Event()
        self._turn_over = anyio.Event()
        self._outcomes: list[TurnOver] = []
        self._refusal: BerthError | None = None
        self._greetings: list[Ready] = []
        self._asides: dict[str, Callable[[Answer], None]] = {}
        self._own: dict[str, Callable[[Answer], None]] = {}
        self._sent = self._opened = self._cancelled_early = False
        self._sent_turn: str | None = None
        self._cancelled_turn: str | None = None
        self._signals: dict[type, Callable[..., None]] = {
            Ready: self._on_ready,
            Refused: self._on_refused,
            TurnOver: self._on_turn_over,
            Withdrawn: self._on_withdrawn,
            InputRequested: self._on_question,
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
        self._heard("open", asdict(opening))
        self.react(self._dialect.open(opening))
        return await self.opened()

    async def opened(self) -> Ready:
        """Waits until the agent is ready. Raises as :meth:`open` does."""
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
        self._heard("prompt", asdict(prompt))
        self.react(self._dialect.prompt(prompt))
        return await self.turn_over()

    async def turn_over(self) -> TurnOver:
        """Waits until the turn that was sent is over."""
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
        self._close_turn("the turn was cancelled")
        self._cancelled_early = not self._sent
        self._heard("cancel", {"early": self._cancelled_early})
        self.react(self._dialect.cancel())
        self.settle_state()

    def close(self, why: str) -> None:
        """The agent is gone: open questions are cancelled."""
        self._questions.close_all(why)
        self._close_turn(why)

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Answers a question. Raises as :meth:`Questions.read` does."""
        answer: Answer = self._questions.read(arguments)
        self._questions.close(arguments.request, answer, by=by)
        asker = self._own.pop(arguments.request, None) or self._asides.pop(arguments.request, None)
        if asker is None:
            option = answer.option.model_dump(mode="json") if answer.option else None
            self._heard("respond", {"request": arguments.request, "option": option, "values": answer.values})
            self.react(self._dialect.respond(arguments.request, answer))
        self.settle_state()
        if asker is not None:
            asker(answer)

    def ask(self, question: InputRequest, then: Callable[[Answer], None]) -> None:
        """Asks something of Berth's own; ``then`` gets the answer, unless the agent is gone first. See ``OWN``."""
        self._own[question.request] = then
        self._pose(question)

    def ask_aside(self, question: InputRequest, take: Callable[[Answer], None]) -> None:
        """Asks as :meth:`ask` does, for as long as the turn runs. No answer (a turn ends) has no option."""
        self._asides[question.request] = take
        self._pose(question)

    def _pose(self, question: InputRequest) -> None:
        self._questions.ask(question)
        self.settle_state()

    def set_option(self, option: str, value: str) -> None:
        """Changes a mode, model or config option.

        Raises:
            SessionError: ``unknown-option``: the agent offers no such option or value.
        """
        if option not in (offered := [known.id for known in self._record.info.options]):
            names = ", ".join(offered) or "none"
            raise SessionError("unknown-option", f"The agent has no option {option!r}.", f"It offers: {names}.")
        reaction = self._dialect.set_option(option, value)
        self._heard("set_option", {"option": option, "value": value})
        self.react(reaction)

    def react(self, reaction: Reaction) -> None:
        """Publishes signals in order and sends what is to be sent."""
        self._delivery.put(reaction.output)
        for signal in reaction.signals:
            self._take(signal)

    def settle_state(self) -> None:
        """Waiting while anything is asked; else working or idle."""
        if self._record.state not in TALKING:
            return
        turn = self._record.info.turn
        busy = State.WORKING if turn is not None and turn.state is None else State.IDLE
        state = State.WAITING if self._questions else busy
        if state is not self._record.state:
            self._record.enter(state)

    @property
    def was_opened(self) -> bool:
        """Whether the handshake was begun."""
        return self._opened

    def remember(self, signals: Sequence[Signal], heard: Heard | None) -> None:
        """Takes what came of a rehearsal, which was published long ago; ``heard`` is what the dialect was told."""
        if heard is not None:
            self._remember_heard(heard)
        for signal in signals:
            if isinstance(signal, Ready):
                self._greetings.append(signal)
                self._settled.set()
            elif isinstance(signal, Refused):
                self._on_refused(signal)
            elif isinstance(signal, TurnOver):
                self._outcomes.append(signal)
                self._turn_over.set()

    def rehearsed(self, running: str | None) -> None:
        """The rehearsal is over; ``running`` is the turn that runs by the journal."""
        self._sent = self.has_prompt_of(running)
        self._cancelled_early = running is not None and self._cancelled_turn == running

    def has_prompt_of(self, turn: str | None) -> bool:
        """Whether the prompt of a turn was given to the dialect."""
        return turn is not None and turn == self._sent_turn

    def ask_again(self, open_questions: Sequence[InputRequest]) -> None:
        """Questions of an earlier host are open again, under their old ids."""
        self._questions.reopen(open_questions)
        for question in open_questions:
            if question.request.startswith(OWN):
                self._questions.close(question.request, Answer(), by="Berth, which was started anew")

    def _heard(self, what: str, content: Mapping[str, Any]) -> None:
        reached, turn = self._record.reached, self._record.turn
        self._record.note("heard", {"after": reached.stdout, "what": what, "content": content, "turn": turn})

    def _remember_heard(self, heard: Heard) -> None:
        self._opened = True
        if heard.what == "prompt":
            self._turn_over, self._sent_turn = anyio.Event(), heard.turn
            self._outcomes.clear()
        elif heard.what == "cancel" and heard.content["early"]:
            self._cancelled_turn = heard.turn

    def _take(self, signal: Signal) -> None:
        if (take := self._signals.get(type(signal))) is not None:
            take(signal)
        elif isinstance(signal, EventBody):
            show(signal, self._record)

    def _on_ready(self, signal: Ready) -> None:
        self._greetings.append(signal)
        self._record.note("conversation", {"id": signal.conversation if signal.resumable else None})
        self._settled.set()

    def _on_refused(self, signal: Refused) -> None:
        self._refusal = signal.error
        self._settled.set()

    def _on_turn_over(self, signal: TurnOver) -> None:
        self._close_turn("the turn is over")
        self._outcomes.append(signal)
        self._turn_over.set()

    def _on_withdrawn(self, signal: Withdrawn) -> None:
        self._questions.close(signal.request, Answer(), by="withdrawn by the agent")
        self.settle_state()

    def _on_question(self, body: InputRequested) -> None:
        self._pose(body.input)

    def _close_turn(self, why: str) -> None:
        self._questions.close_all(why, but=self._own)
        asides, self._asides = self._asides, {}
        for take in asides.values():
            take(Answer())
