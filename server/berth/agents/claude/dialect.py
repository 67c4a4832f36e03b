"""The dialect itself: its states, its turns, and which message goes where.

Started as ``claude -p --input-format stream-json --output-format stream-json --verbose --permission-prompt-tool stdio
--include-partial-messages``. An earlier conversation is resumed by argv, see
:func:`berth.agents.dialects.resume_arguments`. A stdin line that is torn or no JSON makes the program exit with 1, so
whole lines only are ever written, and nothing to wake it up.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from berth.agents.base import Answer, Opening, Prompt, Reaction, Ready, Refused, TurnOver
from berth.agents.claude.control import Control, ControlReply
from berth.agents.claude.messages import Messages
from berth.agents.claude.options import ClaudeOptions
from berth.agents.claude.permissions import CANCELLED, ClaudePermissions
from berth.agents.claude.results import result_words, turn_over, usage_of
from berth.agents.context_text import context_text
from berth.agents.failures import agent_failure, exited, safe_words
from berth.agents.frames import Frame, noise, read_frame, write_frame
from berth.agents.framing import LineSplitter
from berth.agents.lenient import record, text
from berth.agents.outbox import Outbox
from berth.agents.slash_commands import slash_commands
from berth.agents.tools import ToolTable
from berth.protocol.events import CommandsChanged, Noise, Notice, Raw, UsageUpdated


class State(Enum):
    """``NEW → OPENING → IDLE ⇄ TURN``; ``CANCELLING`` is a turn that was interrupted."""

    NEW = auto()
    OPENING = auto()
    IDLE = auto()
    TURN = auto()
    CANCELLING = auto()


class ClaudeDialect:
    """Implements :class:`~berth.agents.base.Dialect` for Claude Code's stream-json."""

    def __init__(self, *, prefix: str = "") -> None:
        """``prefix`` begins the ids minted here, so that those of two runs of an agent in one session differ."""
        self._state = State.NEW
        self._ready = Ready(conversation=None, resumable=True, agent_title="Claude Code")
        self._lines = LineSplitter()
        self._outbox = Outbox(prefix)
        self._tools = ToolTable(self._outbox)
        self._options = ClaudeOptions(self._outbox)
        self._permissions = ClaudePermissions(self._outbox, self._tools, prefix=prefix)
        self._messages = Messages(self._outbox, self._tools)
        self._control = Control(self._outbox, prefix=prefix)
        self._types: dict[str, Callable[[Frame], None]] = {
            "stream_event": self._messages.stream_event,
            "assistant": self._messages.assistant,
            "user": self._messages.user,
            "system": self._on_system,
            "result": self._on_result,
            "control_request": self._on_control_request,
            "control_cancel_request": self._on_control_cancel,
            "control_response": self._on_control_response,
        }

    def open(self, opening: Opening) -> Reaction:
        """See :meth:`Dialect.open`."""
        self._expect(State.NEW)
        self._state = State.OPENING
        self._ready = replace(self._ready, conversation=opening.resume, resumed=opening.resume is not None)
        self._control.request({"subtype": "initialize", "hooks": None}, self._on_initialized)
        return self._outbox.take()

    def prompt(self, prompt: Prompt) -> Reaction:
        """See :meth:`Dialect.prompt`."""
        self._expect(State.IDLE)
        self._state = State.TURN
        self._tools.forget_ended()
        self._outbox.break_part()
        texts = (prompt.text, *map(context_text, prompt.context))
        content = [{"type": "text", "text": part} for part in texts]
        message = {"role": "user", "content": content}
        frame = {"type": "user", "message": message, "parent_tool_use_id": None, "session_id": ""}
        self._outbox.send(write_frame(frame))
        return self._outbox.take()

    def cancel(self) -> Reaction:
        """See :meth:`Dialect.cancel`. An interrupt closes the agent's open questions by itself."""
        if self._state is State.TURN:
            self._state = State.CANCELLING
            self._permissions.withdraw_all()
            self._control.request({"subtype": "interrupt"}, lambda _: None)
        return self._outbox.take()

    def respond(self, request: str, answer: Answer) -> Reaction:
        """See :meth:`Dialect.respond`."""
        self._control.answer(*self._permissions.respond(request, answer))
        return self._outbox.take()

    def set_option(self, option: str, value: str) -> Reaction:
        """See :meth:`Dialect.set_option`. The change is told when the agent has agreed."""
        self._expect(State.IDLE, State.TURN, State.CANCELLING)

        def then(reply: ControlReply) -> None:
            self._on_option(option, value, reply)

        self._control.request(self._options.request(option, value), then)
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
            return
        on_type = self._types.get(text(frame.get("type")))
        if on_type is not None:
            on_type(frame)
        elif text(frame.get("type")):
            self._outbox.signal(Raw(frame=frame))
        else:
            self._outbox.signal(noise(line, "an object without a type"))

    def _on_initialized(self, reply: ControlReply) -> None:
        if reply.error:
            self._outbox.signal(Refused(agent_failure(reply.error)))
            return
        self._state = State.IDLE
        self._ready = replace(self._ready, agent_version=text(reply.answer.get("claude_code_version")))
        self._outbox.signal(self._ready)
        self._options.adopt(reply.answer)
        self._outbox.signal(CommandsChanged(commands=slash_commands(reply.answer.get("commands"))))

    def _on_system(self, frame: Frame) -> None:
        self._messages.system(frame)
        if frame.get("subtype") != "init":
            return
        self._options.chosen("mode", text(frame.get("permissionMode")))
        conversation = text(frame.get("session_id"))
        if conversation and conversation != self._ready.conversation and self._state is not State.OPENING:
            self._ready = replace(self._ready, conversation=conversation)
            self._outbox.signal(self._ready)

    def _on_result(self, frame: Frame) -> None:
        if self._state is State.OPENING:
            self._outbox.signal(Refused(agent_failure(result_words(frame))))
        elif self._state is State.IDLE:
            self._outbox.signal(Raw(frame=frame))
        else:
            self._outbox.signal(UsageUpdated(usage=usage_of(frame, self._messages.context_tokens)))
            self._end_turn(turn_over(frame, was_cancelled=self._state is State.CANCELLING))

    def _on_control_request(self, frame: Frame) -> None:
        identity, request = text(frame.get("request_id")), record(frame.get("request"))
        if request.get("subtype") != "can_use_tool" or not identity:
            self._control.refuse(identity, "Not supported by this client.")
            self._outbox.signal(Raw(frame=frame))
        elif self._state is State.CANCELLING:
            self._control.answer(identity, CANCELLED)
        else:
            self._permissions.ask(identity, request)

    def _on_control_cancel(self, frame: Frame) -> None:
        self._permissions.withdraw(frame.get("request_id"))

    def _on_control_response(self, frame: Frame) -> None:
        if not self._control.take_reply(frame):
            self._outbox.signal(Raw(frame=frame))

    def _on_option(self, option: str, value: str, reply: ControlReply) -> None:
        if reply.error:
            words = safe_words(reply.error)
            self._outbox.signal(Notice(severity="warning", message=f"The agent kept {option} as it was: {words}"))
        else:
            self._options.chosen(option, value)

    def _end_turn(self, over: TurnOver) -> None:
        self._state = State.IDLE
        self._permissions.withdraw_all()
        if over.state != "complete":
            self._tools.cancel_open()
        self._outbox.break_part()
        self._outbox.signal(over)
