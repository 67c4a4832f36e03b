"""Settings files that change while an editor is open: what it is asked to watch, and what it is shown."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.lsp.editor import Editor, Message, open_editor
from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.anyio

CAPABILITIES = sorted((Path(__file__).parent / "capabilities").glob("*.json"))

DIAGNOSTICS: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}}}
WATCHES = {"didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True}}
REGISTER, PUBLISH = "client/registerCapability", "textDocument/publishDiagnostics"


@asynccontextmanager
async def opened(folder: Path, capabilities: object, **params: object) -> AsyncIterator[Editor]:
    """An editor with the folder ``w`` open, whose user has settings of a file's own."""
    workspace = folder / "w"
    (workspace / ".vscode").mkdir(parents=True, exist_ok=True)
    environment = {"XDG_CONFIG_HOME": str(folder / "config")}
    async with open_editor(state=folder / "state", environment=environment) as editor:
        editor.answers[REGISTER] = editor.answers["client/unregisterCapability"] = lambda _: None
        folders = [{"uri": workspace.as_uri(), "name": "w"}]
        options = {"berth": {"notifications": True}}
        await editor.initialize(capabilities, workspaceFolders=folders, initializationOptions=options, **params)
        yield editor


def watchers(message: Message) -> list[Any]:
    [registration] = message["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    return [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]


def is_files(message: Message) -> bool:
    return message.get("method") == REGISTER and message["params"]["registrations"][0]["id"].startswith("berth-files")


def published(editor: Editor, path: Path) -> list[list[Message]]:
    """The diagnostics of a file, as they were sent one after the other."""
    return [it["params"]["diagnostics"] for it in editor.all(PUBLISH) if it["params"]["uri"] == path.as_uri()]


async def changed(editor: Editor, path: Path) -> None:
    await editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})


@pytest.mark.parametrize("path", CAPABILITIES, ids=lambda path: path.stem)
async def test_files_are_watched_as_this_client_can(path: Path, tmp_path: Path) -> None:
    capabilities = json.loads(await anyio.Path(path).read_text())["capabilities"]
    offered = (capabilities.get("workspace") or {}).get("didChangeWatchedFiles") or {}
    async with opened(tmp_path, capabilities) as editor:
        editor.answers["workspace/configuration"] = lambda _: [None]
        (tmp_path / "w/.vscode/settings.json").write_text('{"berth.agent": 1}')
        file = tmp_path / "w/.vscode/settings.json"
        await editor.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
        await editor.until(lambda: published(editor, file))
        if offered.get("dynamicRegistration"):
            globs = watchers(await editor.one(is_files))
            assert all(isinstance(glob, dict) is bool(offered.get("relativePatternSupport")) for glob in globs)
        else:
            assert not any(map(is_files, editor.messages))


async def test_watched_are_the_folders_files_those_above_and_the_users(tmp_path: Path) -> None:
    async with opened(tmp_path, {"workspace": WATCHES}) as editor:
        globs = watchers(await editor.one(is_files))
        assert [(glob["baseUri"].removeprefix(tmp_path.as_uri()), glob["pattern"]) for glob in globs] == [
            ("/w", ".vscode/settings.json"),
            ("/w", "*.code-workspace"),
            ("/w", ".berth/**"),
            ("/w", ".env"),
            ("/w", ".env.*"),
            ("/w", ".devcontainer.json"),
            ("/w", ".devcontainer/**"),
            ("", "*.code-workspace"),
            ("/config/berth", "settings.json"),
        ]


async def test_a_dockerfile_that_a_profile_names_is_watched_where_it_is(tmp_path: Path) -> None:
    settings, config = tmp_path / "w/.vscode/settings.json", tmp_path / "config/berth"
    async with opened(tmp_path, {"workspace": WATCHES}) as editor:
        first = await editor.one(is_files)
        build = {"dockerfile": "docker/dev.Dockerfile"}
        settings.write_text(json.dumps({"berth.docker.profiles": {"web": {"build": build}}}))
        await changed(editor, settings)

        def is_next(message: Message) -> bool:
            return is_files(message) and message is not first

        globs = watchers(await editor.one(is_next))
        assert {"baseUri": (tmp_path / "w/docker").as_uri(), "pattern": "dev.Dockerfile"} in globs
        assert {"baseUri": config.as_uri(), "pattern": "settings.json"} in globs
        settings.write_text("{}")
        await changed(editor, settings)
        last = await editor.one(lambda message: is_next(message) and watchers(message) == watchers(first))
        assert last["params"]["registrations"][0]["id"] == "berth-files-3"


async def test_without_relative_patterns_whole_paths_are_named(tmp_path: Path) -> None:
    offered = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    async with opened(tmp_path, offered) as editor:
        globs = watchers(await editor.one(is_files))
        assert globs[0] == "**/.vscode/settings.json"
        assert globs[-1] == str(tmp_path / "config/berth/settings.json")


