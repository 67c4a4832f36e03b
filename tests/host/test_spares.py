"""Containers that wait for the next session: when there are some, who gets them, and when they go."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.engine.base import ImageFacts
from berth.engine.docker.render import render
from berth.errors import EngineError
from berth.host import reload as reload_module
from berth.protocol import commands as wire
from berth.protocol.session import State
from berth.protocol.trust import TrustArguments
from tests.host.test_host import SETTINGS, House
from tests.host.test_reload import following
from tests.host.waiting import came_from_a_spare, spare_house, spares, until, until_waiting, up, waiting

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with spare_house(tmp_path) as house:
        yield house


async def test_after_a_start_a_container_waits_and_the_next_session_gets_it(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    session = await up(house)
    assert house.host.info(session).container == spare.id
    assert came_from_a_spare(house) == [False, True]


async def test_a_container_that_was_taken_has_its_sessions_name_and_is_no_spare_any_more(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    session = await up(house, session="mine")
    await until(lambda: ("rename", "berth-workspace-mine") in house.engine.calls)
    facts = await house.engine.inspect(str(house.host.info(session).container))
    assert facts is not None
    assert facts.name == "berth-workspace-mine"
    assert facts.id not in {spare.id for spare in await waiting(house)}


async def test_each_session_has_a_container_of_its_own(house: House) -> None:
    sessions = [await up(house)]
    await until_waiting(house.host)
    sessions += [await house.start(), await house.start()]
    for session in sessions:
        await house.until(session, State.IDLE)
    assert len({house.host.info(session).container for session in sessions}) == 3


async def test_a_spare_is_like_the_container_of_a_session_but_for_name_session_and_host_name(house: House) -> None:
    session = await up(house)
    await until_waiting(house.host)
    first = house.engine.container(str(house.host.info(session).container)).plan
    [spare] = await waiting(house)
    second = house.engine.container(spare.id).plan
    asked_for, asked_ahead = (render(plan, ()) for plan in (first, second))
    differing = {name for name in asked_for if asked_for[name] != asked_ahead[name]}
    assert differing == {"Hostname", "Labels"}
    assert set(first.labels) - set(second.labels) == {"dev.berth.session", "dev.berth.seal"}
    assert set(second.labels) - set(first.labels) == {"dev.berth.spare"}


async def test_a_spare_is_never_made_while_a_session_is_on_its_way_up(house: House) -> None:
    house.engine.gates["start"] = anyio.Event()
    first = await house.start()
    await until(lambda: any(call == "start" for call, _ in house.engine.calls))
    house.engine.gates["create"] = anyio.Event()
    second = await house.start()
    await until(lambda: len(made(house)) == 2)
    house.engine.gates.pop("start").set()
    await house.until(first, State.IDLE)
    await anyio.wait_all_tasks_blocked()
    meanwhile = len(made(house))
    house.engine.gates.pop("create").set()
    assert meanwhile == 2
    await house.until(second, State.IDLE)
    await until_waiting(house.host)
    assert [name.startswith("berth-spare.") for name in made(house)] == [False, False, True]


def made(house: House) -> list[str]:
    """The names of all containers that were asked for."""
    return [name for call, name in house.engine.calls if call == "create"]


async def test_without_a_count_none_waits(house: House) -> None:
    house.editor.settings = spares(0)
    await up(house)
    await anyio.wait_all_tasks_blocked()
    assert await waiting(house) == []


async def test_several_wait_where_several_are_asked_for(house: House) -> None:
    house.editor.settings = spares(2)
    await up(house)
    await until_waiting(house.host, 2)
    assert len(await waiting(house)) == 2


async def test_where_each_session_has_its_own_home_none_waits(house: House) -> None:
    docker: Any = SETTINGS["docker"]
    house.editor.settings = {**SETTINGS, "docker": {**docker, "login": "none", "spares": {"count": 1}}}
    await up(house)
    await anyio.wait_all_tasks_blocked()
    assert await waiting(house) == []


async def test_a_failed_start_leaves_no_spare(house: House) -> None:
    house.engine.failures["start"] = EngineError("engine-failed", "No.", "")
    session = await house.start()
    await house.until(session, State.FAILED)
    await anyio.wait_all_tasks_blocked()
    assert await waiting(house) == []


async def test_the_oldest_of_another_profile_makes_room(house: House) -> None:
    house.editor.settings = spares(1, total=2)
    for profile in (None, "web"):
        await up(house, profile=profile)
    await until_waiting(house.host, 2)
    oldest = (await waiting(house))[0].id
    await up(house, profile="third")
    await until(lambda: ("remove", oldest) in house.engine.calls)
    await until_waiting(house.host, 2)
    assert len(await waiting(house)) == 2


async def test_a_profile_gets_no_other_profiles_spare(house: House) -> None:
    await up(house, profile="web")
    await until_waiting(house.host)
    await up(house)
    assert came_from_a_spare(house) == [False, False]


async def test_other_settings_get_a_new_container_and_the_old_spare_goes(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    [old] = await waiting(house)
    changed = spares()
    house.editor.settings = {**changed, "docker": {**changed["docker"], "resources": {"memory": "1g"}}}
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    await until(lambda: ("remove", old.id) in house.engine.calls)
    await until_waiting(house.host)
    [new] = await waiting(house)
    assert house.engine.container(new.id).plan.limits.memory == 2**30


async def test_settings_that_change_take_the_spare_away_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload_module, "COALESCE_SECONDS", 0.01)
    async with following(house) as reload:
        await up(house)
        await until_waiting(house.host)
        changed = spares()
        house.editor.settings = {**changed, "docker": {**changed["docker"], "resources": {"memory": "1g"}}}
        reload.settings_changed()
        await until_waiting(house.host, 0)


async def test_another_image_under_the_same_name_gets_a_new_container(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    digest = "sha256:" + "9" * 64
    house.engine.described["berth-test"] = ImageFacts(digest, "amd64", "", (), (), {}, 1, tags=("berth-test",))
    session = await up(house)
    assert came_from_a_spare(house) == [False, False]
    assert house.host.info(session).state is State.IDLE


async def test_a_workspace_that_was_made_anew_gets_a_new_container(house: House, tmp_path: Path) -> None:
    await up(house)
    await until_waiting(house.host)
    house.editor.folder.rename(tmp_path / "elsewhere")
    house.editor.folder.mkdir()
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    shutil.rmtree(tmp_path / "elsewhere")


async def test_a_mount_point_that_was_made_anew_gets_a_new_container(house: House, tmp_path: Path) -> None:
    over, docker = house.editor.folder / "cache", spares()["docker"]
    over.mkdir()
    volumes = {"profiles": {"web": {"volumes": [f"cache:{over}"]}}}
    house.editor.settings = {**spares(), "docker": {**docker, **volumes}}
    await up(house, profile="web")
    await until_waiting(house.host)
    over.rename(tmp_path / "old")
    over.mkdir()
    await up(house, profile="web")
    assert came_from_a_spare(house) == [False, False]


async def test_a_spare_that_was_killed_from_outside_is_no_error(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    await house.engine.signal(spare.id, "SIGKILL")
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    assert await house.engine.inspect(spare.id) is None


async def test_a_spare_that_cannot_be_renamed_is_taken_and_renamed_later(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    house.engine.failures["rename"] = EngineError("engine-failed", "No.", "")
    session = await up(house, session="mine")
    assert came_from_a_spare(house) == [False, True]
    await until_waiting(house.host)
    del house.engine.failures["rename"]
    await up(house)
    container = house.engine.container(str(house.host.info(session).container))
    await until(lambda: container.name == "berth-workspace-mine")


async def test_no_start_waits_for_the_new_name(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    house.engine.gates["rename"] = anyio.Event()
    await up(house)
    assert came_from_a_spare(house) == [False, True]
    house.engine.gates.pop("rename").set()


async def test_a_spare_that_is_not_confined_as_planned_is_not_taken(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    container = house.engine.container(spare.id)
    container.plan = replace(container.plan, limits=replace(container.plan.limits, memory=1))
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    assert await house.engine.inspect(spare.id) is None


async def test_a_spare_that_cannot_be_made_harms_nobody(house: House) -> None:
    session = await up(house)
    house.engine.failures["create"] = EngineError("disk-full", "No.", "")
    await until(lambda: any(call == "remove" for call, _ in house.engine.calls))
    assert house.host.info(session).state is State.IDLE
    assert await waiting(house) == []


async def test_a_start_that_is_cancelled_while_it_takes_a_spare_leaves_none_behind(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    house.engine.gates["confinement"] = anyio.Event()
    session = await house.start()
    await until(lambda: ("confinement", spare.id) in house.engine.calls)
    await house.commands.stop(house.editor, wire.StopArguments(session=session))
    await house.editor.until(lambda: house.host.info(session).state is State.STOPPED)
    assert await house.engine.inspect(spare.id) is None


async def test_paused_spares_go_on_when_they_are_taken(house: House) -> None:
    house.editor.settings = spares(1, paused=True)
    await up(house)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    assert spare.status == "paused"
    await up(house)
    assert came_from_a_spare(house) == [False, True]


async def test_a_rebuild_and_a_restart_work_with_a_container_that_had_waited(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    session = await up(house)
    taken = house.host.info(session).container
    await house.commands.restart(house.editor, wire.SessionArguments(session=session))
    await house.editor.until(lambda: house.host.info(session).state is State.STARTING)
    await house.until(session, State.IDLE)
    assert house.host.info(session).container == taken
    await until_waiting(house.host)
    await house.commands.rebuild(house.editor, wire.RebuildArguments(session=session))
    await house.editor.until(lambda: house.host.info(session).container not in (None, taken))
    await house.until(session, State.IDLE)


@pytest.fixture
def asking(own_settings: Path) -> Iterator[None]:
    """A user who is asked about what workspaces want."""
    before = own_settings.read_text()
    own_settings.write_text("{}")
    yield
    own_settings.write_text(before)


@pytest.mark.usefixtures("asking")
async def test_nobody_gets_a_spare_before_the_yes(house: House) -> None:
    first = await house.start()
    await allowed(house, first)
    await until_waiting(house.host)
    [spare] = await waiting(house)
    await house.commands.trust(house.editor, TrustArguments(workspace_folder=str(house.editor.folder), revoke="all"))
    second = await house.start()
    await house.until(second, State.WAITING)
    assert not any(call == "rename" for call, _ in house.engine.calls)
    assert [facts.id for facts in await waiting(house)] == [spare.id]
    await allowed(house, second)
    assert house.host.info(second).container == spare.id


@pytest.mark.usefixtures("asking")
async def test_a_yes_for_one_session_makes_nothing_for_the_next(house: House) -> None:
    await allowed(house, await house.start(), option="once")
    await anyio.wait_all_tasks_blocked()
    second = await house.start()
    await allowed(house, second, option="always")
    await until_waiting(house.host)
    assert [name.startswith("berth-spare.") for name in made(house)] == [False, False, True]


async def allowed(house: House, session: str, option: str = "always") -> None:
    """Says yes to the session's question, and waits until its agent is up."""
    await house.until(session, State.WAITING)
    request = house.host.info(session).input_needed[0].request
    respond = wire.RespondArguments(session=session, request=request, option=option)
    await house.commands.respond(house.editor, respond)
    await house.until(session, State.IDLE)


async def test_one_that_waited_long_enough_goes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = house.host.spares.made

    def soon(plan: Any, taken: Any) -> None:
        noted(replace(plan, spares=replace(plan.spares, expire_after=0.2)), taken)

    monkeypatch.setattr(house.host.spares, "made", soon)
    await up(house)
    await until(lambda: any(name.startswith("berth-spare.") for name in made(house)))
    await until_waiting(house.host, 0)
    assert await waiting(house) == []


async def test_the_doctor_tells_how_many_wait(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    found = await house.commands.doctor(house.editor, wire.NoArguments())
    [check] = [check for check in found.checks if check.name == "containers"]
    assert check.message == "2 containers of Berth, 2 running, 1 of all waiting for a session."


async def test_where_none_is_wanted_any_more_the_one_that_waits_goes(house: House) -> None:
    await up(house)
    await until_waiting(house.host)
    house.editor.settings = spares(0)
    await up(house)
    assert came_from_a_spare(house) == [False, False]
    await until_waiting(house.host, 0)
