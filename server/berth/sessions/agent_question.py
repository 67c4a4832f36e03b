"""What becomes of a session whose image lacks the agent: it is laid on top, after a yes where one is needed."""

from pathlib import Path

from berth.errors import ImageError
from berth.planning.agent_layer import AgentLayer
from berth.planning.plan import SessionPlan
from berth.protocol.session import InputRequest, Option, OptionKind
from berth.sessions.fitness import Lack
from berth.sessions.inquiry import Inquiry

_OPTIONS = (
    Option(id="no", name="Don't", kind=OptionKind.REJECT_ONCE),
    Option(id="yes", name="Lay It on Top", kind=OptionKind.ALLOW_ONCE),
)


class KnownLacks:
    """Which images lack which agent, and on which ones people let it be laid. For all sessions of a host."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._lacks: dict[tuple[str, str], tuple[str, Lack]] = {}
        self._agreed: set[tuple[Path, str]] = set()

    def lack(self, plan: SessionPlan) -> bool:
        """Whether an image of this name was seen without the plan's agent."""
        return _names(plan) in self._lacks

    def lack_of(self, plan: SessionPlan, digest: str) -> Lack | None:
        """What this very image was seen to lack."""
        seen, lack = self._lacks.get(_names(plan), ("", None))
        return lack if seen == digest else None

    def remember(self, plan: SessionPlan, digest: str, lack: Lack) -> None:
        """An image was seen without the plan's agent."""
        self._lacks[_names(plan)] = (digest, lack)

    def agreed(self, plan: SessionPlan) -> bool:
        """Whether a person let the agent be laid on this image for this workspace."""
        return (plan.workspace, plan.image.reference) in self._agreed

    def agree(self, plan: SessionPlan) -> None:
        """A person let it."""
        self._agreed.add((plan.workspace, plan.image.reference))


class AgentQuestion:
    """Obtains the yes for one session."""

    def __init__(self, inquiry: Inquiry, known: KnownLacks) -> None:
        """Nothing is asked yet."""
        self._inquiry = inquiry
        self._known = known

    async def settle(self, plan: SessionPlan, lack: Lack) -> None:
        """Returns when the agent may be laid on the plan's image; waits for a person where it must.

        Raises:
            ImageError: ``agent-missing``: it may not, cannot, or nobody is there to say so.
        """
        layer = plan.agent_layer
        if layer is None or lack.unsuited or layer.rule == "never":
            raise _missing(plan, lack)
        if layer.rule == "always" or self._known.agreed(plan):
            return
        if not layer.attended:
            raise _missing(plan, lack)
        question = _question(plan, lack, layer)
        if await self._inquiry.ask(question, why=question.title) is not OptionKind.ALLOW_ONCE:
            raise _missing(plan, lack)
        self._known.agree(plan)


def _names(plan: SessionPlan) -> tuple[str, str]:
    return plan.image.reference, plan.agent.argv[0]


def _question(plan: SessionPlan, lack: Lack, layer: AgentLayer) -> InputRequest:
    return InputRequest(
        request=f"agent-layer-{plan.image.reference[-40:]}",
        purpose="permission",
        title=f"{_sentence(plan, lack)} Lay {plan.agent.title} on top of it?",
        detail=f"Berth makes an image of its own from `{plan.image.reference}` with {plan.agent.title} and its Node in "
        f"`/opt/berth`, taken from `{layer.agent.reference}`. `{plan.image.reference}` itself is not changed, and "
        "everything in it stays in its place. `berth.docker.agentLayer` answers this for good.",
        options=_OPTIONS,
    )


def _sentence(plan: SessionPlan, lack: Lack) -> str:
    if lack.closed:
        return f"{plan.image.reference} has {lack.program} where only root can go ({lack.closed})."
    return f"{plan.image.reference} has no {lack.program}."


def _missing(plan: SessionPlan, lack: Lack) -> ImageError:
    own = f"Install {plan.agent.title} in the image's Dockerfile, or name no image to use Berth's own."
    if lack.closed:
        own = f"Install {plan.agent.title} where every user can go, such as /usr/local, or name no image."
    if plan.agent_layer is None:
        return ImageError("agent-missing", _sentence(plan, lack), own)
    if lack.unsuited:
        sentence = f"{_sentence(plan, lack)[:-1]}, and it cannot be laid on top: {lack.unsuited}."
        return ImageError("agent-missing", sentence, f"Use an image based on Debian, Ubuntu or Fedora. Or: {own}")
    hint = f'Set berth.docker.agentLayer to "always" to have it laid on top. Or: {own}'
    return ImageError("agent-missing", _sentence(plan, lack), hint)
