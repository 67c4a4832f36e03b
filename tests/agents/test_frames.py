import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.agents.base import MAX_LINE_BYTES, MAX_NESTING
from berth.agents.frames import NOISE_CHARACTERS, read_frame, write_frame
from berth.protocol.events import Noise, Raw
from tests.agents.slices import JSON


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"Loading...", "not JSON"),
        (b"42", "not a JSON object"),
        (b'["jsonrpc"]', "not a JSON object"),
        (b'{"a":1} {"b":2}', "more than one JSON value"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":-Infinity}', "not JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b"[" * 10_000 + b"]" * 10_000, "not JSON"),
        (nested(MAX_NESTING + 1), "JSON nested more than 200 deep"),
    ],
)
def test_what_is_no_frame_is_noise_with_its_reason(line: bytes, why: str) -> None:
    frame = read_frame(line)
    assert isinstance(frame, Noise)
    assert frame.why == why


def test_the_deepest_frame_that_is_allowed_can_be_an_event() -> None:
    frame = read_frame(nested(MAX_NESTING))
    assert isinstance(frame, dict)
    assert json.loads(Raw(frame=frame).model_dump_json())["frame"] == frame


def test_a_byte_order_mark_and_blanks_round_an_object_do_not_matter() -> None:
    assert read_frame(b'\xef\xbb\xbf {"a":1}\t\r') == {"a": 1}


def test_lone_surrogates_are_replaced_and_pairs_are_kept() -> None:
    assert read_frame(rb'{"a":"\ud800","b":"\uD83D\uDE00","\udfff":1}') == {"a": "?", "b": "😀", "?": 1}


def test_noise_keeps_a_bounded_start_of_the_line() -> None:
    frame = read_frame("é".encode() * 100_000)
    assert isinstance(frame, Noise)
    assert frame.text == "é" * NOISE_CHARACTERS


def test_a_cut_line_is_noise_without_being_parsed() -> None:
    frame = read_frame(b"{" + b" " * MAX_LINE_BYTES + b"}")
    assert isinstance(frame, Noise)
    assert "more than" in frame.why


def test_what_we_write_is_one_line_for_node_too() -> None:
    line = write_frame({"a": "one\ntwo\r\u2028three\u2029\u0085", "b": "\ud800"})
    assert line.count(b"\n") == 1
    assert "\u2028".encode() not in line
    assert json.loads(line) == {"a": "one\ntwo\r\u2028three\u2029\u0085", "b": "?"}


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_a_frame_can_always_be_encoded_again(line: bytes) -> None:
    frame: Any = read_frame(line)
    event = frame if isinstance(frame, Noise) else Raw(frame=frame)
    assert json.loads(event.model_dump_json())
