"""Streaming requests to one engine, with its API version in the path and its errors translated."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import anyio

from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.errors import Subject, from_exception, from_message
from berth.engine.docker.wire import BrokenStream, Connection, Request, Response, connect

LOOK_SECONDS = 5.0
"""A look that takes longer says that the engine hangs; a healthy one answers in 2 ms."""

CHANGE_SECONDS = 30.0
"""A start takes 0.25 s, on a loaded machine a few; an engine that needs longer is not going to."""


class Api:
    """The engine's HTTP interface. ``version`` is empty until it is known; ``/version`` and ``/info`` need none."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.version = ""
        self._away_at: float | None = None

    async def get(self, path: str, *, subject: Subject | None = None) -> Any:
        """A short JSON answer about a subject, the engine itself where there is none.

        Raises:
            BerthError: Translated; ``engine-busy`` after :data:`LOOK_SECONDS`.
        """
        answer = await self._short(Request("GET", path), LOOK_SECONDS, subject or Subject(self.endpoint.url))
        try:
            return json.loads(answer)
        except ValueError as error:
            raise from_exception(error, address=self.endpoint.url) from None

    async def post(self, path: str, query: Mapping[str, object], *, subject: Subject) -> None:
        """Has something changed that needs no body. A caller that is cancelled does not know whether it was.

        Raises:
            BerthError: Translated; ``engine-busy`` after :data:`CHANGE_SECONDS`.
        """
        await self._short(Request("POST", path, query), CHANGE_SECONDS, subject)

    async def _short(self, request: Request, seconds: float, subject: Subject) -> bytes:
        try:
            with anyio.fail_after(seconds):
                async with self.request(request, subject=subject) as response:
                    return await response.read()
        except TimeoutError as error:
            raise from_exception(error, address=self.endpoint.url) from None
        except BrokenStream as error:
            self._away_at = anyio.current_time()
            raise from_exception(error, address=self.endpoint.url) from None

    async def was_away(self, seconds: float) -> bool:
        """Whether no connection can be had, or could not at some moment of the last so many seconds."""
        try:
            connection = await connect(self.endpoint)
        except OSError:
            return True
        await connection.aclose()
        return self._away_at is not None and anyio.current_time() - self._away_at < seconds

    async def open(self, request: Request) -> tuple[Connection, Response]:
        """Sends a request; the caller closes the connection.

        Raises:
            BerthError: No connection. An answer of any status is returned.
            BrokenStream: Connected, but closed without an answer.
        """
        try:
            connection = await connect(self.endpoint)
        except OSError as error:
            self._away_at = anyio.current_time()
            raise from_exception(error, address=self.endpoint.url) from None
        prefix = f"/v{self.version}" if self.version else ""
        try:
            return connection, await connection.request(replace(request, path=prefix + request.path))
        except OSError as error:
            await connection.aclose()
            raise BrokenStream(str(error)) from error
        except BaseException:
            await connection.aclose()
            raise

    @asynccontextmanager
    async def request(self, request: Request, *, subject: Subject) -> AsyncIterator[Response]:
        """A request for the time of a block; leaving it closes the connection, which is how an engine is told to stop.

        Raises:
            BerthError: No connection, or an answer of 400 and above, translated with ``subject``.
            BrokenStream: Connected, but closed without an answer.
        """
        connection, response = await self.open(request)
        try:
            if response.status >= 400:
                raise from_message(response.status, await response.error_message(), subject=subject)
            yield response
        finally:
            await connection.aclose()
