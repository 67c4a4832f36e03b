"""The head of a request: one reading, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth_egress.heads import BadHead, parse_head
from berth_egress.names import Target


def head(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def test_a_tunnel_is_asked_for_by_name_and_port() -> None:
    read = parse_head(head("CONNECT Api.Example.com:443 HTTP/1.1", "Host: other.example", "User-Agent: x"))
    assert (read.target, read.tunnel) == (Target("api.example.com", 443), True)


def test_a_plain_request_goes_on_under_the_name_in_its_url() -> None:
    asked = head(
        "GET http://deb.example/debian?x=1 HTTP/1.1",
        *("Host: evil.example", "Accept: */*", "Proxy-Authorization: Basic x", "Connection: X-Secret, close"),
        *("X-Secret: 1", "Upgrade: websocket"),
    )
    read = parse_head(asked)
    assert read.target == Target("deb.example", 80)
    assert read.forwarded == head("GET /debian?x=1 HTTP/1.1", "Host: deb.example", "Accept: */*", "Connection: close")


def test_a_body_has_the_length_that_it_says() -> None:
    read = parse_head(head("POST http://a.example:8080/ HTTP/1.1", "Content-Length: 12"))
    assert (read.length, b"Content-Length: 12" in read.forwarded, b"Host: a.example:8080" in read.forwarded) == (
        12,
        True,
        True,
    )


REFUSED = (
    head("CONNECT a.example HTTP/1.1"),
    head("CONNECT a.example:443 HTTP/2.0"),
    head("CONNECT  a.example:443 HTTP/1.1"),
    head("CONNECT user@a.example:443 HTTP/1.1"),
    head("CONNECT http://a.example:443 HTTP/1.1"),
    head("CONNECT a.example:443/ HTTP/1.1"),
    head("CONNECT a.example:443 HTTP/1.1", "Content-Length: 3"),
    head("CONNECT a.example:443 HTTP/1.1", "Transfer-Encoding: chunked"),
    head("connect a.example:443 HTTP/1.1"),
    head(" CONNECT a.example:443 HTTP/1.1"),
    head("CONNECT a.example:443 HTTP/1.1", " folded"),
    head("CONNECT a.example:443 HTTP/1.1", "No colon"),
    head("CONNECT a.example:443 HTTP/1.1", "Name : x"),
    b"CONNECT a.example:443 HTTP/1.1\nHost: b\r\n\r\n",
    b"CONNECT a.example:443 HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
    b"CONNECT a.example:443 HTTP/1.1\r\nA: b\0\r\n\r\n",
    b"CONNECT a.example:443 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    b"CONNECT a.example\x00.b:443 HTTP/1.1\r\n\r\n",
    head("GET / HTTP/1.1", "Host: a.example"),
    head("GET https://a.example/ HTTP/1.1"),
    head("GET ftp://a.example/ HTTP/1.1"),
    head("GET http://user@a.example/ HTTP/1.1"),
    head("GET http://a.example#b/ HTTP/1.1"),
    head("GET http://a.example?b HTTP/1.1"),
    head("GET http://a.example\\@b.example/ HTTP/1.1"),
    head("GET http://127.1/ HTTP/1.1"),
    head("TRACE http://a.example/ HTTP/1.1"),
    head("POST http://a.example/ HTTP/1.1", "Transfer-Encoding: chunked"),
    head("POST http://a.example/ HTTP/1.1", "Transfer-Encoding : chunked"),
    head("POST http://a.example/ HTTP/1.1", "Content-Length: 1", "Content-Length: 1"),
    head("POST http://a.example/ HTTP/1.1", "Content-Length: 1", "content-length: 2"),
    head("POST http://a.example/ HTTP/1.1", "Content-Length: +1"),
    head("POST http://a.example/ HTTP/1.1", "Content-Length: 0x1"),
    head("POST http://a.example/ HTTP/1.1", "Content-Length: 1, 1"),
    head("POST http://a.example/ HTTP/1.1", "Connection: content-length", "Transfer-Encoding: identity"),
)


@pytest.mark.parametrize("data", REFUSED)
def test_a_head_that_two_readers_could_read_in_two_ways_is_refused(data: bytes) -> None:
    with pytest.raises(BadHead):
        parse_head(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        read = parse_head(data + b"\r\n\r\n")
    except BadHead:
        return
    assert read.forwarded.count(b"\r\n\r\n") == (0 if read.tunnel else 1)


_WORDS = st.sampled_from(
    [
        "GET",
        "CONNECT",
        "http://",
        "a.example",
        ":80",
        "/",
        " ",
        "HTTP/1.1",
        "\r\n",
        "\n",
        "Host",
        ":",
        "Content-Length",
        "1",
        "@",
        "\t",
        "%0d%0a",
    ]
)


@given(st.lists(_WORDS, max_size=25).map("".join))
def test_a_head_that_is_passed_on_names_its_target_once_and_nothing_else(text: str) -> None:
    try:
        read = parse_head(text.encode() + b"\r\n\r\n")
    except BadHead:
        return
    if not read.tunnel:
        hosts = [line for line in read.forwarded.split(b"\r\n") if line.lower().startswith(b"host:")]
        assert hosts == [b"Host: " + str(read.target).removesuffix(":80").encode()]
        assert b"\n" not in read.forwarded.replace(b"\r\n", b"")
