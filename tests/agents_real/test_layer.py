"""Images that lack the agent, and logins: the real agents on the real engine."""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from docker import DockerClient

from tests.agents_real.desk import START_SECONDS, TURN_SECONDS, Desk, last, text_of
from tests.model.server import ModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.agents, pytest.mark.timeout(600)]

BASE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
SECRET = "canary-login-99d1"

PROJECT = f"""\
FROM {BASE}
RUN printf '#!/bin/sh\\necho the node of the project\\n' >/usr/local/bin/node && chmod 755 /usr/local/bin/node
RUN useradd --uid 4321 dev
ENV PROJECT=yes
USER dev
ENTRYPOINT ["/bin/false"]
"""


@pytest.fixture
def image(engine: DockerClient) -> Iterator[str]:
    """An image of a project: with tools of its own, a user, an entrypoint that would end any session, and no agent."""
    tag = f"berth-test-project:{os.getpid()}"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(PROJECT)
        tar.addfile(entry, io.BytesIO(PROJECT.encode()))
    archive.seek(0)
    engine.images.build(fileobj=archive, custom_context=True, tag=tag)
    before = {tagged for found in engine.images.list("berth/layer") for tagged in found.tags}
    yield tag
    after = {tagged for found in engine.images.list("berth/layer") for tagged in found.tags}
    for made in (*(after - before), tag):
        engine.images.remove(made, force=True)


async def test_the_agent_is_laid_on_a_project_s_image_after_a_yes_and_leaves_its_tools_alone(
    desk: Desk, model: ModelServer, engine: DockerClient, image: str
) -> None:
    await desk.begin(agent="claude", env=model.claude(), image=image)
    question = await desk.answer("allow_once")
    assert question["title"] == f"{image} has no claude-agent-acp. Lay Claude Code on top of it?"
    await desk.until_state("idle", seconds=START_SECONDS)
    layered = engine.images.get(str((await desk.info())["image"])).attrs["Config"]
    assert (layered["User"], layered["Entrypoint"], "PROJECT=yes" in layered["Env"]) == ("dev", ["/bin/false"], True)
    await desk.prompt("run node > made.txt; echo $PROJECT >> made.txt; command -v claude >> made.txt")
    await desk.answer("allow_once")
    await desk.until_kind("turn.ended")
    assert last(desk.events, "turn.ended")["state"] == "complete"
    made = (desk.workspace / "made.txt").read_text()
    assert made == "the node of the project\nyes\n/opt/berth/bin/claude\n"
    assert text_of(await desk.turn("say PONG")).endswith("PONG")


async def test_a_second_session_on_the_same_image_finds_the_layer_there(
    desk: Desk, model: ModelServer, image: str
) -> None:
    await desk.begin(agent="claude-cli", env=model.claude(), image=image)
    await desk.answer("allow_once")
    await desk.until_state("idle", seconds=START_SECONDS)
    await desk.remove()
    seen = len(desk.events)
    await desk.begin(agent="claude-cli", env=model.claude(), image=image)
    await desk.until_state("idle")
    assert not [event for event in desk.events[seen:] if event["kind"] in ("image.progress", "input.requested")]


@pytest.fixture
def signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login of Claude Code on this machine; in the environment there is no key."""
    login = {"accessToken": SECRET, "refreshToken": SECRET, "expiresAt": 4102444800000, "scopes": ["user:inference"]}
    (tmp_path / ".credentials.json").write_text(json.dumps({"claudeAiOauth": login}))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path))
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)


async def is_signed_in(desk: Desk) -> bool:
    """What the agent says of it, asked in the way that a person logs in, but for the terminal."""
    argv = (await desk.login(agent="claude"))["argv"]
    assert argv[-3:] == ["claude", "auth", "login"]
    asked = [word for word in argv[:-1] if word != "--tty"]
    with anyio.fail_after(TURN_SECONDS):
        done = await anyio.run_process([*asked, "status"], check=False)
    return bool(json.loads(done.stdout)["loggedIn"])


@pytest.mark.usefixtures("signed_in")
async def test_a_login_is_missed_copied_on_request_and_kept_when_its_session_is_gone(
    desk: Desk, engine: DockerClient
) -> None:
    await desk.begin(agent="claude")
    await desk.until_state("idle", seconds=START_SECONDS)
    notices = [event["message"] for event in desk.events if event["kind"] == "notice"]
    assert len([notice for notice in notices if notice.startswith("Nobody is signed in to Claude Code here.")]) == 1
    assert not await is_signed_in(desk)
    [copied] = (await desk.login(agent="claude", copy=True))["copied"]
    assert copied.endswith("/.credentials.json")
    assert await is_signed_in(desk)
    container = engine.containers.get(str((await desk.info())["container"]))
    found = container.exec_run(["stat", "-c", "%u:%a", "/home/agent/.claude/.credentials.json"]).output
    assert found == f"{desk.workspace.stat().st_uid}:600\n".encode()
    await desk.remove()
    desk.session = ""
    assert await is_signed_in(desk)
    assert SECRET not in json.dumps(desk.events)
