"""What Claude Code says in a turn → events: text as it streams, tool calls, notices."""

import re
from collections.abc import Callable

from berth.agents.claude.tools import plan_entries, result_changes, use_changes
from berth.agents.frames import Frame
from berth.agents.lenient import record, records, text, whole
from berth.agents.outbox import Outbox, PartOf
from berth.agents.tools import ToolTable
from berth.protocol.events import Notice, PlanUpdated, Raw

INTERRUPTED = "[Request interrupted by user"
"""How the agent notes a cancel in its own transcript; Berth's has it already."""

COMMAND_OUTPUT = re.compile(r"<local-command-std(?:out|err)>(.+)</local-command-std(?:out|err)>", re.DOTALL)
"""What a slash command answered, or a changed option."""

SILENT_SYSTEM = frozenset({"init", "status", "thinking_tokens"})
"""Kinds of ``system`` that say nothing a person would read (``init`` is read by the dialect)."""


class Messages:
    """Reads ``stream_event``, ``assistant``, ``user`` and ``system``."""

    def __init__(self, outbox: Outbox, tools: ToolTable) -> None:
        """Nothing was said yet."""
        self._outbox = outbox
        self._tools = tools
        self._streamed = ""
        self._input_tokens = 0
        self.context_tokens: int | None = None
        """Tokens in the context at the last message of the model."""
        self._stream: dict[str, Callable[[Frame, Frame], None]] = {
            "message_start": self._on_message_start,
            "content_block_start": self._on_block_start,
            "content_block_delta": self._on_delta,
            "message_delta": self._on_message_delta,
        }

    def stream_event(self, frame: Frame) -> None:
        """A piece of a message as the model writes it."""
        event = record(frame.get("event"))
        on_event = self._stream.get(text(event.get("type")))
        if on_event is not None:
            on_event(frame, event)

    def assistant(self, frame: Frame) -> None:
        """A block of a message, whole. Its text is known already where it was streamed."""
        message = record(frame.get("message"))
        identity = text(message.get("id"))
        for block in records(message.get("content")):
            match block.get("type"):
                case "text" if identity != self._streamed:
                    self._say(frame, identity, "message", text(block.get("text")))
                case "thinking" if identity != self._streamed:
                    self._say(frame, identity, "thought", text(block.get("thinking")))
                case "tool_use" | "server_tool_use" | "mcp_tool_use":
                    self._on_tool_use(block)
                case "text" | "thinking" | "redacted_thinking":
                    pass
                case _:
                    self._outbox.signal(Raw(frame=frame))

    def user(self, frame: Frame) -> None:
        """Results of tools, and what the agent puts into the user's mouth."""
        content = record(frame.get("message")).get("content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        for block in records(content):
            if block.get("type") == "tool_result":
                self._on_tool_result(block, frame.get("tool_use_result"))
            else:
                self._on_user_text(text(frame.get("uuid")), text(block.get("text")))

    def system(self, frame: Frame) -> None:
        """News about the agent itself."""
        subtype = text(frame.get("subtype"))
        if subtype == "api_retry":
            tries = f"{whole(frame.get('attempt')) or 1} of {whole(frame.get('max_retries')) or '?'}"
            why = text(frame.get("error")).replace("_", " ") or "no answer"
            message = f"The model did not answer ({why}); the agent tries again, {tries}."
            self._outbox.signal(Notice(severity="warning", message=message))
        elif subtype == "compact_boundary":
            self._outbox.signal(Notice(message="The agent has compacted the conversation."))
        elif subtype not in SILENT_SYSTEM:
            self._outbox.signal(Raw(frame=frame))

    def _on_message_start(self, frame: Frame, event: Frame) -> None:
        message = record(event.get("message"))
        if frame.get("parent_tool_use_id") is None:
            self._streamed = text(message.get("id"))
            usage = record(message.get("usage"))
            names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
            self._input_tokens = sum(whole(usage.get(name)) or 0 for name in names)

    def _on_block_start(self, frame: Frame, event: Frame) -> None:
        block = record(event.get("content_block"))
        tool, name = text(block.get("id")), text(block.get("name"))
        if block.get("type") == "tool_use" and tool and self._tools.known(tool) is None:
            family = use_changes(name, {})["family"]
            self._tools.change(tool, {"title": name, "family": family, "status": "streaming"})
        elif block.get("type") == "text":
            self._on_text(frame, event, "message", text(block.get("text")))

    def _on_delta(self, frame: Frame, event: Frame) -> None:
        delta = record(event.get("delta"))
        match delta.get("type"):
            case "text_delta":
                self._on_text(frame, event, "message", text(delta.get("text")))
            case "thinking_delta":
                self._on_text(frame, event, "thought", text(delta.get("thinking")))

    def _on_message_delta(self, frame: Frame, event: Frame) -> None:
        if frame.get("parent_tool_use_id") is None:
            output_tokens = whole(record(event.get("usage")).get("output_tokens")) or 0
            self.context_tokens = self._input_tokens + output_tokens

    def _on_text(self, frame: Frame, event: Frame, of: PartOf, said: str) -> None:
        self._say(frame, f"{self._streamed}/{event.get('index')}", of, said)

    def _say(self, frame: Frame, key: str, of: PartOf, said: str) -> None:
        """What a subagent says is thought aloud: the answer is the main agent's."""
        parent = text(frame.get("parent_tool_use_id"))
        self._outbox.text("thought" if parent else of, f"{parent}{key}", said)

    def _on_user_text(self, key: str, said: str) -> None:
        command = COMMAND_OUTPUT.fullmatch(said)
        if command:
            self._outbox.signal(Notice(message=command[1]))
        elif not said.startswith(INTERRUPTED):
            self._outbox.text("user", key, said)

    def _on_tool_use(self, block: Frame) -> None:
        tool, name = text(block.get("id")), text(block.get("name"))
        if not tool:
            self._outbox.signal(Raw(frame=block))
            return
        arguments = record(block.get("input"))
        self._tools.change(tool, use_changes(name, arguments))
        if name == "TodoWrite":
            self._outbox.signal(PlanUpdated(entries=plan_entries(arguments)))

    def _on_tool_result(self, block: Frame, detail: object) -> None:
        tool = text(block.get("tool_use_id"))
        known = self._tools.known(tool)
        if known is None:
            self._outbox.signal(Raw(frame=block))
        else:
            self._tools.change(tool, result_changes(known, block, detail))
