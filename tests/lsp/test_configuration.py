"""The editor's settings, in every way that editors give them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from berth.errors import SettingsError
from berth.lsp import configuration as module
from berth.lsp.client import Client
from berth.lsp.configuration import Configuration
from berth.lsp.folders import Folders
from berth.lsp.offers import read_offers
from berth.lsp.transport.messages import Reply
from berth.settings.scopes import ScopedSection

pytestmark = pytest.mark.anyio

PULLS = {"workspace": {"configuration": True}}
SECTION = {"agent": "claude"}


class Editor:
    """Answers every request with the same result; with the exception class ``TimeoutError`` it answers nothing."""

    def __init__(self, answer: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self.client = Client(self._take)
        self._answer = answer

    def answer_with(self, answer: Any) -> None:
        self._answer = answer

    def _take(self, message: dict[str, Any]) -> None:
        self.asked.append(message)
        if "id" in message and self._answer is not TimeoutError:
            error = {"code": 1} if self._answer is ValueError else None
            reply = Reply(message["id"], None if error else self._answer, error)
            asyncio.get_running_loop().call_soon(self.client.settle, reply)


def begun(editor: Editor, *, capabilities: object = None, options: object = None) -> Configuration:
    params = {"capabilities": capabilities or {}, "initializationOptions": options}
    configuration = Configuration(editor.client)
    configuration.begin(params, read_offers(params))
    return configuration


async def test_one_top_level_section_is_pulled_for_the_folder() -> None:
    editor = Editor([SECTION])
    assert await begun(editor, capabilities=PULLS).of("file:///w") == SECTION
    assert editor.asked[0]["params"] == {"items": [{"scopeUri": "file:///w", "section": "berth"}]}


async def test_a_client_that_cannot_be_pulled_is_not() -> None:
    editor = Editor([SECTION])
    assert await begun(editor).of("file:///w") is None
    assert editor.asked == []


@pytest.mark.parametrize("answer", [[None], [], None, "x", {"berth": SECTION}, ValueError, TimeoutError])
async def test_where_pulling_gives_nothing_the_push_counts(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    monkeypatch.setattr(module, "PULL_SECONDS", 0.05)
    configuration = begun(Editor(answer), capabilities=PULLS, options={"berth": {"agent": "old"}})
    configuration.push({"berth": SECTION})
    assert await configuration.of("file:///w") == SECTION


async def test_where_nothing_was_pushed_the_initialization_options_count() -> None:
    options = {"berth": {"notifications": True, "questions": False, **SECTION}}
    assert await begun(Editor(None), options=options).of("file:///w") == SECTION


async def test_options_about_the_connection_alone_are_no_settings() -> None:
    assert await begun(Editor(None), options={"berth": {"notifications": True}}).of("file:///w") is None


@pytest.mark.parametrize("pushed", [None, {}, 5, [], {"python": {"x": 1}}, {"berth": None}])
async def test_a_push_that_is_not_about_us_gives_nothing(pushed: object) -> None:
    configuration = begun(Editor(None))
    configuration.push(pushed)
    assert await configuration.of("file:///w") is None


async def test_settings_pushed_with_full_names_are_taken() -> None:
    configuration = begun(Editor(None))
    configuration.push({"berth.agent": "claude"})
    assert await configuration.of("file:///w") == {"berth.agent": "claude"}


def test_folders_come_from_whatever_the_client_gives() -> None:
    given: list[tuple[dict[str, Any], tuple[Path, ...]]] = [
        ({"workspaceFolders": [{"uri": "file:///a%20b"}, {"uri": "file:///c"}]}, (Path("/a b"), Path("/c"))),
        ({"workspaceFolders": None, "rootUri": "file:///a"}, (Path("/a"),)),
        ({"workspaceFolders": [], "rootUri": None, "rootPath": "/p"}, (Path("/p"),)),
        ({"rootUri": "vscode-remote://x/y"}, ()),
        ({"rootPath": "relative"}, ()),
        ({}, ()),
    ]
    for params, expected in given:
        folders = Folders()
        folders.begin(params)
        assert folders.paths() == expected, params


def test_a_document_belongs_to_the_innermost_folder_around_it() -> None:
    folders = Folders()
    folders.add(["file:///w", "file:///w/inner", "file:///other"])
    assert folders.holding("file:///w/inner/a.py") == Path("/w/inner")
    assert folders.holding("file:///w/b.py") == Path("/w")
    assert folders.holding("file:///elsewhere/c.py") is None
    folders.remove(["file:///w", "file:///w/inner"])
    assert folders.holding("file:///elsewhere/c.py") == Path("/other")


SCOPED = {"workspace": {"configuration": True}, "experimental": {"berth": {"scopes": True}}}
BY_SCOPE = {"$scopes": {"user": {"agent": "codex"}, "workspace": {"agent": "bad"}}, "$trusted": True}


async def test_a_client_whose_code_says_so_tells_scopes_apart() -> None:
    given = await begun(Editor([BY_SCOPE]), capabilities=SCOPED).of("file:///w")
    assert given == ScopedSection(user={"agent": "codex"}, workspace={"agent": "bad"}, trusted=True)


@pytest.mark.parametrize("capabilities", [PULLS, {"workspace": {"configuration": True}, "experimental": {}}])
async def test_scopes_that_nobody_announced_are_settings_like_any_other(capabilities: object) -> None:
    options = {"berth": {"scopes": True, **BY_SCOPE}}  # a file of the workspace may set these in some editors
    given = await begun(Editor([BY_SCOPE]), capabilities=capabilities, options=options).of("file:///w")
    assert given == BY_SCOPE


@pytest.mark.parametrize("trusted", [None, False, "true", 1])
async def test_only_true_is_trust(trusted: object) -> None:
    given = await begun(Editor([{**BY_SCOPE, "$trusted": trusted}]), capabilities=SCOPED).of("file:///w")
    assert isinstance(given, ScopedSection)
    assert not given.trusted


@pytest.mark.parametrize("answer", [[None], [], {}, [SECTION], [{"$scopes": []}], ValueError, TimeoutError])
async def test_nothing_merged_stands_in_for_scopes_that_did_not_come(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr(module, "PULL_SECONDS", 0.05)
    configuration = begun(Editor(answer), capabilities=SCOPED, options={"berth": SECTION})
    configuration.push({"berth": SECTION})
    with pytest.raises(SettingsError, match="did not answer for its settings"):
        await configuration.of("file:///w")


async def test_the_last_scopes_stand_in_for_those_that_did_not_come() -> None:
    editor = Editor([BY_SCOPE])
    configuration = begun(editor, capabilities=SCOPED)
    before = await configuration.of("file:///w")
    editor.answer_with(ValueError)
    assert await configuration.of("file:///w") == before
    with pytest.raises(SettingsError):
        await configuration.of("file:///other")
