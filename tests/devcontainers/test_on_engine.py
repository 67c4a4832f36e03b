"""A project's devcontainer.json, from the question to the agent, on a real engine."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.agents_real.desk import Desk
from tests.egress.field import victim

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(180)]


def write(project: Path, container: Mapping[str, Any], files: Mapping[str, str] | None = None) -> None:
    """Gives all of it to an ordinary user, where we may."""
    (project / ".devcontainer" / "devcontainer.json").write_text(json.dumps(container))
    for name, text in (files or {}).items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if os.getuid() == 0:
        for path in (project, *project.rglob("*")):
            os.chown(path, 1234, 1234)


async def start(desk: Desk, answer: str = "allow_once") -> Mapping[str, Any]:
    """Starts a session and answers the question; answers that."""
    wish = {"workspaceFolder": str(desk.workspace)}
    desk.session = (await desk._client.command("agent.start", wish))["id"]
    return await desk.answer(answer)


async def says(desk: Desk, line: str, expected: str) -> None:
    """Has the agent carry out a line. Nothing tells when it is done, so what it prints is waited for."""
    said = ""

    def has_said(event: Mapping[str, Any]) -> bool:
        nonlocal said
        said += event["text"] if event["kind"] == "part.delta" else ""
        return expected in said

    await desk.prompt(line)
    await desk.until(has_said, seconds=30)


def owner(path: Path) -> int:
    return path.stat().st_uid


def inspected(session: str) -> str:
    """All that the engine tells about the session's container."""
    client = docker.from_env(timeout=30)
    try:
        return json.dumps(
            [it.attrs for it in client.containers.list(filters={"label": f"dev.berth.session={session}"})]
        )
    finally:
        client.close()


def remove_image(reference: str) -> None:
    client = docker.from_env(timeout=30)
    try:
        client.images.remove(reference)
    finally:
        client.close()


def steps(desk: Desk, name: str) -> list[str | None]:
    """What a command printed."""
    return [it.get("log") for it in desk.events if it["kind"] == "image.progress" and it["step"] == name]


async def test_the_agent_finds_what_the_file_promises(desk: Desk, project: Path, base: str) -> None:
    container = {
        "image": base,
        "containerEnv": {"GREETING": "hello", "TOKEN": "${localEnv:SHOP_TOKEN}"},
        "remoteEnv": {"PATH": "${containerEnv:PATH}:${containerWorkspaceFolder}/tools"},
        "mounts": ["source=${localWorkspaceFolder}/config,target=/config,type=bind"],
        "onCreateCommand": ["sh", "-c", "echo $0 made >>made; echo working on it", "onCreate"],
        "postCreateCommand": "echo postCreate made >>made; cat /config/name",
        "postStartCommand": "echo started >>made",
        "remoteUser": "vscode",
    }
    write(project, container, {"config/name": "shop\n", "tools/hi": "#!/bin/sh\necho $GREETING, $1\n"})
    (project / "tools/hi").chmod(0o755)
    question = await start(desk)
    assert "postCreateCommand: echo postCreate made" in question["title"]
    assert "forwarded from SHOP_TOKEN" in question["title"]
    await desk.until_state("idle")
    assert steps(desk, "onCreateCommand") == [None, "working on it"]
    assert steps(desk, "postCreateCommand") == [None, "shop"]
    await says(desk, "hi $TOKEN", "hello, canary-token")
    assert (project / "made").read_text().splitlines() == ["onCreate made", "postCreate made", "started"]
    assert owner(project / "made") == owner(project)
    assert "canary-token" not in inspected(desk.session)


async def test_a_new_start_of_the_same_container_runs_only_what_runs_at_every_start(
    desk: Desk, project: Path, base: str
) -> None:
    write(
        project, {"image": base, "postCreateCommand": "echo created >>made", "postStartCommand": "echo started >>made"}
    )
    await start(desk)
    await desk.until_state("idle")
    await desk.command("agent.restart")
    await desk.until_state("idle")
    assert (project / "made").read_text().split() == ["created", "started", "started"]


