"""Progress: under the client's own token, else under one made with its leave."""

from pathlib import Path

import pytest

from tests.lsp.asking import info_is, kinds, progress, started
from tests.lsp.editor import Editor, open_editor
from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.anyio


async def test_the_start_is_shown_under_the_token_that_came_with_the_command(editor: Editor) -> None:
    params = {"command": "agent.start", "arguments": [{}], "workDoneToken": "mine"}
    reply = await editor.request("workspace/executeCommand", params)
    await editor.until(lambda: progress(editor, "mine")[-1:] and progress(editor, "mine")[-1]["kind"] == "end")
    assert progress(editor, "mine")[0]["kind"] == "begin"
    assert progress(editor, "mine")[0]["cancellable"] is True
    await editor.until(lambda: info_is(editor, reply["result"]["id"], "idle"))
    assert not editor.all("window/workDoneProgress/create")


async def test_a_turn_is_shown_under_its_token_and_cancelled_by_its_button(editor: Editor) -> None:
    session = await started(editor)
    argument = {"session": session, "text": "wait for cancel"}
    params = {"command": "agent.prompt", "arguments": [argument], "workDoneToken": 7}
    await editor.request("workspace/executeCommand", params)
    await editor.until(lambda: info_is(editor, session, "working"))
    await editor.notify("window/workDoneProgress/cancel", {"token": 7})
    await editor.until(lambda: any(value["kind"] == "end" for value in progress(editor, 7)))
    assert progress(editor, 7)[-1]["message"] == "cancelled"


async def test_a_queued_turn_gets_its_token_when_it_begins(editor: Editor) -> None:
    session = await started(editor)
    await editor.command("agent.prompt", {"session": session, "text": "wait for cancel"})
    argument = {"session": session, "text": "say later"}
    params = {"command": "agent.prompt", "arguments": [argument], "workDoneToken": "later"}
    reply = await editor.request("workspace/executeCommand", params)
    assert reply["result"]["queued"] == 1
    assert progress(editor, "later") == []
    await editor.command("agent.cancel", {"session": session})
    await editor.until(lambda: [value["kind"] for value in progress(editor, "later")][-1:] == ["end"])


async def test_a_long_start_is_shown_with_the_clients_leave_and_stopped_by_its_button(
    tmp_path: Path,
) -> None:
    async with open_editor(state=tmp_path) as editor:
        editor.answers["window/workDoneProgress/create"] = lambda _: None
        options = {"berth": {"notifications": True, **SETTINGS}}
        root = tmp_path.as_uri()
        await editor.initialize({"window": {"workDoneProgress": True}}, rootUri=root, initializationOptions=options)
        info = await editor.command("agent.start", {"agent": "silent", "name": "quiet"})
        created = await editor.one(lambda message: message.get("method") == "window/workDoneProgress/create")
        token = created["params"]["token"]
        await editor.until(lambda: kinds(editor, token) == ["begin"])
        assert progress(editor, token)[0]["title"] == "Starting quiet"
        await editor.notify("window/workDoneProgress/cancel", {"token": token})
        await editor.until(lambda: kinds(editor, token)[-1] == "end")
        await editor.until(lambda: info_is(editor, info["id"], "failed") or info_is(editor, info["id"], "stopped"))


async def test_a_client_that_refuses_a_progress_is_sent_none(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        options = {"berth": {"notifications": True, **SETTINGS}}
        root = tmp_path.as_uri()
        await editor.initialize({"window": {"workDoneProgress": True}}, rootUri=root, initializationOptions=options)
        await editor.command("agent.start", {"agent": "silent"})
        created = await editor.one(lambda message: message.get("method") == "window/workDoneProgress/create")
        await editor.send({"jsonrpc": "2.0", "id": created["id"], "error": {"code": -32601, "message": "no"}})
        await editor.alive()
        assert not editor.all("$/progress")
