"""Pulls, on a connection of our own so that leaving stops them at once."""

from collections.abc import AsyncGenerator

import anyio
import anyio.to_thread

from berth.engine.base import BuildStep
from berth.engine.docker.api import Api
from berth.engine.docker.errors import Subject
from berth.engine.docker.progress import JsonLines
from berth.engine.docker.pull_progress import PullProgress
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import ImageError


async def pull(api: Api, reference: str) -> AsyncGenerator[BuildStep]:
    """Pulls an image with the login that the Docker CLI keeps for its registry; without a tag or digest, ``latest``.

    Raises:
        BerthError: ``image-not-found``, ``registry-unreachable``, ``disk-full``.
    """
    headers = await anyio.to_thread.run_sync(_login, reference)
    request = Request("POST", "/images/create", _query(reference), headers)
    progress, reports = PullProgress(reference), JsonLines()
    try:
        async with api.request(request, subject=Subject(image=reference)) as response:
            async for data in response.chunks():
                for report in reports.receive(data):
                    for step in progress.receive(report):
                        yield step
    except BrokenStream:
        message = f"The pull of {reference} was cut off by the engine."
        raise ImageError("build-failed", message, "Is the engine still running?") from None


def _login(reference: str) -> dict[str, str]:
    from berth.engine.docker.client import registry_headers  # noqa: PLC0415 - docker is imported by the first call

    return registry_headers(reference)


def _query(reference: str) -> dict[str, str]:
    last = reference.rpartition("/")[2]
    if "@" in last:
        return {"fromImage": reference}
    name, _, tag = last.partition(":")
    return {"fromImage": reference[: len(reference) - len(last)] + name, "tag": tag or "latest"}
