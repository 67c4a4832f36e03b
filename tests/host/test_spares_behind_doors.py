"""Containers that wait behind a door of their own: shut until a session takes them, and gone with their holder."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.engine.base import ContainerFacts
from berth.errors import EngineError
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.planning.labels import EGRESS_LABEL, LANE_LABEL
from berth.sessions.egress.proxy import Listener
from tests.host.test_host import Editor, House
from tests.host.waiting import (
    came_from_a_spare,
    dies,
    five_hundred_starts,
    spare_house,
    spares_behind_doors,
    until,
    until_waiting,
    up,
    waiting,
)

pytestmark = pytest.mark.anyio

LISTED = "127.0.0.1:1"
"""Nobody listens there: the answer is another one than for what is not let through."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with spare_house(tmp_path) as house:
        house.editor.settings = spares_behind_doors()
        yield house


async def holders(house: House) -> set[str]:
    """The lanes of all holders there are."""
    found = await house.engine.containers({EGRESS_LABEL: "holder"})
    return {facts.labels[LANE_LABEL] for facts in found}


async def one_waits(house: House) -> ContainerFacts:
    """A session is up, and a container waits for the next one."""
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    return spare


async def asked(house: House, container: str, target: str) -> int:
    """The status that the door of a container answers."""
    return await house.engine.egress.ask(house.engine.container(container).plan, target)


async def test_nothing_passes_until_a_session_takes_it_and_then_what_that_one_lists(house: House) -> None:
    house.editor.settings = spares_behind_doors(allow=(LISTED,))
    spare = await one_waits(house)
    assert await asked(house, spare.id, LISTED) == 403
    session = await up(house)
    assert came_from_a_spare(house) == [False, True]
    assert house.host.info(session).container == spare.id
    assert await asked(house, spare.id, LISTED) == 502


async def test_a_list_that_changed_needs_no_new_container(house: House) -> None:
    spare = await one_waits(house)
    house.editor.settings = spares_behind_doors(allow=(LISTED,))
    await up(house)
    assert came_from_a_spare(house) == [False, True]
    assert await asked(house, spare.id, LISTED) == 502


async def test_one_whose_holder_does_not_run_is_not_taken(house: House) -> None:
    spare = await one_waits(house)
    await house.engine.signal(f"berth-holder-{spare.labels[LANE_LABEL]}", "SIGKILL")
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    assert spare.labels[LANE_LABEL] not in await holders(house)


async def test_where_the_rules_cannot_be_given_it_goes_with_its_holder(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = await one_waits(house)
    proxy = next(iter(house.host.ways._proxies.values()))
    give = proxy.set

    async def refuse(order: dict[str, Any], listener: Listener) -> None:
        if order["lane"] == spare.labels[LANE_LABEL]:
            raise EngineError("egress-failed", "No.", "")
        await give(order, listener)

    monkeypatch.setattr(proxy, "set", refuse)
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    assert spare.labels[LANE_LABEL] not in await holders(house)


async def test_the_next_host_removes_what_a_dead_one_left_with_its_holder(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        first.editor.settings = spares_behind_doors()
        spare = await one_waits(first)
        dies(first)
        async with open_host(lambda: first.engine, StateFolder(tmp_path / "state")) as host:
            host.attach(Editor(tmp_path / "workspace"))
            await until(lambda: ("remove", spare.id) in first.engine.calls)
            await until(lambda: not list((tmp_path / "state" / "spares").iterdir()))
        assert spare.labels[LANE_LABEL] not in await holders(first)


async def test_five_hundred_starts_leave_nothing(house: House) -> None:
    most, taken = await five_hundred_starts(house, lambda: holders(house))
    assert most <= 4, "a session's, a spare's, one that is made, and the one kept ready"
    assert taken > 100
    await house.host.spares.clear()
    with anyio.fail_after(20):
        await house.host.ways.aclose()
    assert await holders(house) == set()
    assert house.engine.session_containers() == []
