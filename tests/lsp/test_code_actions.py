"""Code actions: when they are offered, to whom, and in what form."""

from pathlib import Path

import pytest

from berth.lsp.diagnostics import KEPT, Diagnostics
from tests.lsp.asking import events, info_is
from tests.lsp.editor import Editor, Message, open_editor
from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.anyio

LITERALS = {"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["source"]}}}}}


def request(uri: str, **context: object) -> Message:
    nowhere = {"line": 0, "character": 0}
    return {
        "textDocument": {"uri": uri},
        "range": {"start": nowhere, "end": nowhere},
        "context": {"diagnostics": [], **context},
    }


async def opened(editor: Editor, root: Path, capabilities: object = LITERALS) -> str:
    """Initializes and answers the URI of a document in the workspace."""
    options = {"berth": {"notifications": True, **SETTINGS}}
    await editor.initialize(capabilities, rootUri=root.as_uri(), initializationOptions=options)
    return (root / "a.py").as_uri()


OFFERED: list[Message] = [
    {},
    {"only": []},
    {"only": ["source"]},
    {"only": [""]},
    {"only": ["quickfix", "source"]},
    {"only": ["source"], "triggerKind": 1},
    {"triggerKind": 2},
]
ON_SAVE: list[Message] = [
    {"only": ["quickfix"]},
    {"only": ["source.fixAll"]},
    {"only": ["source.organizeImports"]},
    {"only": ["source"], "triggerKind": 2},
]


@pytest.mark.parametrize("context", OFFERED, ids=str)
async def test_actions_are_of_kind_source(tmp_path: Path, context: Message) -> None:
    async with open_editor(state=tmp_path) as editor:
        reply = await editor.request("textDocument/codeAction", request(await opened(editor, tmp_path), **context))
        assert [action["kind"] for action in reply["result"]] == ["source"]


@pytest.mark.parametrize("context", ON_SAVE, ids=str)
async def test_nothing_is_offered_for_other_kinds_or_on_save(tmp_path: Path, context: Message) -> None:
    async with open_editor(state=tmp_path) as editor:
        reply = await editor.request("textDocument/codeAction", request(await opened(editor, tmp_path), **context))
        assert reply["result"] == []


async def test_a_client_without_literals_gets_bare_commands(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        uri = await opened(editor, tmp_path, capabilities={})
        (command,) = (await editor.request("textDocument/codeAction", request(uri)))["result"]
        assert command["command"] == "agent.start"
        assert command["arguments"] == [{"workspaceFolder": str(tmp_path)}]


async def test_sessions_of_another_folder_are_not_offered(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path / "state") as editor:
        mine, other = tmp_path / "mine", tmp_path / "other"
        for folder in (mine, other):
            folder.mkdir()
        folders = [{"uri": folder.as_uri(), "name": folder.name} for folder in (mine, other)]
        options = {"berth": {"notifications": True, **SETTINGS}}
        await editor.initialize(LITERALS, workspaceFolders=folders, initializationOptions=options)
        info = await editor.command("agent.start", {"workspaceFolder": str(other)})
        await editor.until(lambda: info_is(editor, info["id"], "idle"))
        for folder, count in ((mine, 1), (other, 3)):
            actions = (await editor.request("textDocument/codeAction", request((folder / "a").as_uri())))["result"]
            assert len(actions) == count


async def test_the_diagnostics_of_a_document_go_with_a_prompt_that_names_them(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        uri = await opened(editor, tmp_path)
        place = {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 9}}
        problem = {"range": place, "severity": 1, "source": "ruff", "code": "F821", "message": "Undefined name"}
        await editor.request("textDocument/codeAction", request(uri, diagnostics=[problem]))
        argument = {"prompt": "context", "context": [{"diagnostics": uri}]}
        info = await editor.command("agent.start", argument)
        await editor.until(lambda: "turn.ended" in [event["kind"] for event in events(editor, info["id"])])
        told = "".join(event["text"] for event in events(editor, info["id"]) if event["kind"] == "part.delta")
        assert "a.py:3:5: error: Undefined name [ruff F821]" in told


def test_the_diagnostics_of_many_documents_are_forgotten_in_time() -> None:
    diagnostics = Diagnostics()
    for number in range(KEPT * 2):
        diagnostics._lines[f"file:///{number}"] = "x"
    diagnostics.remember("file:///new", [])
    assert len(diagnostics._lines) == KEPT
    assert diagnostics.of("file:///new") == ""
