"""Control calls: docker-py in worker threads of its own, bounded in time and number, imported by the first call.

What every start waits for goes over sockets of ours (:mod:`berth.engine.docker.api`): that takes a third of the time.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from berth.engine.docker.api import CHANGE_SECONDS, LOOK_SECONDS
from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.errors import Subject, from_exception
from berth.errors import BerthError

if TYPE_CHECKING:
    from docker import APIClient

T = TypeVar("T")

PASSING_SECONDS = 3.0
_PASSING = (": no such process", "device or resource busy")
"""An engine looked at a container while its process ended, or removed one while something still held its files."""

LOOKS_AT_ONCE, CHANGES_AT_ONCE = 8, 6
"""Between four and eight parallel starts are the engine's best; looks never wait behind changes."""


class Control:
    """One docker-py client for looks and one for changes, each made once: they differ in their time-out."""

    def __init__(self, endpoint: Endpoint, api: str) -> None:
        self._endpoint = endpoint
        self._api = api
        self._clients: dict[float, APIClient] = {}
        self._lock = threading.Lock()
        self._looking = anyio.CapacityLimiter(LOOKS_AT_ONCE)
        self._away_at: float | None = None
        self._changing = anyio.CapacityLimiter(CHANGES_AT_ONCE)

    async def look(self, call: "Callable[[APIClient], T]", *, subject: Subject) -> T:
        """Asks the engine something. May be cancelled; the thread's answer is then dropped.

        Raises:
            BerthError: Whatever the engine answered, translated; ``engine-busy`` after :data:`LOOK_SECONDS`.
        """
        try:
            with anyio.fail_after(LOOK_SECONDS):
                return await anyio.to_thread.run_sync(
                    self._run, call, subject, LOOK_SECONDS, abandon_on_cancel=True, limiter=self._looking
                )
        except TimeoutError as error:
            raise from_exception(error, address=self._endpoint.url) from None

    async def change(self, call: "Callable[[APIClient], T]", *, subject: Subject) -> T:
        """Has the engine change something, to the end even when the caller is cancelled meanwhile.

        Raises:
            BerthError: Whatever the engine answered, translated; ``engine-busy`` after :data:`CHANGE_SECONDS`.
        """
        return await to_the_end(
            lambda: anyio.to_thread.run_sync(self._run, call, subject, CHANGE_SECONDS, limiter=self._changing)
        )

    async def see_through(self, work: Callable[[], Awaitable[None]]) -> None:
        """Has the engine change something without docker-py: in its turn among the changes, and to the end as they are.

        Raises:
            BerthError: What the work raises.
        """

        async def in_turn() -> None:
            async with self._changing:
                await work()

        await to_the_end(in_turn)

    def was_away(self, seconds: float) -> bool:
        """Whether the engine could not be reached at some moment of the last so many seconds."""
        return self._away_at is not None and time.monotonic() - self._away_at < seconds

    async def aclose(self) -> None:
        """Closes idle connections."""
        for client in self._clients.values():
            await anyio.to_thread.run_sync(client.close)

    def _run(self, call: "Callable[[APIClient], T]", subject: Subject, seconds: float) -> T:
        from berth.engine.docker import client  # noqa: PLC0415 - docker is imported by the first call that needs it

        with self._lock:
            if seconds not in self._clients:
                self._clients[seconds] = client.make_client(self._endpoint, self._api, seconds=seconds)
        try:
            return client.run(call, self._clients[seconds], subject=subject, address=self._endpoint.url)
        except BerthError as error:
            if error.kind == "engine-unreachable":
                self._away_at = time.monotonic()
            raise


async def patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Tries again what fails only for a moment, for at most :data:`PASSING_SECONDS`. Seen with Podman 4.3.

    Raises:
        BerthError: What the work raised last.
    """
    deadline = anyio.current_time() + PASSING_SECONDS
    while True:
        try:
            return await work()
        except BerthError as error:
            if not any(words in error.message for words in _PASSING) or anyio.current_time() > deadline:
                raise
        await anyio.sleep(PASSING_SECONDS / 50)


async def to_the_end(work: Callable[[], Awaitable[T]]) -> T:
    """Runs something to its end, whether the caller is cancelled by a scope or as a task; then lets that happen."""
    task = asyncio.ensure_future(work())
    cancelled: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()
