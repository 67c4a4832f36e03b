"""JSON that is no message, and messages at the wrong time or of the wrong shape."""

from typing import Any

import pytest

from tests.lsp.editor import Editor

pytestmark = pytest.mark.anyio

TEXT_DOCUMENT = {"uri": "file:///a", "languageId": "x", "version": 1, "text": ""}

NO_MESSAGES: dict[str, tuple[Any, Any]] = {
    "a string": ("hello", None),
    "a number": (42, None),
    "null": (None, None),
    "an empty object": ({}, None),
    "an empty batch": ([], None),
    "a batch of nonsense": ([1], None),
    "no version": ({"id": 1, "method": "m"}, 1),
    "version 1.0": ({"jsonrpc": "1.0", "id": 2, "method": "m"}, 2),
    "version as a number": ({"jsonrpc": 2.0, "id": 3, "method": "m"}, 3),
    "a method that is a number": ({"jsonrpc": "2.0", "id": 4, "method": 4}, 4),
    "a method that is null": ({"jsonrpc": "2.0", "id": 5, "method": None}, 5),
    "params that are a string": ({"jsonrpc": "2.0", "id": 6, "method": "m", "params": "p"}, 6),
    "params that are a number": ({"jsonrpc": "2.0", "id": 7, "method": "m", "params": 7}, 7),
    "an id that is null": ({"jsonrpc": "2.0", "id": None, "method": "m"}, None),
    "an id that is a list": ({"jsonrpc": "2.0", "id": [1], "method": "m"}, None),
    "an id that is true": ({"jsonrpc": "2.0", "id": True, "method": "m"}, None),
    "an id that is a fraction": ({"jsonrpc": "2.0", "id": 1.5, "method": "m"}, None),
    "neither a method nor a result": ({"jsonrpc": "2.0", "id": 8}, 8),
}

WRONG_PARAMS: dict[str, tuple[str, Any]] = {
    "executeCommand without a command": ("workspace/executeCommand", {}),
    "executeCommand with a number": ("workspace/executeCommand", {"command": 7}),
    "executeCommand with a list": ("workspace/executeCommand", [1, 2]),
    "executeCommand with arguments that are a string": ("workspace/executeCommand", {"command": "c", "arguments": 5}),
    "codeAction without a range": ("textDocument/codeAction", {"textDocument": {"uri": "file:///a"}}),
    "codeAction with a range of words": (
        "textDocument/codeAction",
        {"textDocument": {"uri": "file:///a"}, "range": {"start": "x", "end": "y"}, "context": {"diagnostics": []}},
    ),
    "codeAction with null": ("textDocument/codeAction", None),
    "textDocumentContent without a uri": ("workspace/textDocumentContent", {"x": 1}),
}

WRONG_NOTIFICATIONS: dict[str, tuple[str, Any]] = {
    "didOpen without a document": ("textDocument/didOpen", {}),
    "didChange of a document that is not open": (
        "textDocument/didChange",
        {"textDocument": {"uri": "file:///none", "version": 1}, "contentChanges": [{"text": "x"}]},
    ),
    "didChange before the beginning": (
        "textDocument/didChange",
        {
            "textDocument": {"uri": "file:///a", "version": 1},
            "contentChanges": [
                {"range": {"start": {"line": -1, "character": -1}, "end": {"line": -5, "character": 0}}, "text": "x"}
            ],
        },
    ),
    "didChange with the end before the start": (
        "textDocument/didChange",
        {
            "textDocument": {"uri": "file:///a", "version": 1},
            "contentChanges": [
                {"range": {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}, "text": "x"}
            ],
        },
    ),
    "didClose of a document that is not open": ("textDocument/didClose", {"textDocument": {"uri": "file:///none"}}),
    "didChangeConfiguration with null": ("workspace/didChangeConfiguration", {"settings": None}),
    "didChangeConfiguration with a number": ("workspace/didChangeConfiguration", {"settings": 5}),
    "didChangeWorkspaceFolders with no file": (
        "workspace/didChangeWorkspaceFolders",
        {"event": {"added": [{"uri": "untitled:x", "name": "x"}], "removed": [{"uri": "file:///none", "name": "y"}]}},
    ),
    "cancelRequest of an unknown request": ("$/cancelRequest", {"id": 12345}),
    "cancelRequest without an id": ("$/cancelRequest", {}),
    "cancel of an unknown progress": ("window/workDoneProgress/cancel", {"token": "nobody"}),
    "an unknown notification": ("no/suchNotification", {"x": 1}),
    "an unknown optional notification": ("$/noSuch", {"x": 1}),
    "setTrace with nonsense": ("$/setTrace", {"value": "loud"}),
    "initialized again": ("initialized", {}),
}


