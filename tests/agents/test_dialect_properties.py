"""What holds for every dialect, whatever an agent prints."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berth.agents.base import DialectName, Opening, Prompt, Signal
from berth.agents.dialects import dialect_for
from berth.protocol.event_body import EventBody
from tests.agents.peer import joined
from tests.agents.replay import DIALECTS, frames
from tests.agents.slices import bent, sliced

EXTRA: dict[DialectName, list[Any]] = {
    "acp": [
        {"jsonrpc": "2.0", "method": "$/cancel_request", "params": {"requestId": 0}},
        {"jsonrpc": "2.0", "id": "x", "method": "fs/read_text_file", "params": {"path": "/etc/passwd"}},
        {"jsonrpc": "2.0", "id": 3, "result": {"stopReason": "end_turn", "usage": {"inputTokens": 1}}},
        {"jsonrpc": "2.0", "id": 3, "error": {"code": -32000, "message": "Authentication required"}},
        {"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": 1}},
    ],
    "claude": [
        {"type": "control_request", "request_id": "x", "request": {"subtype": "hook_callback"}},
        {"type": "system", "subtype": "api_retry", "attempt": 1},
        {"type": "system", "subtype": "compact_boundary"},
    ],
    "lines": ["some text", "END"],
}
NAMES: list[DialectName] = ["acp", "claude", "lines"]


def frames_of(name: DialectName) -> list[Any]:
    recorded = [frame for recording, dialect in DIALECTS.items() if dialect == name for frame in frames(recording)]
    return recorded + EXTRA[name]


FRAMES = {name: frames_of(name) for name in NAMES}


def printed(name: DialectName) -> st.SearchStrategy[bytes]:
    """Real frames, bent ones and rubbish, in any order; a good handshake first, or not."""
    rubbish = st.binary(max_size=20) | st.sampled_from([b"\n", b"\xff\n", b"[" * 2000 + b"\n", b"{}\n", b"42\n"])
    line = st.one_of(bent(FRAMES[name]), bent(FRAMES[name]), rubbish)
    hello = b"".join(json.dumps(frame).encode() + b"\n" for frame in FRAMES[name][:3])
    return st.builds(lambda start, lines: start + b"".join(lines), st.sampled_from([hello, b""]), st.lists(line))


def signals_of(name: DialectName, pieces: list[bytes]) -> tuple[list[Signal], bytes]:
    """All that comes of the pieces, with a prompt as soon as there may be one."""
    dialect = dialect_for(name, prefix="")
    reactions = [dialect.open(Opening("/workspace"))]
    reactions += [dialect.receive(piece) for piece in pieces]
    try:
        reactions.append(dialect.prompt(Prompt("go")))
    except ValueError:
        reactions.append(dialect.cancel())
    reactions += [dialect.receive(piece) for piece in pieces]
    reactions += [dialect.cancel(), dialect.end()]
    signals = [signal for reaction in reactions for signal in reaction.signals]
    return signals, b"".join(reaction.output for reaction in reactions)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_an_agent_prints_raises_and_every_event_can_be_sent(name: DialectName) -> None:
    @settings(max_examples=150, deadline=None)
    @given(printed(name))
    def check(data: bytes) -> None:
        signals, output = signals_of(name, [data])
        for signal in signals:
            if isinstance(signal, EventBody):
                assert json.loads(signal.model_dump_json())
        for line in output.splitlines() if name != "lines" else ():
            assert isinstance(json.loads(line), dict)

    check()


@pytest.mark.parametrize("name", NAMES)
def test_signals_and_output_do_not_depend_on_how_the_input_was_cut(name: DialectName) -> None:
    @settings(max_examples=80, deadline=None)
    @given(sliced(printed(name)))
    def check(cut: tuple[bytes, list[bytes]]) -> None:
        whole, pieces = cut
        signals, output = signals_of(name, [whole])
        again, output_again = signals_of(name, pieces)
        assert [str(signal) for signal in joined(again)] == [str(signal) for signal in joined(signals)]
        assert output_again == output

    check()
