"""The dialect itself: its states, its turns, and which message goes where."""

from collections.abc import Callable
from enum import Enum, auto

from berth import __version__
from berth.agents.acp.handshake import Handshake
from berth.agents.acp.options import OptionTable
from berth.agents.acp.permissions import CANCELLED, Permissions
from berth.agents.acp.prompts import prompt_blocks
from berth.agents.acp.rpc import METHOD_NOT_FOUND, Reply, Rpc, request_id
from berth.agents.acp.turns import stop_notice, turn_over
from berth.agents.acp.updates import REPEATED, Updates
from berth.agents.base import Answer, Opening, Prompt, Reaction, Ready, TurnOver
from berth.agents.failures import exited, safe_words
from berth.agents.frames import Frame, noise, read_frame
from berth.agents.framing import LineSplitter
from berth.agents.lenient import record, text
from berth.agents.outbox import Outbox
from berth.agents.tools import ToolTable
from berth.protocol.events import Noise, Notice, Raw


class State(Enum):
    """``NEW → OPENING → IDLE ⇄ TURN``; ``CANCELLING`` is a turn whose end was asked for."""

    NEW = auto()
    OPENING = auto()
    IDLE = auto()
    TURN = auto()
    CANCELLING = auto()


class AcpDialect:
    """Implements :class:`~berth.agents.base.Dialect` for the Agent Client Protocol, version 1."""

    def __init__(self, *, prefix: str = "") -> None:
        """``prefix`` begins the ids minted here, so that those of two runs of an agent in one session differ."""
        self._state = State.NEW
        self._conversation: str | None = None
        self._lines = LineSplitter()
        self._outbox = Outbox(prefix)
        self._rpc = Rpc(self._outbox)
        self._tools = ToolTable(self._outbox)
        self._options = OptionTable(self._outbox)
        self._permissions = Permissions(self._rpc, self._outbox, self._tools, prefix=prefix)
        self._updates = Updates(self._outbox, self._tools, self._options, self._permissions)
        self._handshake = Handshake(self._rpc, self._outbox, self._on_ready)
        self._methods: dict[str, Callable[[Frame, Frame], None]] = {
            "session/update": self._on_update,
            "session/request_permission": self._on_permission,
            "$/cancel_request": self._on_cancel_request,
        }

    def open(self, opening: Opening) -> Reaction:
        """See :meth:`Dialect.open`."""
        self._expect(State.NEW)
        self._state = State.OPENING
        self._handshake.start(opening, __version__)
        return self._outbox.take()

    def prompt(self, prompt: Prompt) -> Reaction:
        """See :meth:`Dialect.prompt`."""
        self._expect(State.IDLE)
        self._state = State.TURN
        self._tools.forget_ended()
        self._outbox.break_part()
        embedded = record(self._handshake.capabilities.get("promptCapabilities")).get("embeddedContext") is True
        blocks = prompt_blocks(prompt, embedded=embedded)
        self._rpc.request("session/prompt", {"sessionId": self._conversation, "prompt": blocks}, self._on_turn_over)
        return self._outbox.take()

    def cancel(self) -> Reaction:
        """See :meth:`Dialect.cancel`."""
        if self._state is State.TURN:
            self._state = State.CANCELLING
            self._permissions.cancel_all()
            self._rpc.notify("session/cancel", {"sessionId": self._conversation})
        return self._outbox.take()

    def respond(self, request: str, answer: Answer) -> Reaction:
        """See :meth:`Dialect.respond`."""
        self._permissions.respond(request, answer)
        return self._outbox.take()

    def set_option(self, option: str, value: str) -> Reaction:
        """See :meth:`Dialect.set_option`. The change is told when the agent has agreed."""
        self._expect(State.IDLE, State.TURN, State.CANCELLING)
        method, params = self._options.request(option, value)

        def then(reply: Reply) -> None:
            self._on_option(option, value, reply)

        self._rpc.request(method, {"sessionId": self._conversation, **params}, then)
        return self._outbox.take()

    def receive(self, data: bytes) -> Reaction:
        """See :meth:`Dialect.receive`."""
        for line in self._lines.feed(data):
            self._take(line)
        return self._outbox.take()

    def end(self) -> Reaction:
        """See :meth:`Dialect.end`."""
        if rest := self._lines.end():
            self._outbox.signal(noise(rest, "the agent ended in the middle of a line"))
        if self._state in (State.TURN, State.CANCELLING):
            self._end_turn(TurnOver("error", "agent-exited", exited()))
        return self._outbox.take()

    def _expect(self, *states: State) -> None:
        if self._state not in states:
            raise ValueError(self._state)

    def _take(self, line: bytes) -> None:
        if not line or line.isspace():
            return
        frame = read_frame(line)
        if isinstance(frame, Noise):
            self._outbox.signal(frame)
        elif "jsonrpc" not in frame:
            self._outbox.signal(noise(line, "not JSON-RPC"))
        elif "method" in frame:
            self._on_message(frame)
        elif not self._rpc.take_reply(frame):
            self._outbox.signal(noise(line, "an answer to nothing that was asked"))

    def _on_message(self, frame: Frame) -> None:
        method = self._methods.get(text(frame["method"]))
        if method is not None:
            method(frame, record(frame.get("params")))
            return
        identity = request_id(frame)
        if identity is not None:
            self._rpc.refuse(identity, METHOD_NOT_FOUND, f"Method not found: {text(frame['method'])}")
        self._outbox.signal(Raw(frame=frame))

    def _on_update(self, frame: Frame, params: Frame) -> None:
        update = record(params.get("update"))
        if self._handshake.is_loading and update.get("sessionUpdate") in REPEATED:
            return
        if self._is_foreign(params):
            self._outbox.signal(Raw(frame=frame))
        else:
            self._updates.take(frame, update)

    def _on_permission(self, frame: Frame, params: Frame) -> None:
        identity = request_id(frame)
        if identity is None:
            self._outbox.signal(Raw(frame=frame))
            return
        call = record(params.get("toolCall"))
        if self._state is State.CANCELLING:
            self._updates.tool(call)
            self._rpc.answer(identity, CANCELLED)
            return
        request = self._permissions.open(identity, text(call.get("toolCallId")) or None, params.get("options"))
        self._updates.tool({**call, "status": "pending"})
        self._permissions.tell(request)

    def _on_cancel_request(self, frame: Frame, params: Frame) -> None:
        if not self._permissions.withdraw(params.get("requestId")):
            self._outbox.signal(Raw(frame=frame))

    def _is_foreign(self, params: Frame) -> bool:
        return self._conversation is not None and params.get("sessionId", self._conversation) != self._conversation

    def _on_ready(self, ready: Ready, result: Frame) -> None:
        self._state = State.IDLE
        self._conversation = ready.conversation
        self._outbox.signal(ready)
        self._options.adopt(result)

    def _on_option(self, option: str, value: str, reply: Reply) -> None:
        if reply.failure:
            words = safe_words(reply.failure.message)
            self._outbox.signal(Notice(severity="warning", message=f"The agent kept {option} as it was: {words}"))
        elif isinstance(reply.result.get("configOptions"), list):
            self._options.config(reply.result["configOptions"])
        else:
            self._options.chosen(option, value)

    def _on_turn_over(self, reply: Reply) -> None:
        self._updates.add_usage(record(reply.result.get("usage")))
        notice = stop_notice(text(reply.result.get("stopReason")))
        if notice is not None:
            self._outbox.signal(notice)
        hint = self._handshake.login_hint()
        self._end_turn(turn_over(reply, was_cancelled=self._state is State.CANCELLING, login_hint=hint))

    def _end_turn(self, over: TurnOver) -> None:
        self._state = State.IDLE
        self._permissions.cancel_all()
        if over.state != "complete":
            self._tools.cancel_open()
        self._outbox.break_part()
        self._outbox.signal(over)
