"""The program as it is, on a real engine: two editors and a terminal on one host, one session in a real container."""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import docker
import pytest
from anyio import to_thread

from tests.engine.real_house import BRIDGE, IMAGE
from tests.lsp.asking import events, info_is
from tests.lsp.editor import Editor
from tests.sharing.town import Town

pytestmark = [pytest.mark.anyio, pytest.mark.engine]

ECHO = ["sh", "-c", 'while read -r line; do echo "heard $line by $S_WHO"; done']
SETTINGS = {
    "agent": "echo",
    "agents": {"echo": {"command": ECHO, "dialect": "lines"}},
    "docker": {"defaultImage": IMAGE, "forwardEnv": ["S_WHO"], "network": BRIDGE},
    "policy": {"workspaces": "allow"},
}


@pytest.fixture
async def workspace(town: Town, tmp_path: Path) -> AsyncIterator[Path]:
    """A folder whose volumes go with it, and a town in which the real program is run."""
    config = anyio.Path(tmp_path / "config" / "berth")
    await config.mkdir(parents=True)
    await (config / "settings.json").write_text(json.dumps(SETTINGS))
    town.environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    town.command = (sys.executable, "-m", "berth", "serve")
    folder = tmp_path / "w"
    yield folder
    await to_thread.run_sync(clear, folder)


def clear(folder: Path) -> None:
    client = docker.from_env(timeout=30)
    label = f"dev.berth.workspace={folder}"
    for container in client.containers.list(all=True, filters={"label": label}):
        container.remove(force=True)
    for volume in client.volumes.list(filters={"label": label}):
        volume.remove(force=True)
    client.close()


async def opened(editor: Editor, folder: Path) -> None:
    await anyio.Path(folder).mkdir(exist_ok=True)
    folders = [{"uri": folder.as_uri(), "name": "w"}]
    await editor.initialize(workspaceFolders=folders, initializationOptions={"berth": {"notifications": True}})


async def test_two_editors_and_a_terminal_share_one_container(town: Town, workspace: Path) -> None:
    async with town.caller(S_WHO="one") as one, town.caller(S_WHO="two") as two:
        for editor in (one, two):
            await opened(editor, workspace)
        session = (await one.command("agent.start", {}))["id"]
        for editor in (one, two):
            await editor.until(lambda: info_is(editor, session, "idle"), seconds=90)  # noqa: B023 - awaited at once
        await two.command("agent.prompt", {"session": session, "text": "hello"})
        for editor in (one, two):
            await editor.until(lambda: "heard hello by one" in said(editor, session))  # noqa: B023 - as above
        numbers = [{event["seq"]: event for event in events(editor, session)} for editor in (one, two)]
        shared = numbers[0].keys() & numbers[1].keys()
        assert shared
        assert all(numbers[0][number] == numbers[1][number] for number in shared)
        assert await one.leave() == 0
        assert (await berth(town, "stop", session)).endswith(" is off.\n")
        await two.until(lambda: info_is(two, session, "stopped"))
        assert (await berth(town, "rm", session)).endswith(" is removed.\n")
        assert await two.command("agent.list") == []


async def test_a_session_outlives_the_host_that_is_killed(town: Town, workspace: Path) -> None:
    async with town.caller(S_WHO="one") as one:
        await opened(one, workspace)
        session = (await one.command("agent.start", {}))["id"]
        await one.until(lambda: info_is(one, session, "idle"), seconds=90)
        os.kill((await town.host())["pid"], signal.SIGKILL)
        assert await one.status() == 1
    async with town.caller(S_WHO="two") as two:
        await opened(two, workspace)
        await two.until(lambda: info_is(two, session, "idle"), seconds=60)
        await two.command("agent.prompt", {"session": session, "text": "again"})
        await two.until(lambda: "heard again by one" in said(two, session), seconds=30)
        assert (await berth(town, "rm", session, "--force")).endswith(" is removed.\n")


def said(editor: Editor, session: str) -> str:
    return "".join(str(event.get("text", "")) for event in events(editor, session))


async def berth(town: Town, *arguments: str) -> str:
    environment = os.environ | town.environment | {"BERTH_STATE_DIR": str(town.state)}
    with anyio.fail_after(60):
        done = await anyio.run_process([sys.executable, "-m", "berth", *arguments], env=environment)
    return done.stdout.decode()