async def test_a_path_that_a_glob_would_misread_is_not_named(tmp_path: Path) -> None:
    odd = tmp_path / "{a,b}"
    offered = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    async with opened(odd, offered) as editor:
        assert all(glob.startswith("**/") for glob in watchers(await editor.one(is_files)))


async def test_folders_that_are_opened_later_are_watched_instead(tmp_path: Path) -> None:
    async with opened(tmp_path, {"workspace": WATCHES}) as editor:
        first = await editor.one(is_files)
        folder = {"uri": (tmp_path / "other").as_uri(), "name": "other"}
        gone = {"uri": (tmp_path / "w").as_uri(), "name": "w"}
        event = {"event": {"added": [folder], "removed": [gone]}}
        await editor.notify("workspace/didChangeWorkspaceFolders", event)
        ended = await editor.one(lambda message: message.get("method") == "client/unregisterCapability")
        assert ended["params"]["unregisterations"][0]["id"] == first["params"]["registrations"][0]["id"]
        last = [message for message in editor.messages if is_files(message)][-1]
        assert {glob["baseUri"] for glob in watchers(last)} >= {folder["uri"]}
        assert gone["uri"] not in {glob["baseUri"] for glob in watchers(last)}


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", 27), ("utf-16", 25), ("utf-32", 24)])
async def test_what_is_wrong_stands_on_its_line_until_it_is_mended(tmp_path: Path, encoding: str, end: int) -> None:
    path = tmp_path / "w/.vscode/settings.json"
    path.parent.mkdir(parents=True)
    path.write_text('{\n  "berth.agnet": "\N{ROBOT FACE}", //\n}', encoding="utf-8")
    capabilities = {**DIAGNOSTICS, "general": {"positionEncodings": [encoding]}}
    async with opened(tmp_path, capabilities) as editor:
        await editor.until(lambda: published(editor, path))
        assert published(editor, path) == [
            [
                {
                    "range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": end}},
                    "severity": 1,
                    "code": "bad-settings",
                    "source": "berth",
                    "message": "berth.agnet is not a setting – perhaps “agent” is meant.",
                }
            ]
        ]
        path.write_text("{}")
        await changed(editor, path)
        await editor.until(lambda: len(published(editor, path)) == 2)
        assert published(editor, path)[-1] == []


async def test_what_was_said_is_not_said_again(tmp_path: Path) -> None:
    path, env = tmp_path / "w/.vscode/settings.json", tmp_path / "w/.env"
    async with opened(tmp_path, DIAGNOSTICS) as editor:
        path.write_text('{"berth.agent": 1}')
        await changed(editor, path)
        await editor.until(lambda: published(editor, path))
        path.write_text('{"berth.agent": 2}')
        await changed(editor, path)
        path.write_text('{"berth.agent": "claude"}')
        env.write_text("A B")
        await changed(editor, env)
        await editor.until(lambda: published(editor, env) and len(published(editor, path)) > 1)
        assert [len(sent) for sent in published(editor, path)] == [1, 0]


async def test_what_is_wrong_in_the_users_file_is_said_once_for_all_folders(tmp_path: Path) -> None:
    path = tmp_path / "config/berth/settings.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"agent": 1}')
    async with opened(tmp_path, DIAGNOSTICS) as editor:
        await editor.until(lambda: published(editor, path))
        (tmp_path / "other").mkdir()
        (tmp_path / "other/.env").write_text("A B")
        added = {"uri": (tmp_path / "other").as_uri(), "name": "other"}
        gone = {"uri": (tmp_path / "w").as_uri(), "name": "w"}
        await editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [added], "removed": [gone]}})
        path.write_text("{}")
        await changed(editor, path)
        await editor.until(lambda: len(published(editor, path)) > 1)
        assert [len(sent) for sent in published(editor, path)] == [1, 0]


async def test_a_running_session_says_when_a_watched_file_has_left_it_behind(tmp_path: Path) -> None:
    own = tmp_path / "config/berth/settings.json"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(SETTINGS))
    async with opened(tmp_path, {}) as editor:
        await editor.notify("workspace/didChangeConfiguration", {"settings": {"berth.docker.resources": {"cpus": 1}}})
        started = await editor.command("agent.start", {})

        def is_outdated(message: Message) -> bool:
            return message.get("method") == "agent/session" and message["params"]["outdated"]

        await editor.one(lambda m: m.get("method") == "agent/session" and m["params"]["state"] == "idle")
        (tmp_path / "w/.vscode/settings.json").write_text('{"berth.agent": 1}')
        (tmp_path / "w/.env").write_text("A=1")
        await changed(editor, tmp_path / "w/.env")
        assert (await editor.one(is_outdated))["params"]["id"] == started["id"]
        assert editor.all(PUBLISH) == []  # what is wrong is told first, and this client takes no diagnostics
        params = {"textDocument": {"uri": (tmp_path / "w/a.py").as_uri()}, "context": {"diagnostics": []}}
        params["range"] = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        actions = (await editor.request("textDocument/codeAction", params))["result"]
        assert any("with the changed settings" in action["title"] for action in actions)
