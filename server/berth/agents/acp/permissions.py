"""Leave that the agent asks for, until somebody answers."""

from dataclasses import dataclass

from berth.agents.acp.rpc import REQUEST_CANCELLED, RequestId, Rpc
from berth.agents.base import Answer, Withdrawn
from berth.agents.frames import Frame
from berth.agents.lenient import records, text
from berth.agents.outbox import Outbox
from berth.agents.tools import ToolTable
from berth.protocol.events import InputRequested
from berth.protocol.session import InputRequest, Option, OptionKind

KINDS = {kind.value: kind for kind in OptionKind}
CANCELLED: Frame = {"outcome": {"outcome": "cancelled"}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the agent: the id to answer under, the call it is about, its options."""

    identity: RequestId
    tool: str | None
    options: tuple[Option, ...]


class Permissions:
    """The open questions. Their ids are minted here: an agent's own start over with each run."""

    def __init__(self, rpc: Rpc, outbox: Outbox, tools: ToolTable, *, prefix: str = "") -> None:
        """Nothing is asked yet."""
        self._rpc = rpc
        self._outbox = outbox
        self._tools = tools
        self._prefix = prefix
        self._count = 0
        self._asked: dict[str, Asked] = {}

    def waits_for(self, tool: str) -> bool:
        """Whether a question about this call is open."""
        return any(asked.tool == tool for asked in self._asked.values())

    def open(self, identity: RequestId, tool: str | None, raw_options: object) -> str:
        """Opens a question and answers its id. It is told with :meth:`tell`, after what is new about the call."""
        self._count += 1
        request = f"{self._prefix}q{self._count}"
        options = tuple(_option(raw) for raw in records(raw_options) if text(raw.get("optionId")))
        self._asked[request] = Asked(identity, tool, options)
        return request

    def tell(self, request: str) -> None:
        """Asks a person."""
        asked = self._asked[request]
        call = self._tools.known(asked.tool or "") or {}
        title = text(call.get("title")) or "The agent asks for leave"
        question = InputRequest(request=request, title=title, tool=asked.tool, options=asked.options)
        self._outbox.signal(InputRequested(input=question))

    def respond(self, request: str, answer: Answer) -> None:
        """Answers a question.

        Raises:
            ValueError: It is not open, or has no such option.
        """
        asked = self._asked.get(request)
        if asked is None or (answer.option is not None and answer.option not in asked.options):
            raise ValueError(request)
        del self._asked[request]
        if answer.option is None:
            self._rpc.answer(asked.identity, CANCELLED)
            return
        self._rpc.answer(asked.identity, {"outcome": {"outcome": "selected", "optionId": answer.option.id}})
        if answer.option.kind in (OptionKind.ALLOW_ONCE, OptionKind.ALLOW_ALWAYS):
            self._tools.settle(asked.tool, before="pending-confirmation", after="running")

    def withdraw(self, identity: object) -> bool:
        """The agent takes a question back; False when it is not open."""
        for request, asked in self._asked.items():
            if asked.identity == identity:
                del self._asked[request]
                self._rpc.refuse(asked.identity, REQUEST_CANCELLED, "Request cancelled")
                self._outbox.signal(Withdrawn(request))
                return True
        return False

    def cancel_all(self) -> None:
        """Answers everything as cancelled."""
        asked, self._asked = self._asked, {}
        for request, question in asked.items():
            self._rpc.answer(question.identity, CANCELLED)
            self._outbox.signal(Withdrawn(request))


def _option(raw: Frame) -> Option:
    option = text(raw.get("optionId"))
    kind = KINDS.get(text(raw.get("kind")), OptionKind.OTHER)
    return Option(id=option, name=text(raw.get("name")) or option, kind=kind)
