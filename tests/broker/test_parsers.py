"""The broker's parsers on what nobody wrote by hand."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth_egress.ask import parse_ask
from berth_egress.credentials import read_credentials
from berth_egress.heads import BadHead
from berth_egress.reply import BadReply, Chunks, Redaction, parse_reply
from tests.broker.desk import KEY, SENTINEL, Vendor, ask

HEADS = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda lines: b"\r\n".join(lines) + b"\r\n\r\n", st.lists(st.binary(max_size=60), max_size=8)),
)
NAMES = st.from_regex(rb"[A-Za-z][A-Za-z0-9_-]{0,30}", fullmatch=True)
VALUES = st.from_regex(rb"[ -~]{0,60}", fullmatch=True)


@given(HEADS)
def test_any_bytes_are_a_request_or_a_refusal(data: bytes) -> None:
    try:
        read = parse_ask(data)
    except BadHead:
        return
    assert read.method in ("GET", "POST")


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_what_goes_on_is_one_request_with_one_key_whatever_headers_came(fields: list[tuple[bytes, bytes]]) -> None:
    credential = Vendor(port=80).lane().credentials[hashlib.sha256(SENTINEL.encode()).hexdigest()]
    try:
        read = parse_ask(ask(b"POST /v1/messages HTTP/1.1", *(b"%b: %b" % field for field in fields), body=b""))
    except BadHead:
        return
    head = read.forwarded(credential, "/v1/messages")
    assert head.count(b"\r\n\r\n") == 1
    assert head.endswith(b"\r\n\r\n")
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:-2]]
    assert len(names) == len(set(names))
    assert [names.count(name) for name in (b"x-api-key", b"host", b"content-length", b"connection")] == [1, 1, 1, 1]
    assert b"transfer-encoding" not in names


@given(HEADS)
def test_any_bytes_are_an_answer_or_none(data: bytes) -> None:
    try:
        read = parse_reply(data)
    except BadReply:
        return
    assert read.forwarded().count(b"\r\n\r\n") == 1


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(1, 9))
def test_a_chunked_body_is_the_same_however_it_is_cut(parts: list[bytes], size: int) -> None:
    data = b"".join(b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"
    chunks, found = Chunks(), b""
    for at in range(0, len(data), size):
        assert not chunks.ended
        found += chunks.feed(data[at : at + size])
    assert (found, chunks.ended) == (b"".join(parts), True)


@given(st.binary(max_size=80))
def test_any_bytes_are_chunks_or_none(data: bytes) -> None:
    try:
        Chunks().feed(data)
    except BadReply:
        return


@given(st.lists(st.sampled_from([KEY[:4], KEY[4:], KEY, "sk", "-", "text "]), max_size=12), st.integers(1, 50))
def test_no_cut_lets_a_key_through_and_nothing_else_is_changed(words: list[str], size: int) -> None:
    data = "".join(words).encode()
    redaction = Redaction(KEY.encode())
    found = b"".join(redaction.feed(data[at : at + size]) for at in range(0, len(data), size)) + redaction.rest()
    assert found == data.replace(KEY.encode(), b"*" * len(KEY))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n",
    ],
)
def test_an_answer_that_can_be_read_in_two_ways_is_none(data: bytes) -> None:
    with pytest.raises(BadReply):
        parse_reply(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "two\r\nlines"},
        {"key": "with blanks in it"},
        {"header": "X-Key\r\nA"},
        {"header": "x key"},
        {"prefix": "Bearer x "},
        {"origin": "https://user@api.example"},
        {"origin": "https://api.example/../x"},
        {"origin": "ftp://api.example"},
        {"origin": "https://api.example?x=y"},
        {"base": "/../x"},
        {"sentinel": SENTINEL},
        {"routes": ["DELETE /v1/x"]},
        {"routes": ["POST /v1/(x|y)"]},
        {"routes": ["POST /v1/**"]},
        {"routes": ["POST /x"] * 100},
    ],
)
def test_an_order_that_is_not_as_agreed_is_refused(changes: dict[str, Any]) -> None:
    order = {"credentials": [Vendor(port=80).credential(**changes)]}
    with pytest.raises(ValueError, match=r"."):
        read_credentials(json.loads(json.dumps(order)))
