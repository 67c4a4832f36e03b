"""The server's name in a TLS greeting: what real clients send is read, and everything doubtful is refused."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth_egress.hello import BadHello, server_name


def greeting(name: str | None) -> bytes:
    """What OpenSSL sends."""
    context = ssl.create_default_context()
    context.check_hostname = False
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def built(*extensions: tuple[int, bytes], tail: bytes = b"") -> bytes:
    """A greeting with these extensions."""
    listed = b"".join(kind.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value for kind, value in extensions)
    body = (
        b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0" + len(listed).to_bytes(2, "big") + listed + tail
    )
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


def named(*names: str, kind: int = 0) -> tuple[int, bytes]:
    listed = b"".join(bytes([kind]) + len(name).to_bytes(2, "big") + name.encode() for name in names)
    return 0, len(listed).to_bytes(2, "big") + listed


def in_records(data: bytes, size: int) -> bytes:
    """The same message in records of so many bytes."""
    message = data[5:]
    pieces = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(b"\x16\x03\x01" + len(piece).to_bytes(2, "big") + piece for piece in pieces)


def test_the_name_that_openssl_sends_is_read() -> None:
    assert server_name(greeting("Api.Example.com")) == "api.example.com"


def test_a_greeting_without_a_name_has_an_empty_one() -> None:
    assert server_name(greeting(None)) == ""
    assert server_name(built((10, b"\0\x02\0\x1d"))) == ""


@given(st.integers(1, 700))
def test_a_greeting_in_any_number_of_records_is_read(size: int) -> None:
    assert server_name(in_records(built(named("a.example")), size)) == "a.example"


@given(st.integers(0, 400))
def test_a_greeting_that_is_cut_anywhere_wants_more(length: int) -> None:
    whole = built(named("a.example"), (21, bytes(500)))
    assert server_name(whole[:length]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-2.0-x\r\n",
        b"\x80\x2e\x01\x03\x01",
        b"\x16\x02\x01\0\x01\x01",
        b"\x16\x03\x01\0\0",
        b"\x16\x03\x01\xff\xff",
        b"\x17\x03\x03\0\x01a",
        b"\x16\x03\x01\0\x05\x02\0\0\x01a",
        built(named("a.example", "b.example")),
        built(named("a.example"), named("b.example")),
        built(named("a.example", kind=1)),
        built(named("a.example"), (0xFE0D, b"\0" * 8)),
        built(named("ä.example")),
        built(named("a.example"), tail=b"x"),
    ],
)
def test_what_is_no_single_clear_greeting_is_refused(data: bytes) -> None:
    with pytest.raises(BadHello):
        server_name(data)


def test_bytes_after_the_greeting_in_its_record_are_refused() -> None:
    whole = built(named("a.example"))
    longer = whole[:3] + (len(whole) - 5 + 1).to_bytes(2, "big") + whole[5:] + b"x"
    with pytest.raises(BadHello):
        server_name(longer)


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        name = server_name(data)
    except BadHello:
        return
    assert name is None or isinstance(name, str)


@given(st.binary(max_size=200), st.integers(0, 80))
def test_a_damaged_greeting_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = built(named("a.example"))
    try:
        name = server_name(whole[:at] + noise + whole[at + len(noise) :])
    except BadHello:
        return
    assert name is None or isinstance(name, str)
