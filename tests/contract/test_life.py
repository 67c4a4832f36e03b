"""Containers, and processes in their place: made, started, ended, looked at, removed."""

from dataclasses import replace

import anyio
import pytest

from berth.errors import EngineError, ImageError, SettingsError
from berth.planning.plan import Mount
from tests.contract.world import REASON, SECONDS, World

pytestmark = pytest.mark.anyio


async def test_a_program_ends_with_its_own_exit_code(world: World) -> None:
    container = await world.run("exit-seven")
    with anyio.fail_after(SECONDS):
        facts = await world.runner.wait(container)
    assert facts is not None
    assert (facts.status, facts.exit_code, facts.out_of_memory) == ("exited", 7, False)
    assert facts.started_at
    assert facts.finished_at


async def test_what_answers_was_not_away(world: World) -> None:
    await world.create()
    assert not await world.runner.was_away(60)


@pytest.mark.containers
async def test_a_created_container_is_not_running_and_has_its_name_and_labels(world: World) -> None:
    name = world.name()
    facts = await world.engine.inspect(await world.create(name=name))
    assert facts is not None
    assert (facts.status, facts.name, facts.exit_code) == ("created", name, None)
    assert world.labels.items() <= facts.labels.items()


async def test_sigterm_reaches_a_program_that_handles_it(world: World) -> None:
    container = await world.run("trap")
    await world.says(container, b"waiting")
    await world.runner.signal(container, "SIGTERM")
    with anyio.fail_after(SECONDS):
        facts = await world.runner.wait(container)
    assert facts is not None
    assert facts.exit_code == 5
    assert (await world.printed(container))[0] == b"waiting\ncaught\n"


async def test_sigkill_ends_any_program_and_is_not_out_of_memory(world: World) -> None:
    container = await world.run("trap")
    await world.says(container, b"waiting")
    await world.runner.signal(container, "SIGKILL")
    with anyio.fail_after(SECONDS):
        facts = await world.runner.wait(container)
    assert facts is not None
    assert (facts.exit_code, facts.out_of_memory) == (137, False)


async def test_a_signal_to_an_ended_or_unknown_container_is_no_error(world: World) -> None:
    container = await world.run("exit-seven")
    await world.printed(container)
    await world.runner.signal(container, "SIGTERM")
    await world.runner.signal("0" * 64, "SIGINT")


@pytest.mark.containers
async def test_too_much_memory_ends_a_program_as_out_of_memory(world: World) -> None:
    container = await world.run("hungry", plan=world.plan(memory=32 * 1024 * 1024))
    with anyio.fail_after(SECONDS):
        facts = await world.engine.wait(container)
    assert facts is not None
    assert facts.exit_code == 137
    # Podman 4.3 does not tell it with cgroup v1.
    assert facts.out_of_memory or (await world.engine.about()).product == "podman"


@pytest.mark.containers
async def test_a_taken_name_is_said_by_name(world: World) -> None:
    name = world.name()
    await world.create(name=name)
    with pytest.raises(EngineError, match=name) as caught:
        await world.create(name=name)
    assert caught.value.kind == "name-taken"


@pytest.mark.containers
async def test_an_image_that_is_not_there_is_said_by_name(world: World) -> None:
    assert await world.engine.image("berth-test-absent:1") is None
    with pytest.raises(ImageError, match="berth-test-absent:1") as caught:
        await world.create(replace(world.plan(), image="berth-test-absent:1"))
    assert caught.value.kind == "image-not-found"


@pytest.mark.containers
async def test_the_image_that_is_there_tells_its_digest(world: World) -> None:
    facts = await world.engine.image(world.image)
    assert facts is not None
    assert facts.digest.startswith("sha256:")
    assert facts.size > 0


@pytest.mark.containers
async def test_a_mount_source_that_does_not_exist_is_a_bad_mount(world: World) -> None:
    mount = Mount("bind", "/berth-test-absent", "/data", read_only=True, reason=REASON)
    with pytest.raises(SettingsError, match="/berth-test-absent") as caught:
        await world.create(world.plan(mounts=[mount]))
    assert caught.value.kind == "bad-mount"


async def test_what_is_gone_is_none_to_look_at_and_no_error_to_remove(world: World) -> None:
    container = await world.create()
    await world.runner.remove(container)
    await world.runner.remove(container)
    assert await world.runner.inspect(container) is None
    assert await world.runner.wait(container) is None


@pytest.mark.containers
async def test_removing_a_volume_that_is_gone_is_no_error(world: World) -> None:
    await world.engine.remove_volume("berth-test-absent")


async def test_starting_what_is_gone_says_that_it_is_gone(world: World) -> None:
    container = await world.create()
    await world.runner.remove(container)
    with pytest.raises(EngineError) as caught:
        await world.runner.start(container)
    assert caught.value.kind == "container-gone"


async def test_removing_a_running_container_ends_those_who_wait_and_read(world: World) -> None:
    container = await world.run("wait")
    await world.says(container, b"waiting")
    with anyio.fail_after(SECONDS):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(world.printed, container)
            tasks.start_soon(world.runner.wait, container)
            await anyio.wait_all_tasks_blocked()
            await world.runner.remove(container)
    assert await world.runner.inspect(container) is None


@pytest.mark.containers
async def test_containers_are_found_by_all_their_labels_running_or_not(world: World) -> None:
    created, running = await world.create(), await world.run("wait")
    found = await world.engine.containers(world.labels)
    assert {facts.id for facts in found} == {created, running}
    assert await world.engine.containers({**world.labels, "dev.berth.absent": "1"}) == ()


async def test_an_ended_container_can_be_started_again(world: World) -> None:
    container = await world.run("exit-seven")
    await world.printed(container)
    await world.runner.start(container)
    facts = await world.runner.inspect(container)
    assert facts is not None
    assert (facts.status, facts.exit_code) == ("running", None)


@pytest.mark.containers
async def test_a_cancelled_create_is_finished_and_found_by_its_label(world: World) -> None:
    name = world.name()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(world.create, None, name)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    found = await world.engine.containers(world.labels)
    assert [facts.name for facts in found] in ([name], [])
    assert (await world.engine.inspect(name)) is None or found


async def test_a_cancelled_start_is_finished(world: World) -> None:
    container = await world.create()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(world.runner.start, container)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    facts = await world.runner.inspect(container)
    assert facts is not None
    assert facts.status == "running"


@pytest.mark.containers
async def test_the_engine_says_what_it_is(world: World) -> None:
    facts = await world.engine.about()
    assert facts.product in ("docker", "podman")
    assert facts.architecture
    assert facts.memory > 0
    assert facts.cpus > 0
