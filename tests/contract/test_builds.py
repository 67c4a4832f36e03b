"""Builds of workspaces' Dockerfiles: every way to build gives the same image and says the same of what went wrong."""

from pathlib import Path

import pytest

from berth.errors import BuildFailed
from tests.contract.building import base_of, build, planned, write
from tests.contract.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]

SHOW = "cd /ctx && echo seen $(find . -type f | sort)"


async def fails(world: World, folder: Path, *lines: str) -> BuildFailed:
    made = planned(world, folder, *lines)
    with pytest.raises(BuildFailed) as caught:
        await build(world, made)
    assert await world.engine.image(made.tag) is None
    return caught.value


async def test_a_failing_command_is_called_by_step_line_status_and_last_words(builder: World, tmp_path: Path) -> None:
    lines = ("# why", f"RUN : {builder.mark} \\", "  && echo one; echo two >&2; exit 3", "RUN true")
    error = await fails(builder, tmp_path, *lines)
    assert (error.kind, error.file, error.line) == ("build-failed", "Dockerfile", 3)
    assert {"one", "two"} <= set(error.log)
    assert "Dockerfile:3" in error.message
    assert "ended with 3" in error.message
    assert error.hint


async def test_a_failing_command_of_a_later_stage_has_that_stages_line(builder: World, tmp_path: Path) -> None:
    base = base_of(builder)
    error = await fails(
        builder, tmp_path, "RUN true", f"FROM {base} AS two", "RUN true", f"RUN : {builder.mark}; exit 4", "RUN true"
    )
    assert (error.line, "ended with 4" in error.message) == (5, True)


async def test_an_instruction_that_no_builder_knows_has_its_line(builder: World, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": f"FROM {base_of(builder)}\n\nNONSENSE x\n"})
    with pytest.raises(BuildFailed, match="Dockerfile:3") as caught:
        await build(builder, recipe_of_unread(builder, tmp_path))
    assert (caught.value.kind, caught.value.line) == ("bad-dockerfile", 3)


async def test_what_only_the_builder_finds_wrong_has_its_line_too(builder: World, tmp_path: Path) -> None:
    error = await fails(builder, tmp_path, "RUN true", "EXPOSE nonsense/x/y")
    assert error.kind == "build-failed"
    assert error.line in (0, 3)


def recipe_of_unread(world: World, folder: Path) -> object:
    """A recipe whose Dockerfile nobody has read yet."""
    from berth.planning.image_plan import BuildRecipe  # noqa: PLC0415

    return BuildRecipe(folder, "Dockerfile", {}, world.tag(), boundary=folder, content="0" * 64)
