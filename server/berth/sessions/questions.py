"""The questions of one session that wait for a person. The first answer wins; the others learn that it did."""

from collections.abc import Container, Sequence

from berth.agents.base import Answer
from berth.errors import InvalidArguments, SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.events import InputRequested, InputResolved
from berth.protocol.session import InputRequest, Option
from berth.sessions.record import Record

OWN = "berth-"
"""How requests of Berth's own questions begin; no agent's do. Whoever asks is gone when the host is, and asks again."""


class Questions:
    """What is asked and not yet answered."""

    def __init__(self, record: Record) -> None:
        """Nothing is asked yet."""
        self._record = record
        self._open: dict[str, InputRequest] = {}
        self._closed: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anything waits for a person."""
        return bool(self._open)

    def ask(self, input_request: InputRequest) -> None:
        """Publishes a question."""
        self._open[input_request.request] = input_request
        self._closed.discard(input_request.request)
        self._record.publish(InputRequested(input=input_request))
        self._tell()

    def reopen(self, open_questions: Sequence[InputRequest]) -> None:
        """Takes questions that an earlier host asked. They are asked already: nothing is published."""
        self._open = {question.request: question for question in open_questions}

    def read(self, arguments: RespondArguments) -> Answer:
        """Turns a client's words into an answer, without giving it yet.

        Raises:
            SessionError: ``already-answered`` or ``unknown-request``.
            InvalidArguments: The question has no such option.
        """
        asked = self._open.get(arguments.request)
        if asked is None:
            raise self._not_open(arguments.request)
        if arguments.option is None:
            return Answer(values=arguments.values)
        return Answer(option=_pick(asked, arguments.option))

    def close(self, request: str, answer: Answer, *, by: str) -> None:
        """Publishes the answer to a question and forgets it."""
        if self._open.pop(request, None) is None:
            return
        self._closed.add(request)
        chosen = answer.option.id if answer.option else None
        self._record.publish(InputResolved(request=request, option=chosen, by=by))
        self._tell()

    def close_all(self, why: str, *, but: Container[str] = ()) -> None:
        """Cancels everything that is open, ``but`` some. ``why`` stands where the answerer's name would."""
        for request in [name for name in self._open if name not in but]:
            self._open.pop(request)
            self._closed.add(request)
            self._record.publish(InputResolved(request=request, by=why, automatic=True))
        self._tell()

    def _tell(self) -> None:
        self._record.update(input_needed=tuple(self._open.values()))

    def _not_open(self, request: str) -> SessionError:
        if request in self._closed:
            return SessionError("already-answered", f"The question {request} was answered already.", "Nothing to do.")
        return SessionError("unknown-request", f"There is no question {request}.", "See inputNeeded of agent.list.")


def _pick(asked: InputRequest, wanted: str) -> Option:
    """The option with this id, else the first of this kind."""
    for option in asked.options:
        if option.id == wanted:
            return option
    for option in asked.options:
        if option.kind.value == wanted:
            return option
    known = ", ".join(option.id for option in asked.options)
    raise InvalidArguments(
        "invalid-arguments", f"option: this question has no option {wanted!r}.", f"It offers: {known}."
    )
