"""Bytes that are no message: each is answered, and the server still answers after it."""

import json

import pytest

from tests.lsp.editor import Editor, encode, frame

pytestmark = pytest.mark.anyio

DEEP = b'{"jsonrpc":"2.0","id":1,"method":"m","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
DEEP_OBJECT = b'{"a":' * 5000 + b"1" + b"}" * 5000
PING = encode({"jsonrpc": "2.0", "id": "ping", "method": "no/suchMethod"})

BAD_HEADERS = {
    "no header": b'{"jsonrpc":"2.0","id":1,"method":"shutdown"}',
    "no header and blank lines": b'{"jsonrpc":"2.0","id":1,"method":"shutdown"}\r\n\r\n',
    "missing length": b"Content-Type: application/json\r\n\r\n{}",
    "negative length": b"Content-Length: -1\r\n\r\n{}",
    "fractional length": b"Content-Length: 2.0\r\n\r\n{}",
    "word as length": b"Content-Length: two\r\n\r\n{}",
    "empty length": b"Content-Length:\r\n\r\n{}",
    "hexadecimal length": b"Content-Length: 0x2\r\n\r\n{}",
    "signed length": b"Content-Length: +2\r\n\r\n{}",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}",
    "length of exabytes": b"Content-Length: 9223372036854775807\r\n\r\n{}",
    "length of 5,000 digits": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    "length over the limit": b"Content-Length: 67108865\r\n\r\n{}",
    "endless header": b"X-Padding: " + b"x" * 20_000,
    "nul bytes": b"\0" * 100 + b"\r\n\r\n",
    "an HTTP request": b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "binary noise": bytes(range(256)) * 4 + b"\r\n\r\n",
}

BAD_BODIES = {
    "empty body": b"",
    "no JSON": b"hello",
    "half a JSON": b'{"jsonrpc":"2.0","id":1',
    "two JSONs": b"{}{}",
    "bad UTF-8": b'{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}',
    "UTF-16": '{"jsonrpc":"2.0"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"m"}',
    "NaN": b'{"jsonrpc":"2.0","id":1,"method":"m","params":[NaN]}',
    "10,000 levels of lists": DEEP,
    "5,000 levels of objects": DEEP_OBJECT,
    "129 levels": b"[" * 129 + b"]" * 129,
    "a number of 10,000 digits": b'{"jsonrpc":"2.0","id":' + b"9" * 10_000 + b',"method":"m"}',
    "a raw control character": b'{"jsonrpc":"2.0","id":1,"method":"a\nb"}',
    "a trailing comma": b'{"jsonrpc":"2.0","id":1,}',
}


@pytest.mark.parametrize("case", BAD_HEADERS)
async def test_a_bad_header_is_answered_and_the_next_message_is_heard(editor: Editor, case: str) -> None:
    await editor.initialize()
    await editor.write(BAD_HEADERS[case] + PING)
    assert (await editor.reply(None))["error"]["code"] == -32700
    assert (await editor.reply("ping"))["error"]["code"] == -32601
    await editor.alive()


@pytest.mark.parametrize("case", BAD_BODIES)
async def test_a_bad_body_is_answered_and_the_next_message_is_heard(editor: Editor, case: str) -> None:
    await editor.initialize()
    await editor.write(frame(BAD_BODIES[case]) + PING)
    assert (await editor.reply(None))["error"]["code"] == -32700
    assert (await editor.reply("ping"))["error"]["code"] == -32601
    await editor.alive()


async def test_a_header_in_lower_case_and_with_bare_line_feeds_is_heard(editor: Editor) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 9, "method": "initialize", "params": {"capabilities": {}}}).encode()
    await editor.write(b"content-length: %d\n\n%b" % (len(body), body))
    assert "capabilities" in (await editor.reply(9))["result"]


async def test_a_message_in_single_bytes_is_heard(editor: Editor) -> None:
    await editor.initialize()
    for byte in PING:
        await editor.write(bytes([byte]))
    assert (await editor.reply("ping"))["error"]["code"] == -32601


async def test_a_thousand_messages_at_once_are_all_answered(editor: Editor) -> None:
    await editor.initialize()
    await editor.write(b"".join(encode({"jsonrpc": "2.0", "id": n, "method": "no/suchMethod"}) for n in range(1000)))
    for number in (0, 500, 999):
        await editor.reply(number)
    assert sum(isinstance(message.get("id"), int) for message in editor.messages) == 1000


async def test_a_length_that_is_too_long_swallows_no_more_than_one_message(editor: Editor) -> None:
    await editor.initialize()
    await editor.write(b"Content-Length: 60\r\n\r\n{}" + PING + PING)
    assert (await editor.reply(None))["error"]["code"] == -32700
    await editor.alive()


async def test_a_message_of_20_megabytes_is_taken(editor: Editor) -> None:
    await editor.initialize()
    document = {"uri": "file:///big", "languageId": "x", "version": 1, "text": "x" * 20_000_000}
    await editor.notify("textDocument/didOpen", {"textDocument": document})
    await editor.alive()
