"""An engine that dies or runs full in the middle of a build."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from berth.engine.docker import DockerEngine
from berth.errors import BuildFailed, EngineError
from berth.planning.image_plan import BuildRecipe
from tests.contract.builders import BUILDERS, builder_environment
from tests.contract.building import build, planned
from tests.contract.second_engine import IMAGE, SecondEngine, missing, second_engine
from tests.contract.world import SECONDS, World
from tests.machine import NOT_TESTED

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.containers]

MEBIBYTES = 96


@pytest.fixture(scope="module")
def small() -> Iterator[SecondEngine]:
    """To be filled up."""
    yield from _second()


@pytest.fixture(scope="module")
def mortal() -> Iterator[SecondEngine]:
    """To be killed."""
    yield from _second()


def _second() -> Iterator[SecondEngine]:
    if missing():
        pytest.skip(f"{NOT_TESTED}: {missing()}")
    with second_engine(MEBIBYTES) as engine:
        yield engine


@pytest.fixture(params=BUILDERS)
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What leads to each builder."""
    found = builder_environment(request.param, tmp_path_factory.mktemp("docker-config"))
    if isinstance(found, str):
        pytest.skip(f"{NOT_TESTED}: {found}")
    return found


@asynccontextmanager
async def opened(second: SecondEngine, environment: Mapping[str, str]) -> AsyncIterator[World]:
    engine = DockerEngine({**environment, "DOCKER_HOST": second.address})
    try:
        yield World(engine, IMAGE, address=second.address)
    finally:
        await engine.aclose()


async def test_a_disk_that_fills_up_during_a_build_is_said_as_such(
    environment: Mapping[str, str], small: SecondEngine, tmp_path: Path
) -> None:
    async with opened(small, environment) as world:
        command = f"dd if=/dev/zero of=/filled bs=1048576 count={MEBIBYTES * 2} # {world.mark}"
        made = planned(world, tmp_path, f"RUN {command}")
        with pytest.raises(EngineError, match="Dockerfile:2") as caught:
            await build(world, made)
        assert caught.value.kind == "disk-full"
        assert await world.engine.image(made.tag) is None


async def test_a_context_that_does_not_fit_is_a_full_disk(
    environment: Mapping[str, str], small: SecondEngine, tmp_path: Path
) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(MEBIBYTES * 2 * 1024 * 1024)
    async with opened(small, environment) as world:
        made = planned(world, tmp_path, "COPY huge /huge")
        with pytest.raises(EngineError) as caught:
            await build(world, made)
    assert caught.value.kind == "disk-full"


async def test_an_engine_that_dies_during_a_build_fails_it_and_builds_again_later(
    environment: Mapping[str, str], mortal: SecondEngine, tmp_path: Path
) -> None:
    async with opened(mortal, environment) as world:
        made = planned(world, tmp_path, f"RUN echo begun {world.mark}; sleep 300")
        with pytest.raises(BuildFailed, match="cut off by the engine"):
            await build_and_kill(world, made, mortal)
        await anyio.to_thread.run_sync(mortal.start)
        again = planned(world, tmp_path, f"RUN echo again {world.mark}")
        await build(world, again)
        assert await world.engine.image(made.tag) is None
        assert await world.engine.image(again.tag) is not None


async def build_and_kill(world: World, made: BuildRecipe, mortal: SecondEngine) -> None:
    """Builds, and kills the engine once the step has begun."""
    with anyio.fail_after(SECONDS):
        async with world.engine.build(made) as steps:
            async for step in steps:
                if step.log == f"begun {world.mark}":
                    await anyio.to_thread.run_sync(mortal.kill)
