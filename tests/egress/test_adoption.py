"""Sessions with a list that outlive their host: the next one takes up their way out, or says that it cannot."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import anyio
import pytest

from berth.engine.docker.engine import DockerEngine
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol import commands as wire
from berth.protocol.events import Notice
from berth.protocol.session import State
from berth.sessions.egress.containers import holder_name
from tests.egress.field import BASE, victim
from tests.egress.test_sessions import START, answered, begun, question, respond, say, settings
from tests.engine.real_house import RealHouse

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(240)]

Open = Callable[..., AbstractAsyncContextManager[RealHouse]]


@pytest.fixture
async def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens one host after another in the same state folder. What the last one left is cleared away."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    state = StateFolder(tmp_path / "state")
    for path in (tmp_path / "workspace", state.sessions, state.accounts, state.trust, state.modes):
        path.mkdir(parents=True)

    @asynccontextmanager
    async def opened(*allow: str) -> AsyncIterator[RealHouse]:
        async with open_host(lambda: DockerEngine(os.environ), state) as host:
            house = RealHouse(host, tmp_path, {})
            house.editor.environment = {**house.editor.environment, "BERTH_BASE_IMAGE": BASE}
            house.editor.settings = settings(allow=list(allow))
            yield house

    try:
        yield opened
    finally:
        with anyio.CancelScope(shield=True):
            async with opened() as last:
                await last.host.whole.wait()
                await last.clear()


async def is_taken_up(house: RealHouse, session: str) -> None:
    def idle() -> bool:
        return any(each.info.id == session and each.record.state is State.IDLE for each in house.host.sessions())

    await house.editor.until(idle, seconds=START)
    await house.host.session(session).taken_up()


async def test_an_adopted_session_reaches_its_list_and_a_person_is_asked_again(street: Open) -> None:
    with victim("127.0.0.1") as listed, victim() as other:
        target, unlisted = f"host.docker.internal:{listed}", f"host.docker.internal:{other}"
        async with street(target) as house:
            session = await begun(house)
            await say(house, session, target)
            await answered(house, target, 200)
        async with street(target) as house:
            await is_taken_up(house, session)
            await say(house, session, target)
            await answered(house, target, 200)
            await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=30)
            await say(house, session, unlisted)
            await respond(house, session, await question(house, session), "session")
            await answered(house, unlisted, 200)


async def test_an_adopted_session_that_is_restarted_has_its_door_again(street: Open) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        async with street(target) as house:
            session = await begun(house)
        async with street(target) as house:
            await is_taken_up(house, session)
            await house.commands.restart(house.editor, wire.SessionArguments(session=session))
            await house.editor.until(lambda: house.host.info(session).state is State.STARTING, seconds=START)
            await house.editor.until(lambda: house.host.info(session).state is State.IDLE, seconds=START)
            await say(house, session, target)
            await answered(house, target, 200)


async def test_a_question_of_an_earlier_host_is_closed(street: Open) -> None:
    async with street() as house:
        session = await begun(house)
        await say(house, session, "evil.example:443")
        await question(house, session)
    async with street() as house:
        await house.editor.until(
            lambda: any(each.info.id == session and not each.info.input_needed for each in house.host.sessions()),
            seconds=START,
        )


async def test_a_way_out_that_is_gone_is_told_of_and_nothing_else_takes_its_place(street: Open) -> None:
    async with street() as house:
        session = await begun(house)
        container = str(house.host.info(session).container)
        facts = await house.host.engine.inspect(container)
        assert facts is not None
        await house.host.engine.remove(holder_name(facts.labels["dev.berth.lane"]))
    async with street() as house:
        await is_taken_up(house, session)
        await house.editor.until(lambda: house.editor.bodies(Notice), seconds=30)
        [told] = house.editor.bodies(Notice)
        assert "way to the network is gone" in told.message
        await say(house, session, "evil.example:443")
        await house.editor.until(lambda: "asked evil.example:443" in house.said(), seconds=30)
        assert "HTTP" not in house.said()


async def test_a_removed_session_leaves_nothing_though_another_host_began_it(street: Open) -> None:
    async with street() as house:
        session = await begun(house)
        facts = await house.host.engine.inspect(str(house.host.info(session).container))
        assert facts is not None
        lane = facts.labels["dev.berth.lane"]
    async with street() as house:
        await is_taken_up(house, session)
        await house.host.remove(house.host.session(session))
        assert await house.host.engine.containers({"dev.berth.lane": lane}) == ()
