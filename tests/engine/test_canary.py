"""A secret goes to the agent and to nowhere else: every place where one could be seen is searched for it."""

import gzip
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import docker
import pytest
from anyio import to_thread
from docker.utils import kwargs_from_env

from berth.errors import BerthError
from berth.protocol import commands as wire
from berth.protocol.plans import PlanArguments
from tests.engine.real_house import BRIDGE, IMAGE, RealHouse, real_house

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


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[RealHouse]:
    async with real_house(tmp_path, SETTINGS) as house:
        house.editor.environment = {**house.editor.environment, "S_FORWARDED": CANARY}
        for name, variable in {**FILES, ".env": "PROJECT"}.items():
            (house.workspace / name).write_text(f"S_{variable}={CANARY}\n")
        yield house


async def test_a_secret_is_in_the_agents_environment_and_in_no_other_place(desk: RealHouse) -> None:
    session = await desk.start(**FIELDS, session="canary")
    await desk.editor.until(lambda: "got" in desk.said(), seconds=60)
    assert f"got {len(WAYS)}" in desk.said()
    seen = await everything(desk, session)
    assert {place for place, text in seen.items() if CANARY in text} == set()
    assert {"inspect", "events", "infos", "plan"} < set(seen)
    assert any(place.endswith("events.jsonl") for place in seen)


async def everything(desk: RealHouse, session: str) -> dict[str, str]:
    """Every place that is not the agent itself."""
    record = desk.host.session(session).record
    await record.flush()
    asked = PlanArguments.model_validate(FIELDS)
    plan = desk.host.session(session).plan
    seen = {
        "events": "".join(event.json.decode() for event in desk.editor.events),
        "infos": "".join(info.model_dump_json() for info in desk.editor.infos),
        "logs": (await desk.commands.logs(desk.editor, wire.LogsArguments(session=session))).text,
        "plan": (await desk.commands.plan(desk.editor, asked)).model_dump_json(),
        "repr": repr((plan, plan.breaches, plan.consent, asked)),
    }
    seen |= {str(path): text_of(path) for path in (desk.folder / "state").rglob("*") if path.is_file()}
    return seen | await to_thread.run_sync(from_outside, str(record.info.container))


def text_of(path: Path) -> str:
    """What is in a file, packed or not, whatever it is."""
    found = path.read_bytes()
    return (gzip.decompress(found) if found.startswith(b"\x1f\x8b") else found).decode(errors="replace")


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
async def test_a_secret_is_in_no_refusal(desk: RealHouse, wrong: dict[str, Any]) -> None:
    (desk.folder / "workspace" / "broken.env").write_text(f"A='{CANARY}\n{CANARY}\n")
    try:
        session = await desk.start(**{**FIELDS, **wrong})
    except BerthError as error:
        said = f"{error!r} {error}"
    else:
        await desk.editor.until(lambda: desk.host.info(session).error, seconds=30)
        said = desk.host.info(session).model_dump_json()
    assert CANARY not in said
    assert CANARY not in "".join(event.json.decode() for event in desk.editor.events)


async def test_a_port_that_is_taken_is_told_in_a_sentence(desk: RealHouse) -> None:
    desk.editor.settings = {**SETTINGS, "docker": {**SETTINGS["docker"], "network": BRIDGE}}
    first = await desk.start(**FIELDS, dockerArgs=["-p", "127.0.0.1::80"])
    await desk.editor.until(lambda: "got" in desk.said(), seconds=60)
    ports = await to_thread.run_sync(published, str(desk.host.info(first).container))
    second = await desk.start(**FIELDS, dockerArgs=["-p", f"127.0.0.1:{ports}:80"])
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
