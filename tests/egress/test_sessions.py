"""Whole sessions that may reach a list, on the real engine: what the agent reaches, and who decides about the rest."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from berth.protocol import commands as wire
from berth.protocol.container_events import IsolationProved, NetworkAllowed, NetworkBlocked
from berth.protocol.session import State
from berth.settings.scopes import ScopedSection
from tests.egress.field import BASE, victim
from tests.engine.real_house import IMAGE, RealHouse, real_house

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(240)]

START = 120.0
"""Seconds. The first start on a machine builds the image."""

SPEAK = """
ask() (
  exec 3<>/dev/tcp/127.0.0.1/19128
  printf 'CONNECT %s HTTP/1.1\\r\\n\\r\\n' "$1" >&3
  IFS= read -r line <&3
  printf 'asked %s: %s\\n' "$1" "${line%?}"
  exec 3>&-
)
while IFS= read -r target; do ask "$target" 2>/dev/null || echo "nobody at the door"; done
"""
"""An agent that asks the door for whatever it is told, and says the answer's first line."""


def settings(**network: object) -> ScopedSection:
    agent = {"command": ["bash", "-c", SPEAK], "dialect": "lines"}
    docker = {"defaultImage": IMAGE, "network": {"mode": "allowlist", **network}}
    return ScopedSection(user={"agent": "asker", "agents": {"asker": agent}, "docker": docker}, trusted=True)


@asynccontextmanager
async def house_with(given: ScopedSection, folder: Path) -> AsyncIterator[RealHouse]:
    """A house whose user has these settings. Nothing of it stays."""
    async with real_house(folder, {}) as made:
        made.editor.environment = {**made.editor.environment, "BERTH_BASE_IMAGE": BASE}
        made.editor.settings = given
        try:
            yield made
        finally:
            with anyio.CancelScope(shield=True):
                await made.clear()


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealHouse]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    async with house_with(settings(), tmp_path) as made:
        yield made


async def begun(house: RealHouse, **fields: Any) -> str:
    session = await house.start(**fields)
    await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
    return session


async def say(house: RealHouse, session: str, target: str) -> None:
    await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text=target))


async def answered(house: RealHouse, target: str, status: int, *, seconds: float = 30) -> None:
    expected = f"asked {target}: HTTP/1.1 {status}"
    await house.editor.until(lambda: expected in house.said(), seconds=seconds)


async def question(house: RealHouse, session: str) -> str:
    await house.editor.until(lambda: house.host.info(session).input_needed, seconds=30)
    [asked] = house.host.info(session).input_needed
    assert asked.purpose == "network"
    return asked.request


async def respond(house: RealHouse, session: str, request: str, option: str) -> None:
    await house.commands.respond(house.editor, wire.RespondArguments(session=session, request=request, option=option))


async def test_what_is_listed_is_reached_and_told_of(house: RealHouse) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        house.editor.settings = settings(allow=[target])
        session = await begun(house)
        await say(house, session, target)
        await answered(house, target, 200)
        assert house.editor.bodies(NetworkBlocked) == []


async def test_what_is_not_listed_waits_for_a_person_who_allows_it(house: RealHouse) -> None:
    session = await begun(house)
    with victim() as port:
        target = f"host.docker.internal:{port}"
        await say(house, session, target)
        await respond(house, session, await question(house, session), "session")
        await answered(house, target, 200)


async def test_a_no_ends_the_request_at_once_and_is_not_asked_again(house: RealHouse) -> None:
    session = await begun(house)
    await say(house, session, "evil.example:443")
    await respond(house, session, await question(house, session), "no")
    await answered(house, "evil.example:443", 403)
    await house.editor.until(lambda: house.editor.bodies(NetworkBlocked), seconds=30)
    [blocked] = house.editor.bodies(NetworkBlocked)
    assert (blocked.host, blocked.port, blocked.why) == ("evil.example", 443, "not-listed")


async def test_always_and_never_are_written_to_the_users_settings(house: RealHouse, tmp_path: Path) -> None:
    session = await begun(house)
    file = tmp_path / "config" / "berth" / "settings.json"
    with victim() as port:
        target = f"host.docker.internal:{port}"
        await say(house, session, target)
        await respond(house, session, await question(house, session), "always")
        await answered(house, target, 200)
        await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=30)
        await say(house, session, "evil.example:443")
        await respond(house, session, await question(house, session), "never")
        await answered(house, "evil.example:443", 403)
    with anyio.fail_after(30):
        while "evil" not in (await to_thread.run_sync(_text, file)):  # noqa: ASYNC110 - a file tells nobody
            await anyio.sleep(0.05)
    written = json.loads(await to_thread.run_sync(_text, file))
    assert written == {"docker": {"network": {"allow": [target], "deny": ["evil.example"]}}}


async def test_what_the_policy_does_not_name_is_not_even_asked_about(house: RealHouse) -> None:
    user = {**settings().user, "policy": {"network": {"hosts": ["*.good.example"]}}}
    house.editor.settings = ScopedSection(user=user, trusted=True)
    session = await begun(house)
    await say(house, session, "evil.example:443")
    await answered(house, "evil.example:443", 403)
    assert house.host.info(session).input_needed == ()
    await say(house, session, "a.good.example:443")
    await respond(house, session, await question(house, session), "no")


async def test_nobody_to_ask_means_refused(house: RealHouse) -> None:
    house.editor.asks = False
    session = await begun(house)
    await say(house, session, "evil.example:443")
    await answered(house, "evil.example:443", 403)
    assert house.host.info(session).input_needed == ()


async def test_a_session_that_is_restarted_has_its_door_again(house: RealHouse) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        house.editor.settings = settings(allow=[target])
        session = await begun(house)
        await house.commands.restart(house.editor, wire.SessionArguments(session=session))
        await house.editor.until(lambda: house.host.info(session).state is State.STARTING, seconds=START)
        await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
        await say(house, session, target)
        await answered(house, target, 200)


async def test_a_proxy_that_was_killed_comes_back_with_its_rules(house: RealHouse) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        house.editor.settings = settings(allow=[target])
        session = await begun(house)
        [proxy] = await house.proxies()
        await house.host.engine.signal(proxy, "SIGKILL")
        for _ in range(100):
            before = len(house.said())
            await say(house, session, target)
            await house.editor.until(lambda: len(house.said()) > before, seconds=30)  # noqa: B023 - awaited right here
            if f"asked {target}: HTTP/1.1 200" in house.said()[before:]:
                return
            await anyio.sleep(0.1)
        raise AssertionError(house.said())


async def test_nothing_of_a_removed_session_stays(house: RealHouse) -> None:
    session = await begun(house)
    container = str(house.host.info(session).container)
    facts = await house.host.engine.inspect(container)
    assert facts is not None
    lane = facts.labels["dev.berth.lane"]
    assert len(await house.host.engine.containers({"dev.berth.lane": lane})) == 2
    await house.host.remove(house.host.session(session))
    assert await house.host.engine.containers({"dev.berth.lane": lane}) == ()


async def test_what_was_tried_is_told_and_stands_in_the_transcript(house: RealHouse) -> None:
    session = await begun(house)
    [proved] = house.editor.bodies(IsolationProved)
    assert {"no capability, and no way to one", "the network has no way out but its door"} <= set(proved.checks)
    record = house.host.session(session).record
    await record.flush()
    assert "Tried before the agent was let go" in await to_thread.run_sync(_text, record.transcript_file)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_reached_hosts_are_an_event_of_their_own() -> None:
    assert NetworkAllowed(host="a.example", port=443).kind == "network.allowed"
