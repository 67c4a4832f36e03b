"""Recordings of real agents, played to a dialect."""

import json
from pathlib import Path
from typing import Any

from berth.agents.base import Answer, ContextBlock, Dialect, DialectName, Opening, Prompt, Reaction, Signal
from berth.agents.dialects import dialect_for
from berth.protocol.events import InputRequested
from berth.protocol.session import Option
from tests.agents.peer import Peer, of

FOLDER = Path(__file__).parent / "recordings"
CONTEXT = (ContextBlock("unsaved text\n", "a.py", "file:///workspace/a.py", unsaved=True),)
DIALECTS: dict[str, DialectName] = {
    "claude-acp": "acp",
    "claude-cli": "claude",
    "codex-handshake": "acp",
    "gemini-handshake": "acp",
    "opencode": "acp",
}


def recording(name: str) -> list[dict[str, Any]]:
    """The steps of a recording."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]


def frames(name: str) -> list[Any]:
    """Only what the agent printed."""
    return [step["agent"] for step in recording(name) if "agent" in step]


def replay(name: str, pieces: int | None = None) -> Peer:
    """Plays a recording; ``pieces`` is how many bytes the dialect gets at once, a line when None."""
    peer = Peer(dialect_for(DIALECTS[name], prefix=""))
    for step in recording(name):
        if "agent" not in step:
            peer.took(_call(peer.dialect, step, peer.signals))
            continue
        line = json.dumps(step["agent"]).encode() + b"\n"
        size = pieces or len(line)
        for start in range(0, len(line), size):
            peer.took(peer.dialect.receive(line[start : start + size]))
    return peer


def _call(dialect: Dialect, step: dict[str, Any], signals: list[Signal]) -> Reaction:
    match step:
        case {"prompt": text, "context": context}:
            return dialect.prompt(Prompt(text, CONTEXT if context else ()))
        case {"respond": [request, option]}:
            return dialect.respond(request, Answer(_option(signals, request, option)))
        case {"option": [option, value]}:
            return dialect.set_option(option, value)
        case {"cancel": True}:
            return dialect.cancel()
        case {"open": resume}:
            return dialect.open(Opening("/workspace", resume))
    raise AssertionError(step)


def _option(signals: list[Signal], request: str, option: str) -> Option:
    asked = next(signal.input for signal in of(signals, InputRequested) if signal.input.request == request)
    return next(offered for offered in asked.options if offered.id == option)
