"""No spare outlives its host for long: not a host that ended, not one that was killed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from berth.errors import EngineError
from berth.host.commands import Commands
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.host.presence import Presence
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.host.test_host import Editor, House
from tests.host.waiting import (
    came_from_a_spare,
    dies,
    five_hundred_starts,
    spare_house,
    spares,
    until,
    until_waiting,
    up,
    waiting,
)

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def another_host(engine: FakeEngine, folder: Path) -> AsyncIterator[House]:
    """A second host of the same user on the same engine."""
    async with open_host(lambda: engine, StateFolder(folder / "state")) as host:
        editor = Editor(folder / "workspace")
        editor.settings = spares()
        host.attach(editor)
        yield House(host, Commands(host), editor, engine)


async def test_a_host_that_ends_leaves_no_spare_and_ends_no_session(tmp_path: Path) -> None:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        (tmp_path / "workspace").mkdir()
        for name in ("sessions", "accounts", "trust"):
            (tmp_path / "state" / name).mkdir(parents=True)
        async with another_host(engine, tmp_path) as house:
            session = await up(house)
            await until_waiting(house.host)
            container = str(house.host.info(session).container)
        assert await waiting(house) == []
        facts = await engine.inspect(container)
        assert facts is not None
        assert facts.status == "running"
        assert list((tmp_path / "state" / "spares").iterdir()) == []


async def test_a_host_that_ends_while_it_makes_one_leaves_none(tmp_path: Path) -> None:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        (tmp_path / "workspace").mkdir()
        for name in ("sessions", "accounts", "trust"):
            (tmp_path / "state" / name).mkdir(parents=True)
        async with another_host(engine, tmp_path) as house:
            await up(house)
            engine.gates["start"] = anyio.Event()
            await until(lambda: engine.calls[-1][0] == "start")
            engine.gates.pop("start").set()
        assert await waiting(house) == []


async def test_the_next_host_removes_what_a_dead_one_left(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        taken = await up(first)
        await until_waiting(first.host)
        [left] = await waiting(first)
        dies(first)
        async with another_host(first.engine, tmp_path):
            await until(lambda: ("remove", left.id) in first.engine.calls)
            await until(lambda: not list((tmp_path / "state" / "spares").iterdir()))
        assert await first.engine.inspect(left.id) is None
        assert await first.engine.inspect(str(first.host.info(taken).container)) is not None


async def test_the_next_host_leaves_what_a_session_of_the_dead_one_had_taken(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        await up(first)
        await until_waiting(first.host)
        session = await up(first)
        await until_waiting(first.host)
        [left] = await waiting(first)
        dies(first)
        async with another_host(first.engine, tmp_path):
            await until(lambda: ("remove", left.id) in first.engine.calls)
        facts = await first.engine.inspect(str(first.host.info(session).container))
        assert facts is not None
        assert facts.status == "running"


async def test_the_next_host_gives_a_session_of_the_dead_one_the_name_that_it_could_not(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        await up(first)
        await until_waiting(first.host)
        first.engine.failures["rename"] = EngineError("engine-unreachable", "No.", "")
        session = await up(first, session="mine")
        container = str(first.host.info(session).container)
        await until_waiting(first.host)
        dies(first)
        del first.engine.failures["rename"]
        async with another_host(first.engine, tmp_path):
            await until(lambda: ("rename", "berth-workspace-mine") in first.engine.calls[-20:])
            await until(lambda: not list((tmp_path / "state" / "spares").iterdir()))
        facts = await first.engine.inspect(container)
        assert facts is not None
        assert (facts.name, facts.status) == ("berth-workspace-mine", "running")


async def test_a_live_hosts_spares_are_nobody_elses_to_remove_or_to_take(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        await up(first)
        await until_waiting(first.host)
        [spare] = await waiting(first)
        async with another_host(first.engine, tmp_path) as second:
            session = await up(second)
            assert second.host.info(session).container != spare.id
            await until_waiting(second.host)
        assert [facts.id for facts in await waiting(first)] == [spare.id]
        await up(first)
        assert came_from_a_spare(first) == [False, True]


async def test_an_engine_that_does_not_answer_leaves_them_for_a_later_host(tmp_path: Path) -> None:
    async with spare_house(tmp_path) as first:
        await up(first)
        await until_waiting(first.host)
        [left] = await waiting(first)
        dies(first)
        first.engine.failures["containers"] = EngineError("engine-unreachable", "No.", "")
        async with another_host(first.engine, tmp_path):
            await until(lambda: first.engine.calls[-1][0] == "containers")
        del first.engine.failures["containers"]
        async with another_host(first.engine, tmp_path):
            await until(lambda: ("remove", left.id) in first.engine.calls)


async def test_five_hundred_starts_leave_nothing(tmp_path: Path) -> None:
    async with spare_house(tmp_path, 2, total=3) as house:
        most, taken = await five_hundred_starts(house, lambda: waiting(house), profiles=(None, "web", "web"))
        assert most <= 3
        assert taken > 100
        await house.host.spares.clear()
        assert await house.engine.containers({"dev.berth": "1"}) == ()


def test_a_host_that_lives_is_not_taken_for_dead(tmp_path: Path) -> None:
    first, second = Presence(tmp_path / "spares"), Presence(tmp_path / "spares")
    first.appear()
    first.appear()
    assert second.dead() == ()
    first.vanish()
    assert second.dead() == ()


def test_a_host_that_was_killed_is_seen_by_all_others(tmp_path: Path) -> None:
    first, second = Presence(tmp_path / "spares"), Presence(tmp_path / "spares")
    first.appear()
    second.appear()
    assert first._descriptor is not None
    os.close(first._descriptor)
    assert second.dead() == (first.host,)
    second.forget(first.host)
    assert second.dead() == ()
    second.vanish()
