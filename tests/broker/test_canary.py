"""A key that a session uses is nowhere in it, nor where anybody else could see it, on the real engine."""

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import docker
import pytest
from anyio import to_thread
from docker.utils import kwargs_from_env

from berth.demo.http import Request, Response, serving, whole
from berth.protocol import commands as wire
from berth.protocol.container_events import CredentialUsed, CredentialWithheld
from berth.protocol.plans import PlanArguments
from berth.protocol.session import State
from berth.settings.scopes import ScopedSection
from tests.egress.field import BASE
from tests.egress.test_sessions import START
from tests.engine.real_house import IMAGE, RealHouse, real_house
from tests.engine.test_canary import text_of

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(240)]

KEY = f"sk-canary-{secrets.token_hex(16)}"

AGENT = r"""
ask() (
  for try in $(seq 300); do { exec 3<>/dev/tcp/127.0.0.1/19129; } 2>/dev/null && break; sleep 0.1; done
  printf 'POST %s HTTP/1.1\r\nHost: 127.0.0.1:19129\r\nx-api-key: %s\r\nContent-Length: 2\r\n\r\n{}' "$1" "$2" >&3
  IFS= read -r line <&3
  printf 'asked %s: %s\n' "$1" "${line%?}"
  cat <&3
)
look() {
  env
  for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do tr '\0' '\n' 2>/dev/null <"$file"; done
  grep -rlE 'sk-canary-[0-9a-f]{32}' / --exclude-dir=proc --exclude-dir=sys 2>/dev/null
  echo "has looked"
}
while read -r what; do
  case $what in
    look) look ;;
    steal) ask /v1/messages sk-of-my-own-0123456789 ;;
    *) ask "$what" "$ANTHROPIC_API_KEY" ;;
  esac
done
"""
"""An agent that uses its key for whatever path it is told, or looks for the key wherever it can."""


@dataclass
class Vendor:
    """What reached the key's host. It answers with the key that it was shown."""

    keys: list[str] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.keys.append(request.headers.get("x-api-key", ""))
        return whole(200, "text/plain", f"you showed {self.keys[-1]}\n".encode())


def settings(way: str = "broker", **keys: Any) -> ScopedSection:
    agent = {"command": ["bash", "-c", AGENT], "dialect": "lines"}
    docker = {"defaultImage": IMAGE, "network": {"mode": "allowlist"}, "credentials": way}
    user = {"agent": "claude", "agents": {"claude": agent}, "docker": docker, "keys": keys}
    return ScopedSection(user=user, trusted=True)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealHouse]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    async with real_house(tmp_path, {}) as made:
        made.editor.settings = settings()
        try:
            yield made
        finally:
            with anyio.CancelScope(shield=True):
                await made.clear()


async def begun(house: RealHouse, port: int, **variables: str) -> str:
    url = f"http://localhost:{port}"
    house.editor.environment = {"BERTH_BASE_IMAGE": BASE, "ANTHROPIC_BASE_URL": url, **variables}
    session = await house.start(session="canary")
    await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
    return session


async def say(house: RealHouse, session: str, text: str, expected: str) -> None:
    await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text=text))
    await house.editor.until(lambda: expected in house.said(), seconds=60)


