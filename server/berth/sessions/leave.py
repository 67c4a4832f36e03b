"""The yes of a person that a plan may need before anything is made: a workspace's settings ask for more than their own.

Asked in the session, like every other question: in every editor the same, by the same means, and once.
"""

import logging
from collections.abc import Sequence
from typing import Protocol

from berth.errors import TrustError
from berth.planning.breach import Consent
from berth.planning.host_plan import AnyPlan
from berth.protocol.session import InputRequest, Option, OptionKind
from berth.sessions.inquiry import Inquiry

logger = logging.getLogger(__name__)

_OPTIONS = (
    Option(id="no", name="Don't Allow", kind=OptionKind.REJECT_ONCE),
    Option(id="once", name="Allow for This Session", kind=OptionKind.ALLOW_ONCE),
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

    def __init__(self, inquiry: Inquiry, allowed: Allowed) -> None:
        """Nothing was allowed yet."""
        self._inquiry = inquiry
        self._allowed = allowed
        self._once: set[str] = set()

    async def obtain(self, plan: AnyPlan) -> None:
        """Returns when the plan may be carried out; waits for a person where it must.

        Raises:
            TrustError: ``untrusted-workspace``: the answer was no.
        """
        consent = plan.consent
        if consent is None or consent.digest in self._once or await self._allowed.allows(plan):
            return
        question = _question(plan, consent, await self._allowed.earlier(plan))
        kind = await self._inquiry.ask(question, why="The workspace's settings need your yes.")
        if kind is OptionKind.ALLOW_ALWAYS:
            await self._keep(plan, consent)
        elif kind is OptionKind.ALLOW_ONCE:
            self._once.add(consent.digest)
        else:
            sentence = f"The settings of {plan.workspace.name} were not allowed."
            raise TrustError("untrusted-workspace", sentence, "Change them, or start again to be asked again.")

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
