"""One session of the demo: started, watched, asked about, stopped, removed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from berth.demo.asking import allowed
from berth.demo.client import Client, Heard, RequestRefused, ServerLeft
from berth.demo.screen import INDENT, Screen
from berth.demo.show import Event, Show
from berth.protocol.names import EVENTS

TURN_SECONDS = 3600.0
"""A first build on a slow line, and a person who answers later."""

CLEARING_SECONDS = 60.0
"""Stopping walks a ladder of three rungs of five seconds; the rest is the engine's."""


class StageFailed(Exception):
    """The session failed; with its own words."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error.get("message", ""))
        self.message = str(error.get("message", "The session failed."))
        self.hint = str(error.get("hint", ""))


class Stage:
    """The demo's session, as its client."""

    def __init__(self, client: Client, screen: Screen, show: Show) -> None:
        self._client = client
        self._screen = screen
        self._show = show
        self._session: str | None = None

    async def play(self, wish: Mapping[str, object]) -> None:
        """Starts the session and shows it until its first turn has ended.

        Raises:
            StageFailed: The session or its turn failed.
            RequestRefused: The server did not start it.
            TimeoutError: An hour was not enough.
        """
        async with asyncio.timeout(TURN_SECONDS):
            info = await self._client.command("agent.start", wish)
            self._session = str(info["id"])
            self._screen.step("✓", f"session {self._session} accepted")
            self._screen.live("looking for the image")
            ended = await self._until(lambda event: event["kind"] == "turn.ended")
        if ended["state"] != "complete":
            raise StageFailed(ended.get("error") or {"message": f"The turn ended as {ended['state']}."})

    async def stop(self) -> None:
        """Stops the session and shows how."""
        async with asyncio.timeout(CLEARING_SECONDS):
            await self._client.command("agent.stop", {"session": self._session})
            await self._until(lambda event: event["kind"] == "session.state" and event["to"] == "stopped")

    async def remove(self) -> None:
        """Removes the session, whatever its state; a server that has left cannot be asked to."""
        if self._session is None:
            return
        with contextlib.suppress(ServerLeft):
            async with asyncio.timeout(CLEARING_SECONDS):
                await self._client.command("agent.remove", {"session": self._session, "force": True})
            self._screen.step("✓", "session removed", self._show.phase("remove"))

    def tell_kept(self) -> None:
        """Says what was left."""
        if self._session is not None:
            self._screen.line(f"{INDENT}kept: session {self._session} with its container")

    async def _until(self, over: Callable[[Event], bool]) -> Event:
        async for event in self._events():
            self._show.event(event)
            if event["kind"] == "session.state" and event["to"] == "failed":
                raise StageFailed(event.get("error") or {})
            if event["kind"] == "input.requested":
                await self._answer(event["input"])
            if over(event):
                return event
        raise ServerLeft

    async def _events(self) -> AsyncIterator[Event]:
        while (heard := await self._client.heard.get()) is not None:
            for event in self._of_session(heard):
                yield event

    def _of_session(self, heard: Heard) -> list[Event]:
        if heard.method != EVENTS or heard.params["session"] != self._session:
            return []
        return list(heard.params["events"])

    async def _answer(self, request: Mapping[str, Any]) -> None:
        """Answers a question by the kind of its options, never by their place."""
        self._show.question(request)
        kind = "allow_once" if await allowed(self._screen, str(request.get("purpose"))) else "reject_once"
        option = next((option["id"] for option in request.get("options", ()) if option["kind"] == kind), None)
        answer = {"session": self._session, "request": request["request"]}
        with contextlib.suppress(RequestRefused):  # somebody else was faster
            await self._client.command("agent.respond", answer if option is None else {**answer, "option": option})
