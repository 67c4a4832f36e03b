"""The engine's classic builder, on a connection of our own so that leaving stops it at once. Podman's as well."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from berth.engine.base import LABEL, BuildStep
from berth.engine.docker.api import Api
from berth.engine.docker.build_failure import cut_off
from berth.engine.docker.errors import Subject
from berth.engine.docker.pieces import in_threads
from berth.engine.docker.progress import BuildProgress, JsonLines
from berth.engine.docker.shipment import Shipment
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import BuildFailed, EngineError
from berth.planning.image_plan import BuildRecipe

INSTALL = "Install BuildKit's client, Docker's buildx plugin (the package docker-buildx or docker-buildx-plugin)."


def refuse_modern(recipe: BuildRecipe, shipment: Shipment, *, product: str) -> None:
    """Refuses what only BuildKit can do, before anything is sent. Podman's builder knows the newer instructions.

    Raises:
        BuildFailed: ``build-failed``.
    """
    asked = {
        "secret mounts": bool(recipe.secrets),
        "the ssh agent during a build": recipe.ssh,
        "cache-to": bool(recipe.cache_to),
        "cache-from with type=": any("type=" in source for source in recipe.cache_from),
    }
    hint = INSTALL if product == "docker" else "Build with Docker, or leave it out of the profile's build."
    for what in (name for name, is_asked in asked.items() if is_asked):
        message = f"The build of {recipe.tag} asks for {what}, which only BuildKit has, and there is no BuildKit here."
        raise BuildFailed("build-failed", message, hint)
    if product == "docker" and shipment.modern:
        line, feature = shipment.modern[0]
        file = shipment.lines.file
        message = f"{file}:{line} uses {feature}, which only BuildKit can build, and there is no BuildKit here."
        raise BuildFailed("build-failed", message, hint, file=file, line=line)


async def build(api: Api, recipe: BuildRecipe, shipment: Shipment) -> AsyncGenerator[BuildStep]:
    """Builds; the tag is set by the engine only when everything worked.

    Raises:
        BerthError: ``build-failed`` and what :class:`BuildProgress` knows better.
    """
    progress = BuildProgress(recipe.tag, shipment.lines, recipe.arguments, own=len(labels(recipe)))
    async with aclosing(in_threads(shipment.classic())) as context:
        headers = {"Content-Type": "application/x-tar"}
        request = Request("POST", "/build", _query(recipe, shipment), headers, stream=context)
        reports = JsonLines()
        try:
            async with api.request(request, subject=Subject(image=recipe.tag)) as response:
                async for data in response.chunks():
                    for report in reports.receive(data):
                        for step in progress.receive(report):
                            yield step
        except BrokenStream:
            raise cut_off(f"The build of {recipe.tag}") from None
        except EngineError as error:
            # An engine refuses a Dockerfile that it cannot read before the first step.
            raise (progress.failed(error.message) if error.kind == "engine-failed" else error) from None


def _query(recipe: BuildRecipe, shipment: Shipment) -> dict[str, object]:
    query: dict[str, object] = {
        "t": recipe.tag,
        "dockerfile": shipment.dockerfile,
        "buildargs": json.dumps(dict(recipe.arguments), sort_keys=True),
        "labels": json.dumps(labels(recipe), sort_keys=True),
        "nocache": int(recipe.no_cache),
        "pull": int(is_pulled(recipe)),
        "rm": 1,
        "forcerm": 1,
    }
    if recipe.target:
        query["target"] = recipe.target
    if recipe.platform:
        query["platform"] = recipe.platform
    if recipe.cache_from:
        query["cachefrom"] = json.dumps(list(recipe.cache_from))
    return query


def labels(recipe: BuildRecipe) -> dict[str, str]:
    """What the image is labelled with."""
    return {**recipe.labels, f"{LABEL}.image": recipe.tag}


def is_pulled(recipe: BuildRecipe) -> bool:
    """Whether bases are asked for at their registries. What an overlay lies on is there, and may be in no registry."""
    return recipe.pull and not recipe.overlay