@pytest.mark.parametrize("case", NO_MESSAGES)
async def test_what_is_no_message_is_answered_as_an_invalid_request(editor: Editor, case: str) -> None:
    message, identity = NO_MESSAGES[case]
    await editor.initialize()
    await editor.send(message)
    assert (await editor.reply(identity))["error"]["code"] == -32600
    await editor.alive()


@pytest.mark.parametrize("case", WRONG_PARAMS)
async def test_wrong_params_are_answered_as_invalid_params_and_without_a_traceback(editor: Editor, case: str) -> None:
    method, params = WRONG_PARAMS[case]
    await editor.initialize()
    await editor.send({"jsonrpc": "2.0", "id": "wrong", "method": method, "params": params})
    error = (await editor.reply("wrong"))["error"]
    assert error["code"] == -32602
    assert "Traceback" not in str(error)
    assert ".py" not in str(error)
    await editor.alive()


@pytest.mark.parametrize("case", WRONG_NOTIFICATIONS)
async def test_wrong_notifications_are_survived_in_silence(editor: Editor, case: str) -> None:
    method, params = WRONG_NOTIFICATIONS[case]
    await editor.initialize()
    await editor.notify("textDocument/didOpen", {"textDocument": TEXT_DOCUMENT})
    await editor.notify(method, params)
    await editor.alive()
    assert not editor.all("window/showMessage")


async def test_a_batch_is_refused_item_by_item(editor: Editor) -> None:
    await editor.initialize()
    await editor.send(
        [{"jsonrpc": "2.0", "id": "b1", "method": "shutdown"}, {"jsonrpc": "2.0", "id": "b2", "method": "m"}]
    )
    assert (await editor.reply("b1"))["error"]["code"] == -32600
    assert (await editor.reply("b2"))["error"]["code"] == -32600
    await editor.alive()


async def test_an_unknown_method_is_answered_as_such(editor: Editor) -> None:
    await editor.initialize()
    assert (await editor.request("textDocument/hover", {"x": 1}))["error"]["code"] == -32601


async def test_requests_before_initialize_are_refused_and_notifications_dropped(editor: Editor) -> None:
    await editor.notify("textDocument/didOpen", {"textDocument": TEXT_DOCUMENT})
    for method in ("workspace/executeCommand", "shutdown", "no/suchMethod"):
        assert (await editor.request(method, {"command": "agent.list"}))["error"]["code"] == -32002
    assert "capabilities" in await editor.initialize()


@pytest.mark.parametrize("params", [[1], None, "x"])
async def test_initialize_with_wrong_params_is_refused_and_can_be_tried_again(editor: Editor, params: object) -> None:
    await editor.send({"jsonrpc": "2.0", "id": "first", "method": "initialize", "params": params})
    assert (await editor.reply("first"))["error"]["code"] in (-32602, -32600)
    assert "capabilities" in await editor.initialize()


async def test_initialize_with_capabilities_of_the_wrong_types_succeeds(editor: Editor) -> None:
    odd = {"window": 5, "workspace": [], "general": {"positionEncodings": "utf-8"}, "textDocument": None}
    assert "capabilities" in await editor.initialize(odd, workspaceFolders=[{"name": "x"}, 7], rootPath=5)


async def test_a_second_initialize_is_refused(editor: Editor) -> None:
    await editor.initialize()
    assert (await editor.request("initialize", {"capabilities": {}}))["error"]["code"] == -32600
    await editor.alive()


async def test_requests_after_shutdown_are_refused(editor: Editor) -> None:
    await editor.initialize()
    await editor.request("shutdown")
    for method in ("shutdown", "initialize", "workspace/executeCommand"):
        assert (await editor.request(method, {"command": "agent.list"}))["error"]["code"] == -32600
    await editor.notify("exit")
    assert await editor.status() == 0


async def test_replies_to_nothing_and_replies_that_are_nonsense_are_survived(editor: Editor) -> None:
    await editor.initialize()
    for reply in (
        {"id": "berth-1", "result": {"x": 1}},
        {"id": 7, "error": "no"},
        {"id": "e1", "error": {"code": "x"}},
    ):
        await editor.send({"jsonrpc": "2.0", **reply})
    await editor.alive()


async def test_two_requests_under_one_id_are_both_answered(editor: Editor) -> None:
    await editor.initialize()
    request = {"jsonrpc": "2.0", "id": "twin", "method": "workspace/executeCommand", "params": {"command": "agent.no"}}
    await editor.send(request)
    await editor.send(request)
    await editor.until(lambda: sum(message.get("id") == "twin" for message in editor.messages) == 2)
