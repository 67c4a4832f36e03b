"""A secret goes to the agent and to nowhere else: every place where one could be seen is searched for it."""

import json
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import docker
import pytest
from anyio import to_thread
from docker.utils import kwargs_from_env

from berth.engine.docker.engine import DockerEngine
from berth.errors import BerthError
from berth.host.commands import Commands
from berth.host.host import Host, open_host
from berth.host.places import StateFolder
from berth.protocol import commands as wire
from berth.protocol.events import PartDelta
from tests.host.test_host import Editor

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
CANARY = f"canary{secrets.token_hex(8)}"
FILES = {"default.env": "DEFAULT", "profile.env": "IN_PROFILES", "flag.env": "IN_FLAGS", "request.env": "IN_REQUESTS"}
WAYS = (*FILES.values(), "PROJECT", "FORWARDED", "PROFILE", "FLAG", "REQUEST")
"""One secret on each way into a session, each in a variable of its own."""

AGENT = ["sh", "-c", "echo got $(env | grep -c '^S_[A-Z_]*=canary'); exec cat"]
"""Says how many of them it has, and repeats what it is told."""

FIELDS: dict[str, Any] = {"env": {"S_REQUEST": CANARY}, "envFile": "request.env"}
SETTINGS: dict[str, Any] = {
    "agent": "counter",
    "agents": {"counter": {"command": AGENT, "dialect": "lines"}},
    "docker": {
        "defaultImage": IMAGE,
        "defaultEnvFile": "default.env",
        "forwardEnv": ["S_FORWARDED"],
        "defaultProfile": "web",
        "profiles": {
            "web": {
                "env": {"S_PROFILE": CANARY},
                "envFile": "profile.env",
                "dockerArgs": ["-e", f"S_FLAG={CANARY}", "--env-file", "flag.env"],
            }
        },
    },
}

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


class Desk:
    """A host on the real engine, its commands, and one editor."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host = host
        self.folder = folder
        self.commands = Commands(host)
        self.editor = Editor(folder / "workspace")
        self.editor.environment = {"S_FORWARDED": CANARY, "HOME": str(folder)}
        self.editor.settings = SETTINGS
        host.attach(self.editor)

    def said(self) -> str:
        return "".join(part.text for part in self.editor.bodies(PartDelta))

    async def start(self, **fields: Any) -> str:
        return (await self.commands.start(self.editor, wire.StartArguments.model_validate({**FIELDS, **fields}))).id

    async def clear(self) -> None:
        sessions = self.host.sessions()
        plans = [session.plan for session in sessions if session.plan.mode == "container"]
        mounts = [mount for plan in plans for mount in plan.container.mounts]
        for session in sessions:
            await self.host.remove(session)
        for volume in {mount.source for mount in mounts if mount.type == "volume"}:
            await self.host.engine.remove_volume(volume)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    state = StateFolder(tmp_path / "state")
    for path in (tmp_path / "workspace", state.sessions, state.accounts, state.trust):
        path.mkdir(parents=True)
    for name, variable in {**FILES, ".env": "PROJECT"}.items():
        (tmp_path / "workspace" / name).write_text(f"S_{variable}={CANARY}\n")
    async with open_host(lambda: DockerEngine(os.environ), state) as host:
        desk = Desk(host, tmp_path)
        yield desk
        with anyio.CancelScope(shield=True):
            await desk.clear()


async def test_a_secret_is_in_the_agents_environment_and_in_no_other_place(desk: Desk) -> None:
    session = await desk.start(session="canary")
    await desk.editor.until(lambda: "got" in desk.said(), seconds=60)
    assert f"got {len(WAYS)}" in desk.said()
    seen = await everything(desk, session)
    assert {place for place, text in seen.items() if CANARY in text} == set()
    assert {"inspect", "events", "infos", "plan"} < set(seen)
    assert any(place.endswith("events.jsonl") for place in seen)


async def everything(desk: Desk, session: str) -> dict[str, str]:
    """Every place that is not the agent itself."""
    record = desk.host.session(session).record
    await record.flush()
    asked = wire.PlanArguments.model_validate(FIELDS)
    plan = desk.host.session(session).plan
    seen = {
        "events": "".join(event.json.decode() for event in desk.editor.events),
        "infos": "".join(info.model_dump_json() for info in desk.editor.infos),
        "logs": (await desk.commands.logs(desk.editor, wire.LogsArguments(session=session))).text,
        "plan": (await desk.commands.plan(desk.editor, asked)).model_dump_json(),
        "repr": repr((plan, plan.breaches, plan.consent, asked)),
    }
    seen |= {str(path): path.read_text() for path in (desk.folder / "state").rglob("*") if path.is_file()}
    return seen | await to_thread.run_sync(from_outside, str(record.info.container))


def from_outside(container: str) -> dict[str, str]:
    """What anybody who may use the engine sees."""
    client = docker.APIClient(**kwargs_from_env())
    try:
        return {
            "image": json.dumps(client.images(IMAGE)),
            "inspect": json.dumps(client.inspect_container(container)),
            "processes": json.dumps(client.top(container)),
        }
    finally:
        client.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"env": {"S_REQUEST": f"{CANARY}\0"}},
        {"envFile": "broken.env"},
        {"dockerArgs": ["-e", f"B-AD={CANARY}"]},
        {"dockerArgs": ["--env-file", "broken.env"]},
        {"mounts": [f"${{localEnv:S_FORWARDED}}/x:/{CANARY[:3]}"]},
        {"image": "berth-test/no-such-image", "build": "never"},
    ],
)
async def test_a_secret_is_in_no_refusal(desk: Desk, wrong: dict[str, Any]) -> None:
    (desk.folder / "workspace" / "broken.env").write_text(f"A='{CANARY}\n{CANARY}\n")
    try:
        session = await desk.start(**wrong)
    except BerthError as error:
        said = f"{error!r} {error}"
    else:
        await desk.editor.until(lambda: desk.host.info(session).error, seconds=30)
        said = desk.host.info(session).model_dump_json()
    assert CANARY not in said
    assert CANARY not in "".join(event.json.decode() for event in desk.editor.events)


async def test_a_port_that_is_taken_is_told_in_a_sentence(desk: Desk) -> None:
    first = await desk.start(dockerArgs=["-p", "127.0.0.1::80"])
    await desk.editor.until(lambda: "got" in desk.said(), seconds=60)
    ports = await to_thread.run_sync(published, str(desk.host.info(first).container))
    second = await desk.start(dockerArgs=["-p", f"127.0.0.1:{ports}:80"])
    await desk.editor.until(lambda: desk.host.info(second).error, seconds=60)
    error = desk.host.info(second).error
    assert error is not None
    assert (error.kind, ports in error.message) == ("port-in-use", True)


def published(container: str) -> str:
    client = docker.APIClient(**kwargs_from_env())
    try:
        [port] = client.port(container, 80)
        return str(port["HostPort"])
    finally:
        client.close()
