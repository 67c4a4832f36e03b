"""A session without a container through the real server over the real stdio, as an editor with plain LSP sees it."""

import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from tests.lsp.editor import REPOSITORY, Editor, open_editor

pytestmark = pytest.mark.anyio

SERVER = (sys.executable, "-m", "berth", "serve")
PROGRAM = [sys.executable, "-m", "tests.fakes.agent_programs.acp_agent"]


@pytest.fixture
async def editor(tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor of the whole program, on a machine without any engine."""
    config = anyio.Path(tmp_path / "config" / "berth" / "settings.json")
    await config.parent.mkdir(parents=True)
    await config.write_text(json.dumps({"agent": "scripted", "agents": {"scripted": {"command": PROGRAM}}}))
    environment = {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "DOCKER_HOST": f"unix://{tmp_path}/absent.sock",
        "PYTHONPATH": str(REPOSITORY),
    }
    async with open_editor(state=tmp_path / "state", command=SERVER, environment=environment) as editor:
        yield editor


async def opened(editor: Editor, workspace: Path) -> str:
    """Opens a workspace, and answers its URI."""
    await anyio.Path(workspace).mkdir()
    uri = workspace.as_uri()
    offered = {"window": {"workDoneProgress": True}}
    await editor.initialize(offered, workspaceFolders=[{"uri": uri, "name": "web"}], rootUri=uri)
    return uri


async def test_without_an_engine_the_hint_names_the_other_mode_and_toggling_makes_it_work(
    editor: Editor, tmp_path: Path
) -> None:
    workspace = tmp_path / "web"
    await opened(editor, workspace)
    editor.answers["window/workDoneProgress/create"] = lambda _: None
    refused = await editor.request("workspace/executeCommand", {"command": "agent.start", "arguments": [{}]})
    data: dict[str, Any] = refused["error"]["data"]
    assert data["kind"] == "engine-unreachable"
    assert "agent.toggle" in data["hint"]
    assert await editor.command("agent.list") == []

    assert await editor.command("agent.toggle") == {"workspaceFolder": str(workspace), "mode": "host"}
    info = await editor.command("agent.start", {"prompt": "write hello.txt hello; slow 20; say done"})
    assert (info["mode"], info["name"]) == ("host", "scripted in web (no container)")
    question = await editor.one(lambda message: message.get("method") == "window/showMessageRequest")
    allow = next(action for action in question["params"]["actions"] if action["title"] == "Allow")
    await editor.send({"jsonrpc": "2.0", "id": question["id"], "result": allow})
    turn = await editor.one(lambda m: m.get("method") == "$/progress" and "(no container)" in json.dumps(m))
    assert turn["params"]["value"]["title"].endswith("scripted in web (no container)")
    await editor.one(lambda m: m.get("method") == "$/progress" and m["params"]["value"].get("message") == "complete")
    assert await anyio.Path(workspace / "hello.txt").read_text() == "hello\n"
    replayed = await editor.command("agent.replay", {"session": info["id"], "from": 1, "limit": 1})
    assert replayed["events"][0]["kind"] == "notice"
    assert "WITHOUT a container" in replayed["events"][0]["message"]


async def test_the_editors_leaving_ends_the_process(editor: Editor, tmp_path: Path) -> None:
    await opened(editor, tmp_path / "web")
    told = tmp_path / "told"
    os.mkfifo(told)
    command = ["/bin/sh", "-c", f"echo $$ > {told}; exec cat"]
    config = anyio.Path(tmp_path / "config" / "berth" / "settings.json")
    await config.write_text(json.dumps({"agents": {"scripted": {"command": command, "dialect": "lines"}}}))
    await editor.command("agent.start", {"mode": "host", "agent": "scripted"})
    with anyio.fail_after(15):
        pid = int(await to_thread.run_sync(told.read_text, abandon_on_cancel=True))
    assert await anyio.Path(f"/proc/{pid}").exists()
    assert await editor.leave() == 0
    assert not await anyio.Path(f"/proc/{pid}/exe").exists()
