"""What containers use, other limits for those that run, and what is on the engine's disk."""

from dataclasses import replace

import anyio
import pytest

from berth.engine.base import LABEL
from berth.engine.housekeeping import NewLimits, Usage
from berth.errors import BerthError
from berth.planning.plan import Mount
from tests.contract.world import REASON, SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

MIB = 2**20


async def measure(world: World, container: str, count: int = 1) -> list[Usage]:
    found: list[Usage] = []
    with anyio.fail_after(SECONDS):
        async with world.engine.usage(container) as usages:
            async for usage in usages:
                found.append(usage)
                if len(found) == count:
                    break
    return found


async def test_a_running_container_is_measured(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    usage = (await measure(world, container, 2))[-1]
    assert usage.memory is not None
    assert usage.memory > 0
    assert usage.memory_limit == 256 * MIB
    assert usage.pids is not None
    assert usage.pids >= 1
    assert usage.cpu is not None
    assert 0 <= usage.cpu < 10_000


async def test_measuring_ends_with_the_container(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    ended = False
    with anyio.fail_after(SECONDS):
        async with world.engine.usage(container) as usages:
            async for _ in usages:
                if not ended:
                    await world.engine.signal(container, "SIGKILL")
                    ended = True
    assert ended


async def test_what_is_gone_is_not_measured(world: World) -> None:
    with pytest.raises(BerthError) as caught:
        await measure(world, "0" * 64)
    assert caught.value.kind == "container-gone"


async def test_limits_change_while_it_runs(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    if (await world.engine.about()).product == "podman":
        with pytest.raises(BerthError) as caught:
            await world.engine.set_limits(container, NewLimits(memory=128 * MIB))
        assert caught.value.kind == "unsupported"
        return
    await world.engine.set_limits(container, NewLimits(memory=128 * MIB, cpus=0.5, pids=64))
    assert (await measure(world, container))[0].memory_limit == 128 * MIB
    await world.engine.set_limits(container, NewLimits(memory=512 * MIB))
    assert (await measure(world, container))[0].memory_limit == 512 * MIB


async def test_limits_of_what_is_gone_cannot_be_changed(world: World) -> None:
    with pytest.raises(BerthError) as caught:
        await world.engine.set_limits("0" * 64, NewLimits(pids=64))
    assert caught.value.kind in ("container-gone", "unsupported")


async def test_volumes_are_found_by_their_labels_and_no_session_is_among_them(world: World) -> None:
    name, plan = world.volume(), world.plan()
    mount = Mount("volume", name, "/home/agent", read_only=False, reason=REASON)
    await world.create(replace(plan, mounts=(mount,), labels={**plan.labels, f"{LABEL}.session": "s1"}))
    [found] = await world.engine.named_volumes(world.labels)
    assert found.name == name
    assert found.created
    assert found.labels[f"{LABEL}.volume"] == "/home/agent"
    assert f"{LABEL}.session" not in found.labels
    assert name in [each.name for each in await world.engine.named_volumes({f"{LABEL}.test": ""})]
    assert await world.engine.named_volumes({f"{LABEL}.test": "another"}) == ()


async def test_the_disk_knows_containers_images_and_who_uses_a_volume(world: World) -> None:
    name = world.volume()
    mount = Mount("volume", name, "/home/agent", read_only=False, reason=REASON)
    container = await world.create(world.plan(mounts=[mount]))
    disk = await world.engine.disk()
    image = await world.engine.image(world.image)
    assert image is not None
    assert image.digest in disk.images
    assert container in disk.containers
    assert disk.volumes[name].users in (1, None)
    assert disk.layers >= 0
    await world.engine.remove(container)
    assert (await world.engine.disk()).volumes[name].users in (0, None)


async def test_a_container_tells_when_it_was_made(world: World) -> None:
    facts = await world.engine.inspect(await world.create())
    assert facts is not None
    assert facts.created_at.startswith("20")
