"""Settings files that are open in the editor are changed there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.edits import smallest_edit
from berth.lsp.positions import ENCODINGS, offset_of
from tests.lsp.editor import Editor, Message, open_editor

pytestmark = pytest.mark.anyio

TEXT = '{\r\n  // 𝄞 ours\r\n  "a": "𝄞", "berth.docker.profiles": { "web": {} },\r\n  "b": 1\r\n}\r\n'
APPLIES = {"applyEdit": True}
VERSIONED = {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}
EDIT = "workspace/applyEdit"


@asynccontextmanager
async def open_on(folder: Path, workspace: object, encoding: str = "utf-16") -> AsyncIterator[tuple[Editor, str]]:
    """An editor with such capabilities, and the settings file of its folder opened with unsaved text."""
    path = folder / "a b" / ".vscode" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    uri = path.as_uri()
    environment = {"XDG_CONFIG_HOME": str(folder / "config")}
    async with open_editor(state=folder / "state", environment=environment) as editor:
        capabilities = {"workspace": workspace, "general": {"positionEncodings": [encoding]}}
        folders = [{"uri": (folder / "a b").as_uri(), "name": "w"}]
        await editor.initialize(capabilities, workspaceFolders=folders)
        document = {"uri": uri, "languageId": "jsonc", "version": 7, "text": TEXT}
        await editor.notify("textDocument/didOpen", {"textDocument": document})
        yield editor, uri


def applied(message: Message, text: str, encoding: str) -> str:
    """What an editor makes of its document."""
    edit = message["params"]["edit"]
    (change,) = (
        edit["documentChanges"][0]["edits"] if "documentChanges" in edit else next(iter(edit["changes"].values()))
    )
    start, end = (
        offset_of(text, (place["line"], place["character"]), encoding=encoding)
        for place in (change["range"]["start"], change["range"]["end"])
    )
    return text[:start] + str(change["newText"]) + text[end:]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_an_open_file_with_unsaved_changes_is_edited_in_the_editor(tmp_path: Path, encoding: str) -> None:
    async with open_on(tmp_path, VERSIONED, encoding) as (editor, uri):
        editor.answers[EDIT] = lambda _: {"applied": True}
        result: Any = await editor.command("agent.renameProfile", {"name": "web", "to": "site"})
        (asked,) = editor.all(EDIT)
        assert asked["params"]["edit"]["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 7}
        assert applied(asked, TEXT, encoding) == TEXT.replace("web", "site")
        assert (result["unsaved"], result["file"]) == (True, uri)
        assert [profile["name"] for profile in result["profiles"]["profiles"]] == ["site"]
        assert (tmp_path / "a b" / ".vscode" / "settings.json").read_text() == "{}"


async def test_the_version_is_that_of_the_last_change(tmp_path: Path) -> None:
    async with open_on(tmp_path, VERSIONED) as (editor, uri):
        editor.answers[EDIT] = lambda _: {"applied": True}
        change = {"textDocument": {"uri": uri, "version": 9}, "contentChanges": [{"text": '{ "x": 1 }'}]}
        await editor.notify("textDocument/didChange", change)
        await editor.command("agent.addProfile", {"name": "web", "profile": {}})
        document = editor.all(EDIT)[0]["params"]["edit"]["documentChanges"][0]
        assert document["textDocument"]["version"] == 9


async def test_a_client_that_knows_no_versions_gets_plain_changes(tmp_path: Path) -> None:
    async with open_on(tmp_path, APPLIES) as (editor, uri):
        editor.answers[EDIT] = lambda _: {"applied": True}
        await editor.command("agent.setDefaultProfile", {"name": "web"})
        (asked,) = editor.all(EDIT)
        assert list(asked["params"]["edit"]["changes"]) == [uri]
        assert '"b": 1,\r\n  "berth.docker.defaultProfile": "web"\r\n}' in applied(asked, TEXT, "utf-16")


@pytest.mark.parametrize("answer", [{"applied": False}, None, {}, "yes"])
async def test_an_edit_that_was_not_made_is_an_error(tmp_path: Path, answer: object) -> None:
    async with open_on(tmp_path, APPLIES) as (editor, _):
        editor.answers[EDIT] = lambda _: answer
        error = await editor.refused("agent.removeProfile", {"name": "web"})
        assert error["data"]["kind"] == "settings-unsaved"
        assert "Save it first" in error["data"]["hint"]


async def test_a_client_that_does_not_offer_edits_is_sent_none(tmp_path: Path) -> None:
    async with open_on(tmp_path, {}) as (editor, uri):
        error = await editor.refused("agent.removeProfile", {"name": "web"})
        assert error["data"]["kind"] == "settings-unsaved"
        await editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        added = await editor.command("agent.addProfile", {"name": "web", "template": "zig", "makeDefault": True})
        assert added["profiles"]["default"] == "web"
        assert editor.all(EDIT) == []
        listed = await editor.command("agent.profiles")
        assert listed == added["profiles"]
        assert [profile["isDefault"] for profile in listed["profiles"]] == [True]


async def test_a_bad_field_is_named(tmp_path: Path) -> None:
    async with open_on(tmp_path, APPLIES) as (editor, _):
        bad: list[dict[str, object]] = [{"name": "a b", "profile": {}}, {"name": "a", "template": "x"}, {"profile": {}}]
        for argument in bad:
            error = await editor.refused("agent.addProfile", argument)
            assert error["code"] == -32602
            assert error["message"].startswith(("name", "template"))


@given(
    st.text(st.sampled_from("ab𝄞\n\r"), max_size=12),
    st.text(st.sampled_from("ab𝄞\n\r"), max_size=12),
    st.sampled_from(ENCODINGS),
)
def test_the_smallest_edit_makes_one_text_of_the_other(before: str, after: str, encoding: str) -> None:
    edit = smallest_edit(before, after, encoding=encoding)
    start, end = (
        offset_of(before, (place.line, place.character), encoding=encoding)
        for place in (edit.range.start, edit.range.end)
    )
    assert before[:start] + edit.new_text + before[end:] == after
