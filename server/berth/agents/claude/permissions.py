"""Leave that Claude Code asks for (``can_use_tool``), until somebody answers."""

from dataclasses import dataclass

from berth.agents.base import Answer, Withdrawn
from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text
from berth.agents.outbox import Outbox
from berth.agents.tools import ToolTable
from berth.protocol.events import InputRequested
from berth.protocol.session import InputRequest, Option, OptionKind

ALLOW = Option(id="allow", name="Allow", kind=OptionKind.ALLOW_ONCE)
REJECT = Option(id="reject", name="Reject", kind=OptionKind.REJECT_ONCE)
ALWAYS = "always"
REFUSED: Frame = {"behavior": "deny", "message": "The user refused permission to run this tool."}
CANCELLED: Frame = {"behavior": "deny", "message": "The user cancelled the turn.", "interrupt": True}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the control request to answer, the tool's input, the call, and what ``always`` would change."""

    control: str
    arguments: Frame
    tool: str | None
    always: Frame | None

    @property
    def options(self) -> frozenset[str]:
        """The ids of the answers it offers."""
        return frozenset({ALLOW.id, REJECT.id} | ({ALWAYS} if self.always else set()))


class ClaudePermissions:
    """The open questions, under ids minted here."""

    def __init__(self, outbox: Outbox, tools: ToolTable, *, prefix: str) -> None:
        """Nothing is asked yet."""
        self._outbox = outbox
        self._tools = tools
        self._prefix = prefix
        self._count = 0
        self._asked: dict[str, Asked] = {}

    def ask(self, control: str, request: Frame) -> None:
        """Asks a person."""
        self._count += 1
        tool = text(request.get("tool_use_id")) or None
        asked = Asked(control, record(request.get("input")), tool, _for_this_session(request))
        identity = f"{self._prefix}q{self._count}"
        self._asked[identity] = asked
        self._tools.settle(tool, before="running", after="pending-confirmation")
        call = self._tools.known(tool or "") or {}
        options = (ALLOW, REJECT) if asked.always is None else (ALLOW, _always_option(asked.always), REJECT)
        title = text(call.get("title")) or text(request.get("display_name")) or text(request.get("tool_name"))
        self._outbox.signal(
            InputRequested(input=InputRequest(request=identity, title=title, tool=tool, options=options))
        )

    def respond(self, request: str, answer: Answer) -> tuple[str, Frame]:
        """The control request and what to answer it.

        Raises:
            ValueError: The question is not open, or has no such option.
        """
        asked = self._asked.get(request)
        if asked is None or (answer.option is not None and answer.option.id not in asked.options):
            raise ValueError(request)
        del self._asked[request]
        if answer.option is None:
            return asked.control, CANCELLED
        if answer.option.id == REJECT.id:
            return asked.control, REFUSED
        self._tools.settle(asked.tool, before="pending-confirmation", after="running")
        allowed: Frame = {"behavior": "allow", "updatedInput": asked.arguments}
        if answer.option.id == ALWAYS:
            allowed["updatedPermissions"] = [asked.always]
        return asked.control, allowed

    def withdraw(self, control: object) -> None:
        """The agent takes a question back; no effect when it is not open."""
        for request, asked in [*self._asked.items()]:
            if asked.control == control:
                del self._asked[request]
                self._outbox.signal(Withdrawn(request))

    def withdraw_all(self) -> None:
        """The turn is over or will be: an interrupt closes the agent's questions."""
        for asked in [*self._asked.values()]:
            self.withdraw(asked.control)


def _for_this_session(request: Frame) -> Frame | None:
    """The first thing that Claude suggests to allow for good, kept to this session: nothing is written to disk."""
    suggestions = records(request.get("permission_suggestions"))
    return {**suggestions[0], "destination": "session"} if suggestions else None


def _always_option(suggestion: Frame) -> Option:
    rules = [
        f"{text(rule.get('toolName'))}({text(rule.get('ruleContent'))})" for rule in records(suggestion.get("rules"))
    ]
    names = {
        "setMode": f"Change to mode {text(suggestion.get('mode'))}",
        "addRules": f"Always allow {', '.join(rules)}",
    }
    name = names.get(text(suggestion.get("type")), "Always allow")
    return Option(id=ALWAYS, name=f"{name} in this session", kind=OptionKind.ALLOW_ALWAYS)
