"""Questions as dialogs beside the pending list."""

import pytest

from tests.lsp.asking import info_is, started
from tests.lsp.editor import Editor

pytestmark = pytest.mark.anyio


async def test_a_question_that_is_dismissed_stays_pending_and_can_be_answered_by_command(editor: Editor) -> None:
    editor.answers["window/showMessageRequest"] = lambda _: None
    session = await started(editor)
    await editor.command("agent.prompt", {"session": session, "text": "write a.txt"})
    await editor.until(lambda: editor.all("window/showMessageRequest") and info_is(editor, session, "waiting"))
    await editor.alive()
    assert info_is(editor, session, "waiting")
    request = editor.all("agent/session")[-1]["params"]["inputNeeded"][0]["request"]
    await editor.command("agent.respond", {"session": session, "request": request, "option": "allow_once"})
    await editor.until(lambda: info_is(editor, session, "idle"))


@pytest.mark.parametrize("nonsense", [{"title": "Do it"}, "Allow", ["Allow"], 5, {"title": ["Allow"]}, {}])
async def test_a_nonsensical_answer_allows_nothing(editor: Editor, nonsense: object) -> None:
    editor.answers["window/showMessageRequest"] = lambda _: nonsense
    session = await started(editor)
    await editor.command("agent.prompt", {"session": session, "text": "write a.txt"})
    await editor.until(lambda: editor.all("window/showMessageRequest") and info_is(editor, session, "waiting"))
    await editor.alive()
    assert info_is(editor, session, "waiting")


async def test_a_question_answered_elsewhere_is_taken_back_and_a_late_answer_is_harmless(editor: Editor) -> None:
    session = await started(editor)
    await editor.command("agent.prompt", {"session": session, "text": "write a.txt"})
    await editor.until(lambda: editor.all("window/showMessageRequest") and info_is(editor, session, "waiting"))
    request = editor.all("agent/session")[-1]["params"]["inputNeeded"][0]["request"]
    await editor.command("agent.respond", {"session": session, "request": request, "option": "reject_once"})
    dialog = editor.all("window/showMessageRequest")[0]["id"]
    taken_back = await editor.one(lambda message: message.get("method") == "$/cancelRequest")
    assert taken_back["params"]["id"] == dialog
    await editor.send({"jsonrpc": "2.0", "id": dialog, "result": {"title": "Allow"}})
    await editor.until(lambda: info_is(editor, session, "idle"))
    error = await editor.refused("agent.respond", {"session": session, "request": request, "option": "allow_once"})
    assert error["data"]["kind"] == "already-answered"
