"""JSON-RPC envelopes, without I/O."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.transport.messages import NESTING_LIMIT, Notification, Refused, Reply, Request, read_messages


def nested(levels: int) -> bytes:
    return b'{"jsonrpc":"2.0","method":"m","params":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    assert read_messages(body)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=20))
def test_no_json_raises(raw: object) -> None:
    assert read_messages(json.dumps(raw).encode())


def test_the_four_sorts_of_messages_are_told_apart() -> None:
    assert read_messages(b'{"jsonrpc":"2.0","id":1,"method":"m","params":{}}') == [Request(1, "m", {})]
    assert read_messages(b'{"jsonrpc":"2.0","method":"m"}') == [Notification("m", None)]
    assert read_messages(b'{"jsonrpc":"2.0","id":"a","result":null}') == [Reply("a", None)]
    assert read_messages(b'{"jsonrpc":"2.0","id":"a","error":{"code":1}}') == [Reply("a", None, {"code": 1})]


@pytest.mark.parametrize("levels", [NESTING_LIMIT + 1, 990, 100_000])
def test_a_message_nested_too_deeply_is_refused(levels: int) -> None:
    assert read_messages(nested(levels))[0].code == -32700  # type: ignore[union-attr]  # the assertion


def test_a_message_at_the_limit_is_read() -> None:
    assert isinstance(read_messages(nested(NESTING_LIMIT))[0], Notification)


def test_brackets_in_strings_are_no_nesting() -> None:
    text = json.dumps({"jsonrpc": "2.0", "method": "m", "params": {"text": "[{" * 5000}}).encode()
    assert isinstance(read_messages(text)[0], Notification)


def test_each_item_of_a_batch_is_refused_under_its_own_id() -> None:
    batch = b'[{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":"b","method":"m"},7]'
    refused = read_messages(batch)
    assert [(type(item), getattr(item, "id", "?")) for item in refused] == [
        (Refused, 1),
        (Refused, "b"),
        (Refused, None),
    ]
