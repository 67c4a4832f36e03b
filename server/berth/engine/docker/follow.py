"""Follows a container's log across cut connections, and knows when all of it was read."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import anyio

from berth.engine.base import ContainerFacts, Output
from berth.engine.docker.api import Api
from berth.engine.docker.cursor import parse_cursor
from berth.engine.docker.errors import Subject
from berth.engine.docker.log_reader import LogReader
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import BerthError

RETRY_SECONDS = 0.05
"""Between two tries; also how often a container that was not started yet is looked at."""

PATIENCE_SECONDS = 30.0
"""How long an engine that went away is tried again: a restart of dockerd takes a few seconds."""

Inspect = Callable[[str], Awaitable[ContainerFacts | None]]


async def follow(api: Api, inspect: Inspect, container: str, *, since: str) -> AsyncGenerator[Output]:
    """Yields output from a cursor on until the container has ended and everything was read.

    An engine ends a cut stream as if it had finished. So the container is looked at after every end: while it runs the
    stream is opened again, and once it has ended the rest is read without following, which cannot be cut short unseen.

    Raises:
        BerthError: The engine stayed away, or could not read the log.
    """
    cursor = parse_cursor(since)
    ended = False
    while True:
        reader = LogReader(cursor)
        broken = False
        try:
            async with aclosing(_log(api, container, since=cursor.since(), ended=ended)) as log:
                async for data in log:
                    for output in reader.receive(data):
                        yield output
        except BrokenStream:
            broken = True
        cursor = reader.cursor
        if ended and not broken:
            return
        facts = await _patiently(inspect, container)
        if facts is None:
            return
        ended = facts.status in ("exited", "dead", "removing")
        if broken or facts.status == "created":
            await anyio.sleep(RETRY_SECONDS)


async def _log(api: Api, container: str, *, since: str, ended: bool) -> AsyncGenerator[bytes]:
    query = {"stdout": 1, "stderr": 1, "timestamps": 1, "since": since, "follow": int(not ended)}
    request = Request("GET", f"/containers/{container}/logs", query=query)
    try:
        async with api.request(request, subject=Subject(container[:12])) as response:
            async for data in response.chunks():
                yield data
    except BerthError as error:
        # Gone or away: the look that follows tells which, and is patient.
        if error.kind not in ("container-gone", "engine-unreachable", "engine-busy"):
            raise
        raise BrokenStream(str(error)) from error


async def _patiently(inspect: Inspect, container: str) -> ContainerFacts | None:
    deadline = anyio.current_time() + PATIENCE_SECONDS
    while True:
        try:
            return await inspect(container)
        except BerthError as error:
            if error.kind not in ("engine-unreachable", "engine-busy") or anyio.current_time() > deadline:
                raise
        await anyio.sleep(RETRY_SECONDS * 10)