async def test_a_key_of_the_editors_is_used_and_seen_nowhere(house: RealHouse) -> None:
    vendor = Vendor()
    async with serving(vendor.answer, host="0.0.0.0") as port:  # noqa: S104 - the proxy is to reach it
        session = await begun(house, port, ANTHROPIC_API_KEY=KEY)
        await say(house, session, "/v1/messages", "asked /v1/messages: HTTP/1.1 200")
        await say(house, session, "/v1/files", "asked /v1/files: HTTP/1.1 403")
        await say(house, session, "steal", "asked /v1/messages: HTTP/1.1 401")
        await say(house, session, "look", "has looked")
        await house.editor.until(lambda: len(house.editor.bodies(CredentialWithheld)) == 2, seconds=30)
    assert vendor.keys == [KEY]
    assert "you showed *****" in house.said()
    [used] = house.editor.bodies(CredentialUsed)
    assert (used.name, used.host, used.port) == ("ANTHROPIC_API_KEY", "host.docker.internal", port)
    assert [withheld.why for withheld in house.editor.bodies(CredentialWithheld)] == ["route", "sentinel"]
    seen = await everything(house, session)
    assert {place for place, text in seen.items() if KEY in text} == set()
    assert any(place.endswith("events.jsonl") for place in seen)
    assert sum(place.startswith("files of") for place in seen) == 3
    assert "credential.used" in "".join(text for place, text in seen.items() if "audit" in place)


async def test_without_the_broker_the_same_look_finds_it(house: RealHouse) -> None:
    house.editor.settings = settings("env")
    session = await begun(house, 9, ANTHROPIC_API_KEY=KEY)
    await say(house, session, "look", "has looked")
    assert KEY in house.said()


async def test_a_key_from_a_command_is_fetched_at_the_start_and_seen_nowhere(house: RealHouse) -> None:
    vendor = Vendor()
    secret = house.folder / "secret"
    secret.write_text(f"{KEY}\n")
    house.editor.settings = settings(ANTHROPIC_API_KEY={"command": ["cat", str(secret)]})
    async with serving(vendor.answer, host="0.0.0.0") as port:  # noqa: S104 - the proxy is to reach it
        session = await begun(house, port)
        await say(house, session, "/v1/messages", "asked /v1/messages: HTTP/1.1 200")
        await say(house, session, "look", "has looked")
    assert vendor.keys == [KEY]
    seen = await everything(house, session)
    assert {place for place, text in seen.items() if KEY in text} == set()


async def everything(house: RealHouse, session: str) -> dict[str, str]:
    """Every place that is not the broker's memory."""
    await house.host.session(session).record.flush()
    plan = house.host.session(session).plan
    shown = await house.commands.plan(house.editor, PlanArguments())
    seen = {
        "events": "".join(event.json.decode() for event in house.editor.events),
        "infos": "".join(info.model_dump_json() for info in house.editor.infos),
        "plan": shown.model_dump_json(),
        "repr": repr((plan, plan.consent)),
        "logs": (await house.commands.logs(house.editor, wire.LogsArguments(session=session))).text,
    }
    seen |= {str(path): text_of(path) for path in (house.folder / "state").rglob("*") if path.is_file()}
    facts = await house.host.engine.inspect(str(house.host.info(session).container))
    assert facts is not None
    containers = [facts.name, f"berth-holder-{facts.labels['dev.berth.lane']}", *await house.proxies()]
    return seen | await to_thread.run_sync(from_outside, containers) | processes()


def from_outside(containers: list[str]) -> dict[str, str]:
    """What anybody who may use the engine sees of session, holder and proxy."""
    client = docker.APIClient(**kwargs_from_env())
    seen = {}
    try:
        for name in containers:
            found = client.inspect_container(name)
            seen[f"inspect {name}"] = json.dumps(found)
            seen[f"log {name}"] = client.logs(name).decode(errors="replace")
            seen[f"top {name}"] = json.dumps(client.top(name))
            seen[f"image of {name}"] = json.dumps(client.history(found["Image"]))  # type: ignore[no-untyped-call]  # docker has no types for it
            seen[f"files of {name}"] = b"".join(client.export(name)).decode(errors="replace")
            seen |= {f"volume of {name}": json.dumps(mount) for mount in found["Mounts"]}
    finally:
        client.close()
    return seen


def processes() -> dict[str, str]:
    """The command lines and environments of all processes of this machine that we may see."""
    seen = {}
    for path in [*Path("/proc").glob("[0-9]*/cmdline"), *Path("/proc").glob("[0-9]*/environ")]:
        try:
            seen[str(path)] = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
    return seen
