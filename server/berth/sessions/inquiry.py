"""A question of Berth's own, before the agent is there. The session waits for the answer, in every editor alike."""

import anyio

from berth.protocol.commands import RespondArguments
from berth.protocol.session import InputRequest, OptionKind, State
from berth.sessions.questions import Questions
from berth.sessions.record import Record


class Inquiry:
    """Asks one question at a time in one session."""

    def __init__(self, record: Record) -> None:
        """Nothing is asked yet."""
        self._record = record
        self._questions: Questions | None = None
        self._chosen: list[OptionKind] = []
        self._answered = anyio.Event()

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self._questions is not None

    async def ask(self, question: InputRequest, *, why: str) -> OptionKind:
        """Waits for the answer; the session is ``waiting`` from here on. No choice counts as a no."""
        questions = self._questions = Questions(self._record)
        self._answered, self._chosen = anyio.Event(), []
        try:
            self._record.enter(State.WAITING, why=why)
            questions.ask(question)
            await self._answered.wait()
        finally:
            self._questions = None
            questions.close_all("the start was cancelled")
        return self._chosen[0]

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Takes the answer. Raises as :meth:`berth.sessions.questions.Questions.read` does."""
        if self._questions is None:
            return
        answer = self._questions.read(arguments)
        self._questions.close(arguments.request, answer, by=by)
        self._chosen.append(answer.option.kind if answer.option else OptionKind.REJECT_ONCE)
        self._answered.set()
