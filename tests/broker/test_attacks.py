"""What a session may try at the broker. Nothing of it may reach the vendor with the key."""

import contextlib

import pytest

from tests.broker.desk import KEY, SENTINEL, answered, ask, at_the_broker, vendor

pytestmark = pytest.mark.anyio

SHOWN = b"x-api-key: " + SENTINEL.encode()
POST = b"POST /v1/messages HTTP/1.1"
OWN = b"sk-of-somebody-else-0123456789"

ATTACKS: dict[str, bytes] = {
    # Without what stands for the key, or with somebody else's.
    "no key at all": ask(shown=b""),
    "a key of its own": ask(shown=b"x-api-key: " + OWN),
    "a key of its own beside the sentinel": ask(POST, b"Authorization: Bearer " + OWN),
    "a key of its own in the query": ask(b"POST /v1/messages?key=" + OWN + b" HTTP/1.1"),
    "half a sentinel": ask(shown=SHOWN[:-1]),
    "a sentinel with something behind it": ask(shown=SHOWN + b"0"),
    "the digest of the sentinel": ask(shown=b"x-api-key: " + b"a" * 64),
    "the sentinel twice": ask(POST, SHOWN),
    # For something else.
    "keys of the account": ask(b"GET /v1/organizations/api_keys HTTP/1.1", body=b""),
    "files of the account": ask(b"POST /v1/files HTTP/1.1"),
    "another method": ask(b"DELETE /v1/messages HTTP/1.1"),
    "a method in small letters": ask(b"post /v1/messages HTTP/1.1"),
    "a tunnel": ask(b"CONNECT evil.example:443 HTTP/1.1"),
    "a whole URL": ask(b"POST http://evil.example/v1/messages HTTP/1.1"),
    "another host in the path": ask(b"POST //evil.example/v1/messages HTTP/1.1"),
    "another host in its header": ask(POST).replace(b"127.0.0.1:19129", b"evil.example"),
    "two hosts": ask(POST, b"Host: evil.example"),
    "a step upwards": ask(b"POST /v1/messages/../files HTTP/1.1"),
    "a step upwards, written another way": ask(b"POST /v1/messages/%2e%2e/files HTTP/1.1"),
    "a slash written another way": ask(b"POST /v1%2ffiles HTTP/1.1"),
    "a step upwards in a name": ask(b"POST /v1/models/..:generate HTTP/1.1"),
    "a backslash": ask(b"POST /v1\\messages HTTP/1.1"),
    "a path with a longer end": ask(b"POST /v1/messages/batches HTTP/1.1"),
    "a path in other letters": ask(b"POST /V1/messages HTTP/1.1"),
    "a path with a fragment": ask(b"POST /v1/messages#/x HTTP/1.1"),
    "a path with parameters": ask(b"POST /v1/messages;a=b HTTP/1.1"),
    "a query with a key written another way": ask(b"POST /v1/messages?%6bey=x HTTP/1.1"),
    "a query that begins a header": ask(b"POST /v1/messages?a=b%0d%0aX: HTTP/1.1"),
    # Two requests in one.
    "a length and chunks": ask(POST, b"Transfer-Encoding: chunked"),
    "chunks": ask(POST, b"Transfer-Encoding: chunked", body=b"").replace(b"Content-Length: 0\r\n", b"") + b"0\r\n\r\n",
    "chunks under another name": ask(POST, b"Transfer-Encoding: xchunked"),
    "chunks with a blank before the colon": ask(POST, b"Transfer-Encoding : chunked"),
    "two lengths": ask(POST, b"Content-Length: 40"),
    "a list of lengths": ask(POST).replace(b"Content-Length: 2", b"Content-Length: 2, 2"),
    "a length with a sign": ask(POST).replace(b"Content-Length: 2", b"Content-Length: +2"),
    "a length that begins with nought": ask(POST).replace(b"Content-Length: 2", b"Content-Length: 02"),
    "a length in another base": ask(POST).replace(b"Content-Length: 2", b"Content-Length: 0x2"),
    "a length without end": ask(POST).replace(b"Content-Length: 2", b"Content-Length: 99999999999"),
    "no length": ask(POST).replace(b"Content-Length: 2\r\n", b""),
    "a body where there is none": ask(b"GET /v1/models HTTP/1.1"),
    "a second request behind the first": ask(POST) + ask(b"POST /v1/files HTTP/1.1"),
    "bare line feeds": ask(POST).replace(b"\r\n", b"\n") + b"\r\n\r\n",
    "one bare line feed": ask(POST, b"A: b\nTransfer-Encoding: chunked"),
    "one bare carriage return": ask(POST, b"A: b\rX: y"),
    "a folded line": ask(POST, b"A: b\r\n c"),
    "a zero": ask(POST, b"A: b\0c"),
    "a header without a name": ask(POST, b": b"),
    "a header without a colon": ask(POST, b"A"),
    "an older HTTP": ask(b"POST /v1/messages HTTP/1.0"),
    "a newer HTTP": ask(b"POST /v1/messages HTTP/2"),
    "a request line with a tab": ask(b"POST\t/v1/messages HTTP/1.1"),
    "a change of protocol": ask(POST, b"Connection: upgrade", b"Upgrade: websocket"),
    "a change to HTTP/2": ask(POST, b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"),
    "a header that is named as the connection's": ask(POST, b"Connection: x-api-key"),
    "a promise of a body": ask(POST, b"Expect: 100-continue"),
    "a head without an end": b"POST /v1/messages HTTP/1.1\r\nA: " + b"a" * 40_000,
    "a greeting of TLS": b"\x16\x03\x01\x02\r\n\r\n",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
async def test_an_attack_reaches_nobody_and_is_told_of(attack: bytes) -> None:
    async with vendor() as server:
        answer = await answered(server.lane(), attack)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 401 ", b"HTTP/1.1 403 ", b"HTTP/1.1 411 ", b"HTTP/1.1 413 "))
    assert (server.connections, server.heard) == (0, b"")
    assert [told["event"] for told in server.told] == ["withheld"]
    assert KEY.encode() not in answer


async def test_without_an_attack_the_same_request_passes() -> None:
    async with vendor() as server:
        assert (await answered(server.lane(), ask(POST))).startswith(b"HTTP/1.1 200 ")
    assert server.connections == 1


async def test_a_second_request_that_comes_later_ends_the_first_and_is_not_carried() -> None:
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    async with vendor(slow, b"too late!") as server, at_the_broker(server.lane()) as (reader, writer):
        writer.write(ask(POST))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ask(b"POST /v1/files HTTP/1.1"))
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    assert b"/v1/files" not in server.heard


@pytest.mark.parametrize(
    "field",
    [
        b"Authorization: Basic " + SENTINEL.encode(),
        b"Proxy-Authorization: Bearer x",
        b"X_Api_Key: x",
        b"X-Auth-Token: x",
        b"Cookie: session=x",
        b"X-Amz-Security-Token: x",
        b"X-Goog-User-Project: x",
        b"X-HTTP-Method-Override: DELETE",
        b"X-Forwarded-Host: evil.example",
        b"Forwarded: host=evil.example",
        b"X-Original-URL: /v1/files",
        b"X-Rewrite-URL: /v1/files",
    ],
)
async def test_a_header_that_could_say_who_asks_or_what_for_does_not_go_on(field: bytes) -> None:
    name = field.partition(b":")[0].lower()
    async with vendor() as server:
        await answered(server.lane(), ask(POST, field))
    assert b"\r\n" + name + b":" not in server.heard.lower()


async def test_what_one_session_shows_is_nothing_in_another() -> None:
    async with vendor() as server:
        other = server.lane(sentinel="1" * 64)
        answer = await answered(other, ask(POST))
    assert (answer[:13], server.connections) == (b"HTTP/1.1 401 ", 0)
