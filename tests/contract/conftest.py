"""The engines that the contract is held against; where it is about any program, plain processes too."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import anyio.to_thread
import docker
import docker.errors
import pytest

from berth.engine.docker import DockerEngine
from berth.engine.process.processes import open_processes
from tests.contract.builders import BUILDERS, builder_environment
from tests.contract.podman import missing, podman_service
from tests.contract.scenarios import PROGRAMS
from tests.contract.world import World
from tests.fakes.engine import FakeEngine
from tests.machine import NOT_TESTED

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")

BUILDING = [pytest.param(name, marks=pytest.mark.engine) for name in (*BUILDERS, "podman")]
"""Docker by each of its builders, and Podman."""

REAL = [pytest.param("docker", marks=pytest.mark.engine), pytest.param("podman", marks=pytest.mark.engine)]


@pytest.fixture(scope="session")
def podman() -> Iterator[str]:
    if missing():
        pytest.skip(f"Podman's Docker API was not tested: {missing()}")
    with podman_service(IMAGE) as address:
        yield address


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" in metafunc.fixturenames:
        plain = [] if metafunc.definition.get_closest_marker("containers") else ["process"]
        metafunc.parametrize("world", ["fake", *plain, *REAL], indirect=True)


@pytest.fixture
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """An engine of each kind, or plain processes."""
    if request.param == "process":
        async with open_processes(tmp_path) as processes:
            yield World(processes, "")
        return
    if request.param == "fake":
        async with FakeEngine(PROGRAMS, images=[IMAGE]) as fake:
            yield World(fake, IMAGE)
        return
    async for made in _real(request):
        yield made


@pytest.fixture(params=REAL)
async def real(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A real engine of each kind, for what a fake cannot show."""
    async for made in _real(request):
        yield made


@pytest.fixture(params=BUILDING)
async def builder(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A real engine for each way to build."""
    async for made in _real(request):
        yield made


@pytest.fixture(params=BUILDING[:-1])
async def docker_builder(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Docker for each way to build."""
    async for made in _real(request):
        yield made


@pytest.fixture(params=BUILDING[1:-1])
async def buildkit(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Docker with BuildKit, for what nothing else can do."""
    async for made in _real(request):
        yield made


def remove_images(environment: Mapping[str, str], tags: list[str]) -> None:
    client = docker.DockerClient(environment.get("DOCKER_HOST"), version="auto")
    for tag in tags:
        with contextlib.suppress(docker.errors.NotFound):
            client.images.remove(tag)
    client.close()


async def _real(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "podman":
        environment = {"DOCKER_HOST": request.getfixturevalue("podman")}
    elif request.param in BUILDERS:
        found = builder_environment(request.param, request.getfixturevalue("tmp_path_factory").mktemp("docker-config"))
        if isinstance(found, str):
            pytest.skip(f"{NOT_TESTED}: {found}")
        environment = dict(found)
    else:
        environment = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    engine = DockerEngine(environment)
    init, address = (await engine.about()).init, environment.get("DOCKER_HOST")
    made = World(engine, IMAGE, init=init, engine_name=request.param, address=address)
    try:
        yield made
    finally:
        for container in await engine.containers(made.labels):
            await engine.remove(container.id)
        for volume in made.volumes:
            await engine.remove_volume(volume)
        await anyio.to_thread.run_sync(remove_images, environment, made.tags)
        await engine.aclose()
