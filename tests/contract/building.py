"""Small workspaces with Dockerfiles, and builds of them."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio

from berth.builds.contents import Wish, contents_of
from berth.engine.base import BuildStep
from berth.planning.image_plan import BuildRecipe
from tests.contract.world import SECONDS, World


def base_of(world: World) -> str:
    """The test image as a Dockerfile has to call it."""
    return f"localhost/{world.image}" if world.engine_name == "podman" else world.image


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def planned(world: World, folder: Path, *lines: str, **more: Any) -> BuildRecipe:
    """A recipe for a workspace whose Dockerfile has these lines after its ``FROM``, as planning makes them."""
    write(folder, {"Dockerfile": "\n".join([f"FROM {base_of(world)}", *lines]) + "\n"})
    return recipe_of(world, folder, **more)


def recipe_of(world: World, folder: Path, *, dockerfile: str = "Dockerfile", **more: Any) -> BuildRecipe:
    made = BuildRecipe(folder, dockerfile, {}, world.tag(), boundary=folder)
    return with_content(dataclasses.replace(made, **more))


def with_content(made: BuildRecipe) -> BuildRecipe:
    """With the digest of what is there now."""
    assert made.boundary is not None
    wish = Wish(made.boundary, made.context, made.boundary / made.dockerfile, made.arguments, made.target)
    return dataclasses.replace(made, content=contents_of(wish).digest)


async def build(world: World, recipe: BuildRecipe) -> list[BuildStep]:
    with anyio.fail_after(SECONDS):
        async with world.engine.build(recipe) as steps:
            return [step async for step in steps]


def logs(steps: list[BuildStep]) -> str:
    """All that steps printed."""
    return "\n".join(step.log for step in steps if step.log is not None)
