"""HTTP bodies, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.engine.docker.chunked import ChunkedBody, CountedBody, EndlessBody, MalformedBody, body_of


def encode(chunks: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(place, len(data)) for place in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.lists(st.integers(0, 400), max_size=12))
def test_chunks_come_out_whole_however_they_were_cut(chunks: list[bytes], cuts: list[int]) -> None:
    body = ChunkedBody()
    out = b"".join(body.receive(piece) for piece in cut(encode(chunks), cuts))
    assert (out, body.complete) == (b"".join(chunks), True)


def test_every_byte_by_itself_gives_the_same() -> None:
    body, chunks = ChunkedBody(), [b"a\r\nb", b"\r\n", b"0\r\n\r\n", b"x" * 300]
    out = b"".join(body.receive(bytes([byte])) for byte in encode(chunks))
    assert (out, body.complete) == (b"".join(chunks), True)


@given(st.integers(0, 60))
def test_a_body_that_was_cut_off_never_says_that_it_is_complete(length: int) -> None:
    whole = encode([b"hello", b"world" * 10])
    body = ChunkedBody()
    body.receive(whole[: min(length, len(whole) - 5)])
    assert not body.complete


@pytest.mark.parametrize("header", [b"zz\r\n", b"-5\r\nhello\r\n", b"\r\n"])
def test_what_is_no_chunk_header_is_refused(header: bytes) -> None:
    with pytest.raises(MalformedBody):
        ChunkedBody().receive(header)


def test_a_chunk_extension_is_passed_over() -> None:
    assert ChunkedBody().receive(b"5;name=value\r\nhello\r\n") == b"hello"


def test_the_framing_follows_the_headers() -> None:
    assert isinstance(body_of(200, {"transfer-encoding": "chunked"}), ChunkedBody)
    assert isinstance(body_of(200, {"content-length": "5"}), CountedBody)
    assert isinstance(body_of(200, {}), EndlessBody)
    assert body_of(204, {}).complete
    counted = body_of(200, {"content-length": "5"})
    assert (counted.receive(b"hello, more"), counted.complete) == (b"hello", True)
