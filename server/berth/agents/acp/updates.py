"""``session/update`` → events, one method for each variant that is known; the rest stays raw."""

from collections.abc import Callable
from typing import Any, Literal

from berth.agents.acp.content import block_text, output_content, tool_changes
from berth.agents.acp.options import MODE, OptionTable
from berth.agents.acp.permissions import Permissions
from berth.agents.frames import Frame
from berth.agents.lenient import number, record, records, text, whole
from berth.agents.outbox import Outbox, PartOf
from berth.agents.slash_commands import slash_commands
from berth.agents.tools import ENDED, ToolTable
from berth.protocol.events import CommandsChanged, Notice, PlanEntry, PlanUpdated, Raw, SlashCommand, UsageUpdated
from berth.protocol.session import Usage

CHUNKS: dict[Any, PartOf] = {
    "agent_message_chunk": "message",
    "agent_thought_chunk": "thought",
    "user_message_chunk": "user",
}
REPEATED = frozenset({*CHUNKS, "tool_call", "tool_call_update", "plan"})
"""What ``session/load`` says again of the old conversation."""

SEVERITIES: dict[str, Literal["info", "warning", "error"]] = {"warning": "warning", "error": "error"}
PLAN_STATUSES: dict[str, Literal["pending", "in_progress", "completed"]] = {
    "in_progress": "in_progress",
    "completed": "completed",
}
COMPACTION = {
    "in_progress": "is compacting",
    "completed": "has compacted",
    "failed": "could not compact",
    "cancelled": "did not compact",
}


class Updates:
    """What the agent reports, at any time: updates are not tied to a turn."""

    def __init__(self, outbox: Outbox, tools: ToolTable, options: OptionTable, permissions: Permissions) -> None:
        """Nothing was reported yet."""
        self._outbox = outbox
        self._tools = tools
        self._options = options
        self._permissions = permissions
        self._usage = Usage()
        self._commands: tuple[SlashCommand, ...] | None = None
        self._variants: dict[Any, Callable[[Frame], bool]] = {
            "tool_call": self._on_tool,
            "tool_call_update": self._on_tool,
            "plan": self._on_plan,
            "available_commands_update": self._on_commands,
            "current_mode_update": self._on_mode,
            "config_option_update": self._on_config,
            "usage_update": self._on_usage,
            "notice": self._on_notice,
            "compaction_update": self._on_compaction,
        }

    def take(self, frame: Frame, update: Frame) -> None:
        """Takes one update. ``frame`` is the whole message."""
        variant = update.get("sessionUpdate")
        of = CHUNKS.get(variant) if isinstance(variant, str) else None
        if of is not None:
            self._on_chunk(frame, update, of)
            return
        on_variant = self._variants.get(variant) if isinstance(variant, str) else None
        if on_variant is None or not on_variant(update):
            self._outbox.signal(Raw(frame=frame))

    def tool(self, update: Frame) -> str | None:
        """Takes what is said about a tool call, here or in a permission request; answers its id."""
        tool = text(update.get("toolCallId"))
        if not tool:
            return None
        changes = tool_changes(update)
        known = self._tools.known(tool)
        if known is None:
            changes = {"title": text(update.get("name")) or "Tool call", "status": "streaming", **changes}
        if changes.get("status") == "streaming" and self._permissions.waits_for(tool):
            changes["status"] = "pending-confirmation"
        if changes.get("status") in ENDED and not (changes.get("content") or (known or {}).get("content")):
            changes["content"] = output_content(update.get("rawOutput"))
        self._tools.change(tool, changes)
        return tool

    def add_usage(self, raw: Frame) -> None:
        """Takes the tokens that the end of a turn names."""
        self._tell_usage(input_tokens=whole(raw.get("inputTokens")), output_tokens=whole(raw.get("outputTokens")))

    def _on_chunk(self, frame: Frame, update: Frame, of: PartOf) -> None:
        content = record(update.get("content"))
        key = update.get("messageId")
        self._outbox.text(of, key if isinstance(key, str) else None, block_text(content))
        if content.get("type") != "text":
            self._outbox.signal(Raw(frame=frame))

    def _on_tool(self, update: Frame) -> bool:
        return self.tool(update) is not None

    def _on_plan(self, update: Frame) -> bool:
        entries = (
            PlanEntry(
                content=text(entry.get("content")),
                status=PLAN_STATUSES.get(text(entry.get("status")), "pending"),
                priority=text(entry.get("priority")) or "medium",
            )
            for entry in records(update.get("entries"))
        )
        self._outbox.signal(PlanUpdated(entries=tuple(entries)))
        return True

    def _on_commands(self, update: Frame) -> bool:
        commands = slash_commands(update.get("availableCommands"))
        if commands != self._commands:
            self._commands = commands
            self._outbox.signal(CommandsChanged(commands=commands))
        return True

    def _on_mode(self, update: Frame) -> bool:
        self._options.chosen(MODE, text(update.get("currentModeId")))
        return True

    def _on_config(self, update: Frame) -> bool:
        self._options.config(update.get("configOptions"))
        return True

    def _on_usage(self, update: Frame) -> bool:
        cost = record(update.get("cost"))
        self._tell_usage(
            used=whole(update.get("used")),
            size=whole(update.get("size")),
            cost=number(cost.get("amount")),
            currency=text(cost.get("currency")) or None,
        )
        return True

    def _tell_usage(self, **changes: float | str | None) -> None:
        usage = self._usage.model_copy(update={name: value for name, value in changes.items() if value is not None})
        if usage != self._usage:
            self._usage = usage
            self._outbox.signal(UsageUpdated(usage=usage))

    def _on_notice(self, update: Frame) -> bool:
        message = "\n".join(filter(None, (text(update.get("title")), text(update.get("description")))))
        if message:
            self._outbox.signal(Notice(severity=SEVERITIES.get(text(update.get("severity")), "info"), message=message))
        return bool(message)

    def _on_compaction(self, update: Frame) -> bool:
        verb = COMPACTION.get(text(update.get("status")))
        if verb is None:
            return False
        error = text(update.get("error"))
        message = f"The agent {verb} the conversation." + (f" {error}" if error else "")
        self._outbox.signal(Notice(severity="warning" if error else "info", message=message))
        return True
