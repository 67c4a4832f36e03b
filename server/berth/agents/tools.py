"""Tool calls as far as they are known, and what is told of them."""

from typing import Any, Final

from berth.agents.outbox import Outbox
from berth.protocol.tool_events import ToolEnded, ToolStarted, ToolUpdated

ENDED: Final = frozenset({"completed", "failed", "cancelled"})


class ToolTable:
    """The tool calls of one conversation, by the agent's own id. Each change is told with the call whole.

    A change is a mapping from field names of :class:`~berth.protocol.tool_events.ToolCall` to new values. The first one
    of an id starts the call; one that changes nothing is not told. Ended calls are remembered until the next turn,
    since agents do come back to them.
    """

    def __init__(self, outbox: Outbox) -> None:
        """No call is known yet."""
        self._outbox = outbox
        self._calls: dict[str, dict[str, Any]] = {}

    def known(self, tool: str) -> dict[str, Any] | None:
        """The fields of a call, or None."""
        return self._calls.get(tool)

    def change(self, tool: str, changes: dict[str, Any]) -> None:
        """Applies and tells a change."""
        before = self._calls.get(tool)
        call = {"tool": tool, **(before or {}), **changes}
        if call == before:
            return
        self._calls[tool] = call
        if before is None:
            self._outbox.break_part()
            self._outbox.signal(ToolStarted(**call))
        is_end = call.get("status") in ENDED
        if is_end and (before is None or before.get("status") not in ENDED):
            self._outbox.signal(ToolEnded(**call))
        elif before is not None:
            self._outbox.signal(ToolUpdated(**call))

    def settle(self, tool: str | None, *, before: str, after: str) -> None:
        """Moves a call from one status to another; no effect when it is in a third."""
        known = self._calls.get(tool or "")
        if known is not None and known.get("status") == before:
            self.change(known["tool"], {"status": after})

    def cancel_open(self) -> None:
        """The turn was broken off: what had not ended never will."""
        for tool, call in [*self._calls.items()]:
            if call.get("status") not in ENDED:
                self.change(tool, {"status": "cancelled"})

    def forget_ended(self) -> None:
        """A new turn begins."""
        self._calls = {tool: call for tool, call in self._calls.items() if call.get("status") not in ENDED}
