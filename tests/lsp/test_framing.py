"""Frames, without I/O."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.transport.framing import HEADER_LIMIT, Framer, Unreadable

BODY = b'{"jsonrpc":"2.0"}'


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def readable(items: list[bytes | Unreadable]) -> list[bytes]:
    return [item for item in items if isinstance(item, bytes)]


@given(st.lists(st.binary(max_size=50), max_size=6), st.lists(st.integers(1, 20), max_size=30))
def test_bodies_come_out_as_they_went_in_however_the_stream_is_cut(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(framed(body) for body in bodies)
    framer, found = Framer(), []
    for size in [*cuts, len(stream)]:
        found += framer.feed(stream[:size])
        stream = stream[size:]
    assert found == bodies


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=20))
def test_no_input_raises_and_what_is_said_of_it_does_not_depend_on_the_cuts(noise: bytes, cuts: list[int]) -> None:
    whole = Framer().feed(noise)
    framer, found, rest = Framer(), [], noise
    for size in [*cuts, len(noise)]:
        found += framer.feed(rest[:size])
        rest = rest[size:]
    assert found == whole


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 17\r\n\r\n",
        b"CONTENT-LENGTH:17\r\n\r\n",
        b"Content-Length: 17\n\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 17\r\n\r\n",
        b"Content-Length: 17\r\nContent-Length: 17\r\n\r\n",
        b"Content-Length: 00017\r\n\r\n",
        b"\r\n\r\nContent-Length: 17\r\n\r\n",
    ],
)
def test_headers_are_read_generously(header: bytes) -> None:
    assert Framer().feed(header + BODY) == [BODY]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (b"Content-Type: x\r\n\r\n" + BODY, "missing"),
        (b"Content-Length: -5\r\n\r\n" + BODY, "not a number"),
        (b"Content-Length: \r\n\r\n" + BODY, "not a number"),
        (b"Content-Length: 1e3\r\n\r\n" + BODY, "not a number"),
        (b"Content-Length: 17\r\nContent-Length: 18\r\n\r\n", "twice"),
        (b"Content-Length: 99999999999\r\n\r\n" + BODY, "larger"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", "larger"),
        (b"no header at all\r\n\r\n", "cannot be read"),
        (b"\xff\xfe\r\n\r\n", "cannot be read"),
        (b"X: " + b"y" * HEADER_LIMIT, "too long"),
    ],
)
def test_a_bad_header_is_told_and_the_next_message_is_found(stream: bytes, reason: str) -> None:
    items = Framer().feed(stream + framed(BODY))
    assert isinstance(items[0], Unreadable)
    assert reason in items[0].reason
    assert readable(items)[-1] == BODY


def test_a_message_over_the_limit_is_skipped_exactly() -> None:
    framer = Framer(body_limit=100)
    items = framer.feed(framed(b'"' + b"x" * 1000 + b'"') + framed(BODY))
    assert len(items) == 2
    assert items[1] == BODY


def test_skipping_keeps_no_memory() -> None:
    framer = Framer(body_limit=100)
    framer.feed(b"Content-Length: 1000000\r\n\r\n")
    for _ in range(100):
        framer.feed(b"x" * 10_000)
    assert len(framer._buffer) < 1000
