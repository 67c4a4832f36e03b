"""Claude Code, played by hand."""

from typing import Any

from berth.agents.base import Opening, Prompt, TurnOver
from berth.agents.claude.dialect import ClaudeDialect
from berth.protocol.events import InputRequested
from berth.protocol.tool_events import ToolEnded
from tests.agents.peer import Peer, of

MODELS = [{"value": "default", "displayName": "Default"}, {"value": "haiku", "displayName": "Haiku"}]


def opened(resume: str | None = None) -> Peer:
    peer = Peer(ClaudeDialect())
    peer.took(peer.dialect.open(Opening("/workspace", resume)))
    return peer


def answered(peer: Peer, answer: dict[str, Any] | None = None, error: str = "") -> list[Any]:
    request = next(frame for frame in reversed(peer.written) if frame["type"] == "control_request")
    response = {"subtype": "error" if error else "success", "request_id": request["request_id"]}
    response |= {"error": error} if error else {"response": answer or {}}
    return peer.feed({"type": "control_response", "response": response})


def prompted() -> Peer:
    peer = opened()
    answered(peer, {"models": MODELS, "current_permission_mode": "default"})
    peer.took(peer.dialect.prompt(Prompt("do it")))
    return peer


def use(peer: Peer, name: str, tool: str = "t1", **arguments: Any) -> list[Any]:
    content = [{"type": "tool_use", "id": tool, "name": name, "input": arguments}]
    return peer.feed({"type": "assistant", "message": {"id": "m1", "content": content}})


def gave(peer: Peer, content: Any, *, detail: Any = None, is_error: bool = False) -> ToolEnded:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": content, "is_error": is_error}
    signals = peer.feed({"type": "user", "message": {"content": [block]}, "tool_use_result": detail})
    return of(signals, ToolEnded)[0]


def asks(peer: Peer, *suggestions: Any, identity: str = "r1") -> str:
    request = {"subtype": "can_use_tool", "tool_name": "Bash", "tool_use_id": "t1", "input": {"command": "ls"}}
    request["permission_suggestions"] = list(suggestions)
    signals = peer.feed({"type": "control_request", "request_id": identity, "request": request})
    return of(signals, InputRequested)[0].input.request


def result(peer: Peer, **fields: Any) -> TurnOver:
    return of(peer.feed({"type": "result", "subtype": "success", **fields}), TurnOver)[0]
