"""Every end in plain words, each of them real: one sentence that names it, and one fix."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import anyio.to_thread
import docker
import pytest
from docker import DockerClient
from docker.models.containers import Container

from berth.planning.image_plan import ImagePlan
from berth.planning.plan import SessionPlan
from berth.protocol.model import ErrorData
from berth.protocol.session import State
from tests.sessions.on_engine import IMAGE, Ground, begun, docker_client, on_ground, until

pytestmark = [pytest.mark.anyio, pytest.mark.engine]

WAIT = "echo ready; read -r line; "


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with on_ground(tmp_path) as ground:
        yield ground


@pytest.fixture
def outside() -> Iterator[DockerClient]:
    client = docker_client()
    yield client
    client.close()


async def failed(ground: Ground, plan: SessionPlan) -> ErrorData:
    async with begun(ground, plan, State.FAILED) as stage:
        error = stage.session.info.error
        assert error is not None
        assert error.hint
        return error


async def test_out_of_memory_names_the_limit_and_the_setting(ground: Ground) -> None:
    async with begun(ground, ground.plan("exec tail /dev/zero", memory=32 * 2**20), State.FAILED) as stage:
        error, end = stage.session.info.error, stage.session.info.exit
        assert error is not None
        assert end is not None
        assert (error.kind, end.code, end.out_of_memory) == ("out-of-memory", 137, True)
        assert "the container's limit is 32 MiB" in error.message
        assert "berth.docker.resources.memory" in error.hint


async def test_a_child_that_ran_out_of_memory_is_not_how_the_agent_ended(ground: Ground) -> None:
    error = await failed(ground, ground.plan("sh -c 'exec tail /dev/zero'; exit 3", memory=32 * 2**20))
    assert error.kind == "agent-exited"
    assert "exit code 3" in error.message


async def test_a_full_scratch_folder_is_told_by_name(ground: Ground) -> None:
    error = await failed(ground, ground.plan("cp /bin/bash /tmp/copy || exit 1"))
    assert error.kind == "disk-full"
    assert error.message.startswith("The scratch folder /tmp is full: it is in memory and holds 1 MiB")


async def test_a_full_volume_is_told_by_its_place(ground: Ground, outside: DockerClient) -> None:
    plan = ground.with_volume(ground.plan("cp /bin/bash /data/copy || exit 1"), "/data")
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=100k"}
    await anyio.to_thread.run_sync(
        lambda: outside.volumes.create(plan.container.mounts[-1].source, driver_opts=options, labels=ground.labels)
    )
    error = await failed(ground, plan)
    assert error.kind == "disk-full"
    assert error.message == "There is no space left in /data: the engine's disk is full."


@pytest.mark.parametrize(
    ("meddle", "sentence"),
    [
        (lambda it: it.kill("SIGKILL"), "was killed (SIGKILL) from outside"),
        (lambda it: it.stop(timeout=20), "was told to end (SIGTERM) from outside"),
        (lambda it: it.remove(force=True), "was removed from outside"),
    ],
    ids=["killed", "stopped", "removed"],
)
async def test_an_end_from_outside_is_told_as_one(
    ground: Ground, outside: DockerClient, meddle: Callable[[Container], object], sentence: str
) -> None:
    async with begun(ground, ground.plan(WAIT)) as stage:
        container = outside.containers.get(stage.session.info.container or "")
        await anyio.to_thread.run_sync(meddle, container)
        await until(stage, State.FAILED)
        assert stage.session.info.error is not None
        assert sentence in stage.session.info.error.message
        assert "the session" in stage.session.info.error.hint


async def test_a_crash_is_told_by_its_signal_and_the_last_lines(ground: Ground) -> None:
    async with begun(ground, ground.plan("echo one >&2; echo two >&2; kill -SEGV $$"), State.FAILED) as stage:
        error, end = stage.session.info.error, stage.session.info.exit
        assert error is not None
        assert end is not None
        assert "crashed (SIGSEGV). Its last words: two" in error.message
        assert end.last_lines[-2:] == ("one", "two")


async def test_a_complaint_of_the_agents_own_is_repeated(ground: Ground) -> None:
    error = await failed(ground, ground.plan("echo 'the key is wrong' >&2; exit 4"))
    assert error.kind == "agent-exited"
    assert "exit code 4. Its last words: the key is wrong" in error.message


async def test_an_agent_that_is_not_in_the_image_is_named(ground: Ground) -> None:
    plan = ground.plan("")
    error = await failed(ground, replace(plan, agent=replace(plan.agent, argv=("no-such-agent",))))
    assert error.kind == "agent-missing"
    assert "no-such-agent" in error.message


async def test_an_image_that_has_vanished_is_named_when_it_is_needed_again(
    ground: Ground, outside: DockerClient
) -> None:
    name = f"localhost/berth-test-{next(iter(ground.labels.values()))}:1"
    await anyio.to_thread.run_sync(lambda: outside.images.get(IMAGE).tag(name))
    plan = ground.plan(WAIT)
    image = ImagePlan(name, None, "auto", plan.image.reason, pull="never")
    plan = replace(plan, image=image, container=replace(plan.container, image=name))
    async with begun(ground, plan) as stage:
        stage.session.stop()
        await until(stage, State.STOPPED)
        await anyio.to_thread.run_sync(lambda: outside.images.remove(name))
        stage.session.restart()
        await until(stage, State.IDLE)
        stage.session.rebuild(plan, no_cache=False, pull=False)
        await until(stage, State.FAILED)
        assert stage.session.info.error is not None
        assert stage.session.info.error.kind == "image-not-found"
        assert name in stage.session.info.error.message


async def test_a_home_that_has_vanished_with_its_container_is_made_anew(ground: Ground, outside: DockerClient) -> None:
    plan = ground.with_volume(ground.plan(WAIT), "/home/agent")
    async with begun(ground, plan) as stage:
        outside.containers.get(stage.session.info.container or "").remove(force=True)
        await until(stage, State.FAILED)
        outside.volumes.get(plan.container.mounts[-1].source).remove()
        stage.session.rebuild(plan, no_cache=False, pull=False)
        await until(stage, State.IDLE)
        with pytest.raises(docker.errors.APIError):
            outside.volumes.get(plan.container.mounts[-1].source).remove()
