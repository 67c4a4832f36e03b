"""Builds that fail, are refused or are stopped: one sentence with its line, and nothing is left behind."""

import contextlib
import time
from pathlib import Path

import anyio
import anyio.to_thread
import docker
import pytest

from berth.errors import BuildFailed, ImageError
from berth.planning.image_plan import BuildRecipe
from tests.contract.building import base_of, build, planned, recipe_of, write
from tests.contract.world import SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

GONE_SECONDS = 2.0


async def failure(world: World, made: BuildRecipe) -> ImageError:
    """What a build fails with; it leaves no tag."""
    with pytest.raises(ImageError) as caught:
        await build(world, made)
    assert await world.engine.image(made.tag) is None
    return caught.value


async def test_a_failing_command_has_step_line_status_and_last_words(builder: World, tmp_path: Path) -> None:
    lines = ("# why", f"RUN : {builder.mark} \\", "  && echo one; echo two >&2; exit 3", "RUN true")
    error = await failure(builder, planned(builder, tmp_path, *lines))
    assert isinstance(error, BuildFailed)
    assert (error.kind, error.file, error.line) == ("build-failed", "Dockerfile", 3)
    assert {"one", "two"} <= set(error.log)
    assert "(Dockerfile:3): its command ended with 3." in error.message
    assert error.hint


async def test_a_failing_command_of_a_later_stage_has_that_stages_line(builder: World, tmp_path: Path) -> None:
    lines = ("RUN true", f"FROM {base_of(builder)}", "COPY --from=0 /etc/hostname /h", "RUN true", "RUN exit 4")
    error = await failure(builder, planned(builder, tmp_path, *lines))
    assert isinstance(error, BuildFailed)
    assert (error.line, "ended with 4" in error.message) == (6, True)


async def test_lines_of_an_overlay_are_those_of_the_persons_file(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {".berth/Dockerfile": f"# escape=`\n# mine\nRUN : {builder.mark} `\n  ; exit 5\n"})
    made = recipe_of(builder, tmp_path, dockerfile=".berth/Dockerfile", overlay=base_of(builder))
    error = await failure(builder, made)
    assert isinstance(error, BuildFailed)
    assert (error.file, error.line) == (".berth/Dockerfile", 3)


async def test_an_unknown_instruction_is_found_before_anything_is_sent(builder: World, tmp_path: Path) -> None:
    made = planned(builder, tmp_path)
    write(tmp_path, {"Dockerfile": f"FROM {base_of(builder)}\n\nNONSENSE x\n"})
    error = await failure(builder, made)
    assert isinstance(error, BuildFailed)
    assert (error.kind, error.file, error.line) == ("bad-dockerfile", "Dockerfile", 3)


