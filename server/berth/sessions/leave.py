"""The yes of a person that a plan may need before anything is made: a workspace's settings ask for more than their own.

Asked in the session, like every other question: in every editor the same, by the same means, and once.
"""

import logging
from collections.abc import Sequence
from typing import Protocol

import anyio

from berth.errors import TrustError
from berth.planning.breach import Consent
from berth.planning.host_plan import AnyPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.session import InputRequest, Option, OptionKind, State
from berth.sessions.questions import Questions
from berth.sessions.record import Record

logger = logging.getLogger(__name__)

_OPTIONS = (
    Option(id="no", name="Don't Allow", kind=OptionKind.REJECT_ONCE),
    Option(id="once", name="Allow Until It Is Restarted", kind=OptionKind.ALLOW_ONCE),
    Option(id="always", name="Allow for This Workspace", kind=OptionKind.ALLOW_ALWAYS),
)
_LINE = 300
"""Characters of one line of the question."""


class Allowed(Protocol):
    """What the user allowed workspaces, kept somewhere that no session reaches."""

    async def allows(self, plan: AnyPlan) -> bool:
        """Whether the plan needs no yes, or has it."""
        ...

    async def earlier(self, plan: AnyPlan) -> Sequence[str]:
        """The lines of the newest yes to the plan's workspace; empty when there is none."""
        ...

    async def allow(self, plan: AnyPlan, consent: Consent) -> None:
        """Keeps a yes. Raises ``OSError``."""
        ...


class Leave:
    """Obtains the yes for one session's plans."""

    def __init__(self, record: Record, allowed: Allowed) -> None:
        """Nothing is asked yet."""
        self._record = record
        self._allowed = allowed
        self._questions: Questions | None = None
        self._chosen: list[OptionKind] = []
        self._answered = anyio.Event()
        self._once: set[str] = set()

    @property
    def is_asking(self) -> bool:
        """Whether an answer is waited for."""
        return self._questions is not None

    async def obtain(self, plan: AnyPlan) -> None:
        """Returns when the plan may be carried out; waits for a person where it must.

        Raises:
            TrustError: ``untrusted-workspace``: the answer was no.
        """
        consent = plan.consent
        if consent is None or consent.digest in self._once or await self._allowed.allows(plan):
            return
        kind = await self._ask(_question(plan, consent, await self._allowed.earlier(plan)))
        if kind is OptionKind.ALLOW_ALWAYS:
            await self._keep(plan, consent)
        elif kind is OptionKind.ALLOW_ONCE:
            self._once.add(consent.digest)
        else:
            sentence = f"The settings of {plan.workspace.name} were not allowed."
            raise TrustError("untrusted-workspace", sentence, "Change them, or start again to be asked again.")

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Takes the answer. Raises as :meth:`berth.sessions.questions.Questions.read` does."""
        if self._questions is None:
            return
        answer = self._questions.read(arguments)
        self._questions.close(arguments.request, answer, by=by)
        self._chosen.append(answer.option.kind if answer.option else OptionKind.REJECT_ONCE)
        self._answered.set()

    async def _ask(self, question: InputRequest) -> OptionKind:
        questions = self._questions = Questions(self._record)
        self._answered, self._chosen = anyio.Event(), []
        try:
            self._record.enter(State.WAITING, why="The workspace's settings need your yes.")
            questions.ask(question)
            await self._answered.wait()
        finally:
            self._questions = None
            questions.close_all("the start was cancelled")
        return self._chosen[0]

    async def _keep(self, plan: AnyPlan, consent: Consent) -> None:
        """A yes that cannot be kept still counts now: the next start asks again."""
        self._once.add(consent.digest)
        try:
            await self._allowed.allow(plan, consent)
        except OSError:
            logger.warning("The yes to the settings of a workspace could not be kept.", exc_info=True)


def _question(plan: AnyPlan, consent: Consent, earlier: Sequence[str]) -> InputRequest:
    wishes = "; ".join(_printable(line) for line in consent.asks)
    return InputRequest(
        request=f"trust-{consent.digest[:12]}",
        purpose="trust",
        title=f"Allow what the settings of {plan.workspace.name} ask for? {wishes}",
        detail=_detail(consent, earlier),
        options=_OPTIONS,
    )


def _detail(consent: Consent, earlier: Sequence[str]) -> str:
    """Markdown that is as readable where it is shown as plain text."""
    blocks = ["The workspace's settings ask for:", _list(consent.asks), "With it go into the container:"]
    blocks.append(_list(consent.receives))
    if earlier:
        now = (*consent.asks, *consent.receives)
        new = [line for line in now if line not in earlier]
        gone = [line for line in earlier if line not in now]
        blocks += ["New since your last yes:", _list(new)] if new else []
        blocks += ["No longer asked for:", _list(gone)] if gone else []
    return "\n\n".join(blocks)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- `{_printable(line).replace('`', chr(39))}`" for line in lines)


def _printable(line: str) -> str:
    """A repository wrote it: one line, no character that cannot be seen, and not endless."""
    shown = "".join(c if c.isprintable() else "?" for c in line)
    return shown if len(shown) <= _LINE else f"{shown[:_LINE]}…"
