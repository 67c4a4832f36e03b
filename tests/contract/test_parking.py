"""Containers that wait for their session: renamed, paused, let go on, and ended by their own clock."""

from dataclasses import replace

import anyio
import pytest

from berth.engine.launcher import launch_payload, waiting_command
from berth.errors import EngineError
from tests.contract.world import SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]


async def waiting(world: World) -> str:
    container = await world.engine.create(world.plan(), name=world.name(), command=waiting_command(600))
    await world.engine.start(container)
    await world.says(container, b"ready")
    return container


async def status(world: World, container: str) -> str:
    facts = await world.engine.inspect(container)
    assert facts is not None
    return facts.status


async def test_a_running_container_takes_another_name_and_keeps_its_id(world: World) -> None:
    container, name = await waiting(world), world.name()
    await world.engine.rename(container, name)
    facts = await world.engine.inspect(name)
    assert facts is not None
    assert (facts.id, facts.name, facts.status) == (container, name, "running")


async def test_a_name_that_another_container_has_is_refused(world: World) -> None:
    name = world.name()
    await world.create(name=name)
    with pytest.raises(EngineError) as caught:
        await world.engine.rename(await waiting(world), name)
    assert caught.value.kind == "name-taken", caught.value.message


async def test_renaming_what_is_gone_says_that_it_is_gone(world: World) -> None:
    container = await waiting(world)
    await world.engine.remove(container)
    with pytest.raises(EngineError) as caught:
        await world.engine.rename(container, world.name())
    assert caught.value.kind == "container-gone"


async def test_what_was_started_and_waits_becomes_the_program_later(world: World) -> None:
    container = await waiting(world)
    await world.engine.start(container)  # a second start does nothing
    await world.write(container, launch_payload({}, world.argv("exit-seven")))
    assert await world.printed(container) == (b"out\n", b"err\n")


async def test_a_paused_container_becomes_the_program_once_it_goes_on(world: World) -> None:
    container = await waiting(world)
    await world.engine.pause(container)
    assert await status(world, container) == "paused"
    await world.engine.unpause(container)
    await world.write(container, launch_payload({}, world.argv("exit-seven")))
    assert await world.printed(container) == (b"out\n", b"err\n")


async def test_what_is_not_paused_cannot_go_on(world: World) -> None:
    with pytest.raises(EngineError):
        await world.engine.unpause(await waiting(world))


async def test_what_never_ran_cannot_be_paused(world: World) -> None:
    with pytest.raises(EngineError):
        await world.engine.pause(await world.create())


async def test_a_paused_container_can_be_removed(world: World) -> None:
    container = await waiting(world)
    await world.engine.pause(container)
    await world.engine.remove(container)
    assert await world.engine.inspect(container) is None


async def test_a_container_can_be_made_of_an_images_id(world: World) -> None:
    image = await world.engine.image(world.image)
    assert image is not None
    container = await world.create(replace(world.plan(), image=image.digest))
    await world.engine.start(container)
    await world.write(container, launch_payload({}, world.argv("exit-seven")))
    assert (await world.printed(container))[0] == b"out\n"


@pytest.mark.engine
async def test_a_container_that_waits_too_long_ends_by_itself(real: World) -> None:
    container = await real.engine.create(real.plan(), name=real.name(), command=waiting_command(1))
    await real.engine.start(container)
    if not real.init:
        pytest.skip("without an init a main process cannot be killed from inside")
    with anyio.fail_after(SECONDS):
        facts = await real.engine.wait(container)
    assert facts is not None
    assert facts.status == "exited"


@pytest.mark.engine
async def test_the_clock_of_a_container_stops_when_its_program_begins(real: World) -> None:
    container = await real.engine.create(real.plan(), name=real.name(), command=waiting_command(2))
    await real.engine.start(container)
    script = "sleep 3; for each in /proc/[0-9]*/comm; do read -r name <$each; echo $name; done 2>/dev/null"
    await real.write(container, launch_payload({}, ("/bin/sh", "-c", script)))
    names = (await real.printed(container))[0].decode().split()
    assert "sh" in names
    assert "sleep" not in names
