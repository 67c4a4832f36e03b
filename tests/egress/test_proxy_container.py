"""The proxy's container: it has the desk's folder where that leads anywhere, and nobody else has."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.planning.plan import ContainerPlan, Mount
from berth.sessions.egress.containers import DESK_FOLDER, holder_plan
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.proxy_container import ProxyContainer
from berth_egress.desk import FOLDER
from tests.fakes.engine import FACTS, FakeEngine

pytestmark = pytest.mark.anyio

IMAGE = "egress"


class Watched(FakeEngine):
    """Keeps what was made."""

    def __init__(self) -> None:
        super().__init__(images=[IMAGE])
        self.made: list[ContainerPlan] = []

    async def create(self, plan: ContainerPlan, *, name: str, command: tuple[str, ...]) -> str:
        made = await super().create(plan, name=name, command=command)
        self.made.append(plan)
        return made

    def binds(self) -> list[Mount]:
        return [mount for plan in self.made for mount in plan.mounts if mount.type == "bind"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with anyio.create_task_group() as tasks:
        yield Desk(tmp_path / "desk", tasks)
        tasks.cancel_scope.cancel()


def container(engine: FakeEngine, desk: Desk) -> ProxyContainer:
    return ProxyContainer(engine, desk, name="proxy", image=IMAGE)


async def test_it_has_the_desk_and_cannot_change_what_is_in_there(desk: Desk) -> None:
    async with Watched() as engine:
        await container(engine, desk).found()
    [mount] = engine.binds()
    assert (mount.source, mount.target, mount.read_only) == (str(await desk.open()), FOLDER, True)


async def test_in_a_virtual_machine_it_needs_none(desk: Desk) -> None:
    async with Watched() as engine:
        engine.facts = replace(FACTS, desktop=True)
        await container(engine, desk).found()
    assert engine.binds() == []


async def test_an_engine_that_does_not_see_the_folder_has_a_proxy_without(desk: Desk) -> None:
    folder = await desk.open()
    assert folder is not None
    await anyio.to_thread.run_sync(shutil.rmtree, folder)
    async with Watched() as engine:
        await container(engine, desk).found()
    assert len(engine.made) == 1
    assert engine.binds() == []


async def test_one_that_is_there_is_taken_and_one_that_has_ended_makes_room(desk: Desk) -> None:
    async with Watched() as engine:
        first = await container(engine, desk).found()
        assert await container(engine, desk).found() == first
        await engine.remove(first)
        assert await container(engine, desk).found() != first


def test_a_holder_has_none() -> None:
    assert {mount.target for mount in holder_plan("proxy", IMAGE, "lane").mounts}.isdisjoint({DESK_FOLDER, FOLDER})
