"""A container that was started is compared with its plan, by what the engine says and by what the kernel says."""

from dataclasses import replace

import pytest

from berth.planning.plan import Limits, Mount
from tests.contract.world import REASON, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]


async def test_a_container_is_as_it_was_planned(world: World) -> None:
    mount = Mount("volume", world.volume(), "/home/agent", read_only=False, reason=REASON)
    plan = world.plan(mounts=[mount])
    found = await world.engine.confinement(await world.run("wait", plan=plan), plan)
    assert found.differences == ()
    assert found.seen


async def test_another_plan_is_a_difference(world: World) -> None:
    plan = world.plan()
    container = await world.run("wait", plan=plan)
    mount = Mount("volume", "somebody-elses", "/x", read_only=False, reason=REASON)
    for other in (
        replace(plan, user=replace(plan.user, uid=4321)),
        replace(plan, limits=Limits(plan.limits.memory // 2, 1, 128)),
        replace(plan, limits=Limits(plan.limits.memory, 1, 64)),
    ):
        assert (await world.engine.confinement(container, other)).differences
    more = await world.run("wait", plan=replace(plan, mounts=(replace(mount, source=world.volume()),)))
    assert (await world.engine.confinement(more, plan)).differences


async def test_nothing_is_seen_of_a_container_that_is_gone(world: World) -> None:
    found = await world.engine.confinement("0" * 64, world.plan())
    assert (found.differences, dict(found.seen)) == ((), {})


async def test_the_kernel_is_asked_where_the_engine_is_on_this_machine(real: World) -> None:
    plan = real.plan()
    seen = (await real.engine.confinement(await real.run("wait", plan=plan), plan)).seen
    assert (seen["memory"], seen["pids"]) == (str(plan.limits.memory), str(plan.limits.pids))
    assert (seen["capabilities"], seen["noNewPrivileges"]) == ("0000000000000000", "1")
    assert seen["seccomp"] == ("2" if (await real.engine.about()).seccomp else "0")
    assert seen["uid"] in ("1234", "mapped")