async def test_what_the_builder_finds_wrong_in_a_dockerfile_has_its_line(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": f"FROM {base_of(builder)}\n\nNONSENSE x\n"})
    error = await failure(builder, BuildRecipe(tmp_path, "Dockerfile", {}, builder.tag()))
    assert isinstance(error, BuildFailed)
    assert error.kind == "build-failed"
    assert "NONSENSE" in error.message
    assert error.line == 3


async def test_a_source_that_is_missing_is_found_before_anything_is_sent(builder: World, tmp_path: Path) -> None:
    made = planned(builder, tmp_path)
    write(tmp_path, {"Dockerfile": f"FROM {base_of(builder)}\nRUN true\nCOPY missing /\n"})
    error = await failure(builder, made)
    assert isinstance(error, BuildFailed)
    assert (error.kind, error.line) == ("bad-context", 3)


async def test_a_source_that_the_builder_misses_has_its_line(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": f"FROM {base_of(builder)}\nRUN true\nCOPY missing /\n"})
    error = await failure(builder, BuildRecipe(tmp_path, "Dockerfile", {}, builder.tag()))
    assert isinstance(error, BuildFailed)
    assert error.kind == "build-failed"
    assert "missing" in error.message
    assert error.line == 3


async def test_a_base_image_out_of_reach_is_named_with_its_line(builder: World, tmp_path: Path) -> None:
    made = planned(
        builder, tmp_path, "RUN true", "FROM localhost:1/berth-test-absent:1 AS two", "COPY --from=0 /etc/hostname /"
    )
    error = await failure(builder, made)
    assert isinstance(error, BuildFailed)
    assert (error.kind, error.line) == ("registry-unreachable", 3)
    assert "Dockerfile:3 needs localhost:1/berth-test-absent:1" in error.message


async def test_a_dockerfile_that_leads_out_of_the_workspace_is_refused(builder: World, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"Dockerfile": f"FROM {base_of(builder)}\n"}) / "Dockerfile"
    made = planned(builder, write(tmp_path / "inside", {}))
    (tmp_path / "inside" / "Dockerfile").unlink()
    (tmp_path / "inside" / "Dockerfile").symlink_to(outside)
    error = await failure(builder, made)
    assert error.kind == "bad-dockerfile"
    assert "outside" in error.message


async def test_another_context_than_was_planned_is_not_built(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"one.txt": "one"})
    made = planned(builder, tmp_path, "COPY one.txt /")
    write(tmp_path, {"one.txt": "two"})
    assert (await failure(builder, made)).kind == "context-changed"


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"secrets": {"key": Path("/dev/null")}}, "secret"),
        ({"ssh": True}, "ssh"),
        ({"cache_to": ("type=inline",)}, "cache-to"),
        ({"cache_from": ("type=local,src=/nowhere",)}, "cache-from"),
    ],
)
async def test_what_only_buildkit_can_do_is_refused_elsewhere(
    builder: World, tmp_path: Path, asked: dict[str, object], what: str
) -> None:
    if builder.engine_name not in ("classic", "podman"):
        return
    error = await failure(builder, planned(builder, tmp_path, **asked))
    assert what in error.message
    assert "BuildKit" in error.message


async def test_instructions_of_buildkits_own_are_refused_with_their_line(docker_builder: World, tmp_path: Path) -> None:
    made = planned(docker_builder, tmp_path, "RUN true", "RUN --mount=type=cache,target=/c true")
    if docker_builder.engine_name != "classic":
        await build(docker_builder, made)
        return
    error = await failure(docker_builder, made)
    assert isinstance(error, BuildFailed)
    assert (error.line, "buildx" in error.hint) == (3, True)


async def test_leaving_a_build_ends_what_it_runs_in_the_engine(docker_builder: World, tmp_path: Path) -> None:
    mark = f"3{int(docker_builder.mark, 16)}"
    made = planned(docker_builder, tmp_path, f"RUN echo begun; exec sleep {mark}")
    with anyio.fail_after(SECONDS):
        async with docker_builder.engine.build(made) as steps:
            async for step in steps:
                if step.log == "begun":
                    break
            await until_running(mark)
    await until_gone(mark)
    await anyio.to_thread.run_sync(no_container_is_left, docker_builder.address, mark)
    assert await docker_builder.engine.image(made.tag) is None


async def test_a_cancelled_build_ends_at_once(docker_builder: World, tmp_path: Path) -> None:
    mark = f"3{int(docker_builder.mark, 16)}"
    made = planned(docker_builder, tmp_path, f"RUN exec sleep {mark}")
    with anyio.fail_after(SECONDS):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(build, docker_builder, made)
            await until_running(mark)
            tasks.cancel_scope.cancel()
    await until_gone(mark)


async def until_running(mark: str) -> None:
    while not running(mark):  # noqa: ASYNC110 - nothing tells when a process of the engine's begins
        await anyio.sleep(0.05)


async def until_gone(mark: str) -> None:
    with anyio.fail_after(GONE_SECONDS):
        while running(mark):  # noqa: ASYNC110 - nor when it ends
            await anyio.sleep(0.05)


def no_container_is_left(address: str | None, mark: str) -> None:
    """Waits for the engine to have removed the container of a step."""
    end = time.monotonic() + SECONDS
    with contextlib.closing(docker.APIClient(address, version="auto")) as client:
        while any(mark in container["Command"] for container in client.containers(all=True)):
            assert time.monotonic() < end
            time.sleep(0.05)


def running(mark: str) -> bool:
    """Whether a process of this machine sleeps for so long; engines of the tests run here."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cmdline").read_bytes() == f"sleep\0{mark}\0".encode():
                return True
        except OSError:
            continue
    return False
