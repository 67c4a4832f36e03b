"""Sessions past their time go by themselves, where the user said how long they are kept."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import anyio
import pytest

from berth.errors import EngineError
from berth.host import expiry
from berth.protocol.commands import StopArguments
from berth.protocol.session import State
from berth.sessions.record import now
from tests.host.test_host import House

pytestmark = pytest.mark.anyio

DAY = 86_400_000


async def ended(house: House, *, days_ago: float) -> str:
    session = await house.start()
    await house.until(session, State.IDLE)
    await house.commands.stop(house.editor, StopArguments(session=session, grace=0))
    await house.until(session, State.STOPPED)
    house.host.session(session).record.update(ended_at=now() - int(days_ago * DAY))
    return session


@pytest.fixture
def kept_for_a_week(own_settings: Path) -> Iterator[None]:
    before = own_settings.read_text()
    own_settings.write_text(json.dumps({**json.loads(before), "docker": {"keepStopped": "7d"}}))
    yield
    own_settings.write_text(before)


@pytest.mark.usefixtures("kept_for_a_week")
async def test_only_what_ended_long_enough_ago_goes(house: House) -> None:
    old, fresh = await ended(house, days_ago=8), await ended(house, days_ago=6)
    gone = await house.host.leftovers.expire()
    assert [item.name for item in gone] == [old]
    assert [session.info.id for session in house.host.sessions()] == [fresh]
    assert house.editor.gone == [old]


async def test_nothing_goes_when_nobody_said_how_long(house: House) -> None:
    session = await ended(house, days_ago=3650)
    assert await house.host.leftovers.expire() == ()
    assert house.host.info(session).state is State.STOPPED


async def test_a_restarted_session_has_not_ended(house: House) -> None:
    session = await ended(house, days_ago=8)
    house.host.session(session).restart()
    await house.until(session, State.IDLE)
    assert house.host.info(session).ended_at is None


async def test_it_is_looked_again_and_an_engine_that_is_away_is_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "FIRST_SECONDS", 0)
    monkeypatch.setattr(expiry, "PERIOD_SECONDS", 0)
    calls: list[int] = []
    enough = anyio.Event()

    async def expire() -> Sequence[object]:
        calls.append(1)
        if len(calls) == 1:
            raise EngineError("engine-unreachable", "No container engine answers.")
        if len(calls) == 3:
            enough.set()
        return calls

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(expiry.expire_for_ever, expire)
            await enough.wait()
            tasks.cancel_scope.cancel()
