"""Images: built, stopped, failed, pulled."""

import dataclasses
from pathlib import Path

import anyio
import pytest

from berth.engine.base import LABEL, BuildStep
from berth.errors import BerthError, ImageError
from berth.planning.image_plan import BuildRecipe
from tests.contract.building import base_of, build
from tests.contract.world import SECONDS, World

pytestmark = [pytest.mark.anyio, pytest.mark.containers]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept.txt").write_text("kept")
    (tmp_path / "ignored.txt").write_text("ignored")
    (tmp_path / ".dockerignore").write_text("ignored.txt\n")
    return tmp_path


def recipe(world: World, folder: Path, *lines: str) -> BuildRecipe:
    (folder / "Dockerfile").write_text("\n".join(["ARG BASE", "FROM ${BASE}", *lines]) + "\n")
    return BuildRecipe(folder, "Dockerfile", {"BASE": base_of(world)}, world.tag())


async def test_a_build_reports_numbered_steps_and_leaves_its_tag(world: World, folder: Path) -> None:
    made = recipe(world, folder, "RUN echo hello from the build")
    steps = await build(world, made)
    numbered = [(step.current, step.total) for step in steps if step.current and step.log is None]
    assert numbered[-1][0] == numbered[-1][1]
    assert [step for step in steps if step.log]
    assert await world.engine.image(made.tag) is not None


async def test_what_a_step_prints_is_a_log_line_of_that_step(builder: World, folder: Path) -> None:
    steps = await build(builder, recipe(builder, folder, f"RUN echo hello from {builder.mark}"))
    said = [step for step in steps if step.log == f"hello from {builder.mark}"]
    assert [step.step for step in said] == [f"RUN echo hello from {builder.mark}"]


async def test_a_build_sees_its_folder_without_the_ignored_and_with_the_extra_files(
    builder: World, folder: Path
) -> None:
    see = f"RUN : {builder.mark}; cd /ctx && echo found * $(cat ca.crt) $(stat -c %Y kept.txt)"
    made = recipe(builder, folder, "COPY . /ctx/", see)
    extra = folder.parent / f"{folder.name}-extra"
    extra.write_text("certificate")
    made = BuildRecipe(made.context, made.dockerfile, made.arguments, made.tag, extra_files={"ca.crt": extra})
    logs = [step.log for step in await build(builder, made) if step.log]
    assert any(log.startswith("found Dockerfile ca.crt kept.txt certificate 3156") for log in logs), logs


async def test_an_unchanged_build_comes_from_the_cache(builder: World, folder: Path) -> None:
    made = recipe(builder, folder, "COPY kept.txt /kept.txt", "RUN cat /kept.txt")
    await build(builder, made)
    steps = await build(builder, made)
    assert "RUN cat /kept.txt" in [step.step for step in steps if step.cached]


async def test_a_failing_build_shows_the_last_lines_of_its_step_and_leaves_no_tag(builder: World, folder: Path) -> None:
    made = recipe(builder, folder, "RUN echo one; echo two >&2; exit 3")
    with pytest.raises(ImageError) as caught:
        await build(builder, made)
    assert caught.value.kind == "build-failed"
    assert "one" in caught.value.message
    assert "two" in caught.value.message
    assert "RUN echo one" in caught.value.message
    assert await builder.engine.image(made.tag) is None


async def test_a_failing_build_of_the_fake_raises_where_it_was_told_to(folder: Path, world: World) -> None:
    if world.fake is None:
        made = recipe(world, folder, "NONSENSE")
    else:
        made = recipe(world, folder)
        world.fake.build_steps = [BuildStep("FROM", 1, 2), ImageError("build-failed", "no")]
    with pytest.raises(ImageError) as caught:
        await build(world, made)
    assert caught.value.kind == "build-failed"
    assert await world.engine.image(made.tag) is None


async def test_leaving_a_build_stops_it_and_leaves_no_tag_and_no_container(builder: World, folder: Path) -> None:
    made = recipe(builder, folder, "RUN echo begun; sleep 20")
    with anyio.fail_after(SECONDS):
        async with builder.engine.build(made) as steps:
            async for step in steps:
                if step.log == "begun":
                    break
    assert await builder.engine.image(made.tag) is None


async def test_leaving_a_build_early_leaves_no_tag(world: World, folder: Path) -> None:
    made = recipe(world, folder, "RUN sleep 20")
    with anyio.fail_after(SECONDS):
        async with world.engine.build(made) as steps:
            await anext(aiter(steps))
    assert await world.engine.image(made.tag) is None


async def test_a_missing_dockerfile_is_a_failed_build(builder: World, folder: Path) -> None:
    made = BuildRecipe(folder, "Absent.Dockerfile", {}, builder.tag())
    with pytest.raises(ImageError, match=r"Absent\.Dockerfile"):
        await build(builder, made)


async def test_a_base_image_that_is_not_there_is_an_error_of_the_image(builder: World, folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM localhost:1/berth-test-absent:1\n")
    with pytest.raises(ImageError) as caught:
        await build(builder, BuildRecipe(folder, "Dockerfile", {}, builder.tag()))
    assert caught.value.kind in ("image-not-found", "registry-unreachable", "build-failed")


async def test_images_are_found_by_their_labels(world: World, folder: Path) -> None:
    made = dataclasses.replace(recipe(world, folder), labels=world.labels)
    await build(world, made)
    found = await world.engine.images(world.labels)
    assert [image.tags for image in found] == [(made.tag,)]
    assert found[0].created > "20"
    assert await world.engine.images({**world.labels, f"{LABEL}.other": "1"}) == ()


async def test_an_image_that_a_container_uses_stays_and_any_other_goes(world: World, folder: Path) -> None:
    made = dataclasses.replace(recipe(world, folder), labels=world.labels)
    await build(world, made)
    container = await world.create(world.plan(image=made.tag))
    assert await world.engine.remove_image(made.tag) is False
    await world.engine.remove(container)
    assert await world.engine.remove_image(made.tag) is True
    assert await world.engine.image(made.tag) is None
    assert await world.engine.remove_image(made.tag) is True


async def test_a_pull_from_a_registry_that_is_not_there_says_so(real: World) -> None:
    with pytest.raises(BerthError) as caught, anyio.fail_after(SECONDS):
        async with real.engine.pull("localhost:1/berth-test-absent:1") as steps:
            assert not [step async for step in steps]
    assert caught.value.kind == "registry-unreachable"
