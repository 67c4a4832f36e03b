"""Images that lack the agent, and logins: the real agents on the real engine."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
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


def tarred(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


@pytest.fixture
def image(engine: DockerClient) -> Iterator[str]:
    """An image of a project: with tools of its own, a user, an entrypoint that would end any session, and no agent."""
    tag = f"berth-test-project:{os.getpid()}"
    context = io.BytesIO(tarred({"Dockerfile": PROJECT.encode()}))
    engine.images.build(fileobj=context, custom_context=True, tag=tag)
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


@pytest.fixture
def foreign(engine: DockerClient) -> Iterator[str]:
    """An image with a shell that says it is for a processor which nobody emulates."""
    tag, layer = f"berth-test-foreign:{os.getpid()}", tarred({"bin/sh": b"not for this machine"})
    history = [{"created_by": "a test"}]
    root = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    config = {"architecture": "mips64le", "os": "linux", "config": {}, "rootfs": root, "history": history}
    manifest = [{"Config": "config.json", "RepoTags": [tag], "Layers": ["layer.tar"]}]
    parts = {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    engine.images.load(tarred({**parts, "layer.tar": layer}))
    yield tag
    engine.images.remove(tag, force=True)


async def test_an_image_for_another_processor_is_told_before_anything_is_started(
    desk: Desk, engine: DockerClient, foreign: str
) -> None:
    await desk.begin(agent="claude", env={}, image=foreign)
    failed = await desk.until_state("failed")
    assert failed["error"]["kind"] == "image-wrong-platform"
    assert "is built for mips64le and this engine is" in failed["error"]["message"]
    assert not engine.containers.list(all=True, filters={"ancestor": foreign})


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
