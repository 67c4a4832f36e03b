"""Transcripts as virtual documents, real files, or paths."""

from pathlib import Path

import pytest

from tests.lsp.asking import info_is, started
from tests.lsp.editor import Editor, open_editor
from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.anyio

VIRTUAL = {"workspace": {"textDocumentContent": {}}, "window": {"showDocument": {"support": True}}}


async def opened(editor: Editor, capabilities: object, root: Path) -> str:
    options = {"berth": {"notifications": True, **SETTINGS}}
    await editor.initialize(capabilities, rootUri=root.as_uri(), initializationOptions=options)
    return await started(editor)


async def test_a_client_that_fetches_the_content_before_it_answers_is_not_waited_for(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        session = await opened(editor, VIRTUAL, tmp_path)
        answer = await editor.command("agent.transcript", {"session": session})
        assert answer["uri"] == f"berth://session/{session}.md"
        asked = await editor.one(lambda message: message.get("method") == "window/showDocument")
        assert asked["params"]["uri"] == answer["uri"]
        content = await editor.request("workspace/textDocumentContent", {"uri": answer["uri"]})
        assert "text" in content["result"]


async def test_a_document_that_was_fetched_is_refreshed_when_more_happens(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        editor.answers["workspace/textDocumentContent/refresh"] = lambda _: None
        session = await opened(editor, VIRTUAL, tmp_path)
        uri = f"berth://session/{session}.md"
        await editor.request("workspace/textDocumentContent", {"uri": uri})
        await editor.command("agent.prompt", {"session": session, "text": "say something new"})
        asked = await editor.one(lambda message: message.get("method") == "workspace/textDocumentContent/refresh")
        assert asked["params"] == {"uri": uri}
        content = await editor.request("workspace/textDocumentContent", {"uri": uri})
        assert "something new" in content["result"]["text"]


@pytest.mark.parametrize("uri", ["berth://session/nobody.md", "berth://session/.md", "file:///etc/passwd", ""])
async def test_an_address_of_nothing_is_an_error(tmp_path: Path, uri: str) -> None:
    async with open_editor(state=tmp_path) as editor:
        await opened(editor, VIRTUAL, tmp_path)
        reply = await editor.request("workspace/textDocumentContent", {"uri": uri})
        assert reply["error"]["data"]["kind"] == "unknown-session"


async def test_a_client_that_cannot_show_the_document_after_all_is_told_its_path(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        editor.answers["window/showDocument"] = lambda _: {"success": False}
        session = await opened(editor, {"window": {"showDocument": {"support": True}}}, tmp_path)
        answer = await editor.command("agent.transcript", {"session": session})
        assert answer["uri"].startswith("file://")
        await editor.until(lambda: editor.all("window/showMessage"))
        assert "transcript.md" in editor.all("window/showMessage")[0]["params"]["message"]


async def test_a_failed_session_is_announced(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        session = await opened(editor, {}, tmp_path)
        await editor.command("agent.prompt", {"session": session, "text": "crash 3"})
        await editor.until(lambda: info_is(editor, session, "failed"))
        await editor.until(lambda: editor.all("window/showMessage"))
        assert editor.all("window/showMessage")[0]["params"]["type"] == 1
