"""Follows a container's log across cut connections, and knows when all of it was read."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from email.utils import parsedate_to_datetime

import anyio

from berth.engine.base import ContainerFacts, Output
from berth.engine.docker.api import Api
from berth.engine.docker.cursor import Cursor, parse_cursor
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
    An engine whose clock is earlier than what was read already was set back, and is asked for all of the log.

    Raises:
        BerthError: The engine stayed away, or could not read the log.
    """
    cursor = parse_cursor(since)
    ended = False
    while True:
        reader = LogReader(cursor)
        broken = False
        try:
            async with aclosing(_log(api, container, reader, ended=ended)) as log:
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


async def _log(api: Api, container: str, reader: LogReader, *, ended: bool) -> AsyncGenerator[bytes]:
    cursor = reader.cursor
    query = {"stdout": 1, "stderr": 1, "timestamps": 1, "since": cursor.since(), "follow": int(not ended)}
    request = Request("GET", f"/containers/{container}/logs", query=query)
    try:
        async with api.request(request, subject=Subject(container[:12])) as response:
            if cursor.is_counted and not cursor.is_set_back and _is_behind(response.headers.get("date", ""), cursor):
                reader.set_back()
                raise BrokenStream("the engine's clock was set back")
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


def _is_behind(date: str, cursor: Cursor) -> bool:
    """Whether an engine's own time (an HTTP date) is earlier than what it stamped before."""
    try:
        return cursor.is_after(parsedate_to_datetime(date).timestamp())
    except ValueError:
        return False  # a proxy may leave it out
