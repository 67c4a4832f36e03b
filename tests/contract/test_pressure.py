"""What containers run up against: refused processes, and what is left on the disks of their paths."""

from dataclasses import replace

import anyio
import pytest

from berth.engine.pressure import Pressure
from berth.errors import BerthError
from tests.contract.world import SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]


async def look(world: World, container: str, *paths: str) -> Pressure | None:
    """The first look; None where this engine's containers cannot be seen from here."""
    with anyio.fail_after(SECONDS):
        async with world.engine.pressure(container, paths) as looks:
            async for pressure in looks:
                return pressure
    return None


async def test_what_is_left_on_the_disk_of_a_path_is_told(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    seen = await look(world, container, "/tmp", "/nowhere")
    if world.fake is None:
        assert seen is not None
        assert seen.room["/tmp"].total == 64 * 1024 * 1024
        assert "/nowhere" not in seen.room
    assert seen is not None
    assert 0 < seen.room["/tmp"].free <= seen.room["/tmp"].total


async def test_a_process_that_is_refused_is_counted(world: World) -> None:
    plan = world.plan()
    container = await world.run("crowd", plan=replace(plan, limits=replace(plan.limits, pids=20)))
    with anyio.fail_after(SECONDS):
        async with world.engine.pressure(container, ()) as looks:
            async for pressure in looks:
                if world.fake is not None:
                    world.fake.refused += 1
                if pressure.refused:
                    return
    raise AssertionError


async def test_looking_ends_with_the_container(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    looked = 0
    with anyio.fail_after(SECONDS):
        async with world.engine.pressure(container, ()) as looks:
            async for _ in looks:
                looked += 1
                if looked == 1:
                    await world.engine.signal(container, "SIGKILL")
    assert looked


async def test_a_paused_container_is_looked_at(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    await world.engine.pause(container)
    try:
        assert await look(world, container, "/tmp")
    finally:
        await world.engine.unpause(container)


async def test_what_is_gone_is_not_looked_at(world: World) -> None:
    with pytest.raises(BerthError) as caught:
        await look(world, "0" * 64)
    assert caught.value.kind == "container-gone"
