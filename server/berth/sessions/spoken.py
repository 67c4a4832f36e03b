"""What a person can say to a session and its agent."""

from collections.abc import Callable

import anyio

from berth.agents.base import Answer, Prompt
from berth.errors import SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.session import InputRequest, SessionInfo, State
from berth.sessions.inquiry import Inquiry
from berth.sessions.life import Life
from berth.sessions.past import Past
from berth.sessions.record import Record
from berth.sessions.states import ENDED, TALKING
from berth.sessions.turns import Turns


class Spoken:
    """The part of a session that is spoken to. What takes long comes as events."""

    def __init__(self, record: Record, past: Past | None) -> None:
        """Nobody is there to listen yet."""
        self.record = record
        self._inquiry = Inquiry(record)
        self._turns = Turns(record, past)
        self._life: Life | None = None
        self._taken_up = anyio.Event()
        if past is None:
            self._taken_up.set()

    @property
    def info(self) -> SessionInfo:
        """The session as clients see it."""
        return self.record.info

    async def taken_up(self) -> None:
        """Waits until a session of an earlier host can be spoken to again, or has ended."""
        await self._taken_up.wait()
        if self._life is not None:
            await self._life.caught_up.wait()

    def prompt(self, prompt: Prompt) -> tuple[str, int]:
        """Queues a prompt; answers its turn and its place.

        Raises:
            SessionError: ``wrong-state``: the session has ended.
        """
        if self.record.state in ENDED or self.record.state is State.STOPPING:
            raise self._wrong_state("take a prompt", "Restart it first.")
        return self._turns.add(prompt)

    def cancel(self) -> None:
        """Cancels the running turn.

        Raises:
            SessionError: ``wrong-state``: no turn runs.
        """
        if self._turns.running is None:
            raise self._wrong_state("cancel a turn", "No turn is running; agent.stop ends the session.")
        self._talking("cancel a turn").conversation.cancel()

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Answers a question. Raises as :meth:`berth.sessions.questions.Questions.read` does."""
        if not self._inquiry.is_open and self._life is None:
            raise self._wrong_state("take an answer", "Nothing was asked yet.")
        asker = self._inquiry if self._inquiry.is_open or self._life is None else self._life.conversation
        asker.respond(arguments, by=by)

    def ask(self, question: InputRequest, then: Callable[[Answer], None]) -> None:
        """Asks something of Berth's own; ``then`` gets the answer. Raises ``wrong-state`` while nobody talks."""
        self._talking("ask").conversation.ask(question, then)

    def set_option(self, option: str, value: str) -> None:
        """Changes a mode, model or config option of the agent."""
        self._talking("change an option").conversation.set_option(option, value)

    def _talking(self, what: str) -> Life:
        if self._life is None or self._inquiry.is_open or self.record.state not in TALKING:
            raise self._wrong_state(what, "Wait until it is ready, or restart it.")
        return self._life

    def _wrong_state(self, what: str, hint: str) -> SessionError:
        return SessionError("wrong-state", f"{self.info.name} cannot {what} now: it is {self.record.state}.", hint)