async def test_a_command_that_fails_is_a_notice_and_the_agent_starts(desk: Desk, project: Path, base: str) -> None:
    write(
        project,
        {"image": base, "postCreateCommand": "echo no such luck >&2; exit 3", "postStartCommand": "echo x >made"},
    )
    await start(desk)
    await desk.until_state("idle")
    notices = [it["message"] for it in desk.events if it["kind"] == "notice"]
    assert any(note.startswith("postCreateCommand failed with 3") for note in notices)
    assert steps(desk, "postCreateCommand") == [None, "no such luck"]
    assert not (project / "made").exists()


async def test_nothing_runs_after_a_no(desk: Desk, project: Path, base: str) -> None:
    write(project, {"image": base, "postCreateCommand": "touch made"})
    await start(desk, "reject_once")
    failed = await desk.until(lambda event: event.get("to") == "failed")
    assert failed["to"] == "failed"
    assert not (project / "made").exists()


async def test_a_command_that_takes_its_time_can_be_stopped(desk: Desk, project: Path, base: str) -> None:
    write(project, {"image": base, "postCreateCommand": "echo waiting; exec tail -f /dev/null"})
    await start(desk)
    await desk.until(lambda event: event.get("log") == "waiting")
    assert (await desk.info())["activity"] == "Running postCreateCommand"
    await desk.command("agent.stop")
    await desk.until(lambda event: event.get("to") in ("stopped", "failed"), seconds=20)


async def test_a_command_that_wants_a_host_that_is_not_listed_has_a_person_asked(
    desk: Desk, project: Path, base: str, tmp_path: Path
) -> None:
    file = tmp_path / "config" / "berth" / "settings.json"
    settings = json.loads(file.read_text())
    file.write_text(json.dumps({**settings, "docker": {"devcontainer": True, "network": {"mode": "allowlist"}}}))
    with victim() as port:
        ask = f"printf 'CONNECT host.docker.internal:{port} HTTP/1.1\\r\\n\\r\\n' >&3; head -n 1 <&3"
        fetch = ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/19128; {ask}"]
        write(project, {"image": base, "postCreateCommand": fetch})
        await start(desk)
        question = await desk.answer("allow_once")
        assert question["purpose"] == "network"
        assert f"host.docker.internal:{port}" in question["title"]
        await desk.until_state("idle")
    assert any(str(line).startswith("HTTP/1.1 200") for line in steps(desk, "postCreateCommand"))


@pytest.mark.skipif(shutil.which("devcontainer") is None, reason="the devcontainer CLI is not installed")
@pytest.mark.timeout(400)
async def test_a_feature_of_the_project_is_laid_over_the_image_once(desk: Desk, project: Path, base: str) -> None:
    feature = {"id": "hello", "version": "1.0.0", "name": "Hello", "containerEnv": {"FROM_FEATURE": "yes"}}
    files = {
        ".devcontainer/hello/devcontainer-feature.json": json.dumps(feature),
        ".devcontainer/hello/install.sh": 'echo "echo $WORD" >/usr/local/bin/hello\nchmod +x /usr/local/bin/hello\n',
    }
    write(project, {"image": base, "features": {"./hello": {"word": "good day"}}}, files)
    question = await start(desk)
    assert "./hello, as root while it is built" in question["title"]
    await desk.until_state("idle", seconds=300)
    await says(desk, "echo $(hello) $FROM_FEATURE", "good day yes")
    image = (await desk.info())["image"]
    await desk.remove()
    desk.session, first = "", len(desk.events)
    try:
        await start(desk)
        await desk.until_state("idle")
        assert [it["kind"] for it in desk.events[first:] if it["kind"] == "image.progress"] == []
    finally:
        await desk.remove()
        desk.session = ""
        remove_image(image)
