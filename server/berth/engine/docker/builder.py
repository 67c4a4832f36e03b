"""Makes images: the classic builder and pulls, on connections of our own so that leaving stops them at once."""

import json
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import BinaryIO

import anyio
import anyio.to_thread

from berth.engine.base import LABEL, BuildStep
from berth.engine.docker.api import Api
from berth.engine.docker.build_context import write_context
from berth.engine.docker.errors import Subject
from berth.engine.docker.progress import BuildProgress, JsonLines, PullProgress
from berth.engine.docker.wire import BrokenStream, Request, Response
from berth.errors import EngineError, ImageError
from berth.planning.image_plan import BuildRecipe

_PIECE = 256 * 1024


async def build(api: Api, recipe: BuildRecipe) -> AsyncGenerator[BuildStep]:
    """Builds with the classic builder; the tag is set by the engine only when everything worked.

    Raises:
        BerthError: ``build-failed`` and what :class:`BuildProgress` knows better.
    """
    with tempfile.TemporaryFile() as context:
        await anyio.to_thread.run_sync(write_context, recipe, context)
        headers = {"Content-Type": "application/x-tar", "Content-Length": str(context.tell())}
        request = Request("POST", "/build", _build_query(recipe), headers, _pieces(context))
        try:
            async with api.request(request, subject=Subject(image=recipe.tag)) as response:
                async for step in _steps(
                    response, BuildProgress(recipe.tag, recipe.arguments), what=f"The build of {recipe.tag}"
                ):
                    yield step
        except EngineError as error:
            # An engine refuses a Dockerfile that it cannot read before the first step.
            raise (_unreadable(recipe, error) if error.kind == "engine-failed" else error) from None


async def pull(api: Api, reference: str, *, headers: Mapping[str, str]) -> AsyncGenerator[BuildStep]:
    """Pulls an image; without a tag or digest, ``latest``.

    Raises:
        BerthError: ``image-not-found``, ``registry-unreachable``, ``disk-full``.
    """
    request = Request("POST", "/images/create", _pull_query(reference), headers)
    async with api.request(request, subject=Subject(image=reference)) as response:
        async for step in _steps(response, PullProgress(reference), what=f"The pull of {reference}"):
            yield step


def _unreadable(recipe: BuildRecipe, error: EngineError) -> ImageError:
    return ImageError("build-failed", f"{recipe.tag} cannot be built: {error.message}", f"Check {recipe.dockerfile}.")


def _build_query(recipe: BuildRecipe) -> dict[str, object]:
    return {
        "t": recipe.tag,
        "dockerfile": recipe.dockerfile,
        "buildargs": json.dumps(dict(recipe.arguments), sort_keys=True),
        "labels": json.dumps({f"{LABEL}.image": recipe.tag}),
        "nocache": int(recipe.no_cache),
        "pull": int(recipe.pull),
        "rm": 1,
        "forcerm": 1,
    }


def _pull_query(reference: str) -> dict[str, str]:
    last = reference.rpartition("/")[2]
    if "@" in last:
        return {"fromImage": reference}
    name, _, tag = last.partition(":")
    return {"fromImage": reference[: len(reference) - len(last)] + name, "tag": tag or "latest"}


async def _steps(response: Response, progress: BuildProgress | PullProgress, *, what: str) -> AsyncGenerator[BuildStep]:
    lines = JsonLines()
    try:
        async for data in response.chunks():
            for report in lines.receive(data):
                for step in progress.receive(report):
                    yield step
    except BrokenStream:
        raise ImageError("build-failed", f"{what} was cut off by the engine.", "Is the engine still running?") from None


def _pieces(context: BinaryIO) -> Iterator[bytes]:
    context.seek(0)
    while piece := context.read(_PIECE):
        yield piece
