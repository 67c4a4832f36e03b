"""Containers that wait behind a door of their own, on the real engine: shut until a session takes them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from berth.engine.base import ContainerFacts
from berth.planning.labels import EGRESS_LABEL, LANE_LABEL
from berth.planning.spares import is_spare
from berth.protocol.container_events import ContainerState, IsolationProved, NetworkBlocked
from berth.settings.scopes import ScopedSection
from tests.egress.field import victim
from tests.egress.test_sessions import answered, begun, house_with, question, respond, say, settings
from tests.engine.real_house import RealHouse
from tests.host.waiting import until_waiting

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(300)]


def with_spares(**network: object) -> ScopedSection:
    given: dict[str, Any] = {**settings(**network).user}
    given["docker"] = {**given["docker"], "spares": {"count": 1}}
    return ScopedSection(user=given, trusted=True)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealHouse]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    async with house_with(with_spares(), tmp_path) as made:
        yield made


async def everything(house: RealHouse) -> list[ContainerFacts]:
    """All containers of this house but its proxy, and but for the holder that is kept ready."""
    mine = {f"berth-holder-{lane}" for ready in house.host.ways._ready.values() for lane, _ in ready}
    found = await house.host.engine.containers({"dev.berth": "1"})
    proxies = {facts.labels.get("dev.berth.proxy") for facts in found if facts.name in mine}
    return [
        facts
        for facts in found
        if (facts.labels.get("dev.berth.workspace") == str(house.workspace))
        or (facts.labels.get("dev.berth.proxy") in proxies and facts.name not in mine)
    ]


async def waited(house: RealHouse) -> str:
    """A session whose container had waited."""
    await begun(house)
    await until_waiting(house.host)
    session = await begun(house)
    made = [event for event in house.editor.bodies(ContainerState) if event.status == "created"]
    assert [bool(event.spare) for event in made] == [False, True]
    return session


async def test_a_session_gets_a_container_that_waited_behind_a_door(house: RealHouse) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        house.editor.settings = with_spares(allow=[target])
        session = await waited(house)
        await say(house, session, target)
        await answered(house, target, 200)
    assert house.editor.bodies(NetworkBlocked) == []
    assert any(
        "no way out but its door" in check for proved in house.editor.bodies(IsolationProved) for check in proved.checks
    )


async def test_the_rules_are_those_of_the_session_that_takes_it_and_not_of_the_one_before(house: RealHouse) -> None:
    with victim() as port:
        target = f"host.docker.internal:{port}"
        house.editor.settings = with_spares(allow=[target])
        await begun(house)
        await until_waiting(house.host)
        house.editor.settings = with_spares()
        session = await begun(house)
        made = [event for event in house.editor.bodies(ContainerState) if event.status == "created"]
        assert [bool(event.spare) for event in made] == [False, True]
        await say(house, session, target)
        await respond(house, session, await question(house, session), "no")
        await answered(house, target, 403)


async def test_one_whose_holder_was_killed_is_not_taken(house: RealHouse) -> None:
    await begun(house)
    await until_waiting(house.host)
    [spare] = [facts for facts in await everything(house) if is_spare(facts.name, facts.labels)]
    await house.host.engine.remove(f"berth-holder-{spare.labels[LANE_LABEL]}")
    await begun(house)
    made = [event for event in house.editor.bodies(ContainerState) if event.status == "created"]
    assert [bool(event.spare) for event in made] == [False, False]
    assert await house.host.engine.inspect(spare.id) is None


async def test_twenty_five_starts_leave_nothing(house: RealHouse) -> None:
    most = 0
    for _ in range(25):
        session = await begun(house)
        await until_waiting(house.host)
        most = max(most, len(await everything(house)))
        await house.host.remove(house.host.session(session))
    assert most <= 4, "a session and a spare, each with its holder"
    await house.host.spares.clear()
    assert [facts.name for facts in await everything(house)] == []


async def test_a_spare_that_goes_takes_its_holder_with_it(house: RealHouse) -> None:
    await begun(house)
    await until_waiting(house.host)
    [spare] = [facts for facts in await everything(house) if is_spare(facts.name, facts.labels)]
    holder = await house.host.engine.inspect(f"berth-holder-{spare.labels[LANE_LABEL]}")
    assert holder is not None
    assert holder.labels[EGRESS_LABEL] == "holder"
    await house.host.spares.clear()
    assert await house.host.engine.inspect(holder.id) is None
