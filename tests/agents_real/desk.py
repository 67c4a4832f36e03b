"""One editor on the real server: starts sessions, keeps every event, waits for what it expects."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from berth.demo.client import Client
from berth.protocol.names import EVENTS

Event = Mapping[str, Any]
TURN_SECONDS = 60.0
"""A turn against the scripted model takes one second; a busy machine with two cores is given a minute."""

START_SECONDS = 500.0
"""The first start on a machine builds the image."""


class Unmeetable(AssertionError):
    """What was expected can no longer happen."""


class Desk:
    """One session at a time, seen through LSP."""

    def __init__(self, client: Client, workspace: Path) -> None:
        self._client = client
        self.workspace = workspace
        self.session = ""
        self.events: list[Event] = []
        self._read = 0

    async def start(self, agent: str, env: Mapping[str, str]) -> None:
        """Starts a session and waits until its agent is ready."""
        await self.begin(agent=agent, env=env)
        await self.until_state("idle", seconds=START_SECONDS)

    async def begin(self, **wish: object) -> None:
        """Starts a session."""
        info = await self._client.command("agent.start", {"workspaceFolder": str(self.workspace), **wish})
        self.session = info["id"]

    async def login(self, **wish: object) -> Any:
        """How to log in to an agent in this workspace."""
        return await self._client.command("agent.login", {"workspaceFolder": str(self.workspace), **wish})

    async def command(self, name: str, **fields: object) -> Any:
        """A command about the session."""
        return await self._client.command(name, {"session": self.session, **fields})

    async def prompt(self, text: str) -> None:
        """Sends a prompt; its turn comes as events."""
        await self.command("agent.prompt", text=text)

    async def turn(self, text: str) -> list[Event]:
        """Sends a prompt and waits for its turn's end; answers the turn's events."""
        first = len(self.events)
        await self.prompt(text)
        await self.until_kind("turn.ended")
        return self.events[first:]

    async def answer(self, kind: str) -> Event:
        """Waits for a permission and answers it by the kind of an option; answers the question."""
        request = (await self.until_kind("input.requested"))["input"]
        await self.command("agent.respond", request=request["request"], option=kind)
        return dict(request)

    async def until_kind(self, kind: str) -> Event:
        """The next event of a kind."""
        return await self.until(lambda event: event["kind"] == kind)

    async def until_state(self, state: str, *, seconds: float = TURN_SECONDS) -> Event:
        """The next time that the session enters a state."""
        return await self.until(lambda event: event.get("to") == state, seconds=seconds)

    async def until(self, expected: Callable[[Event], bool], *, seconds: float = TURN_SECONDS) -> Event:
        """The next event that is as expected. A session that fails instead makes the wait fail at once."""
        async with asyncio.timeout(seconds):
            while True:
                event = await self._next()
                if expected(event):
                    return event
                if event.get("to") == "failed":
                    raise Unmeetable(f"the session failed: {event.get('error')}")

    async def info(self) -> Event:
        """The session as ``agent.list`` shows it."""
        sessions = await self._client.command("agent.list", {})
        return next(dict(info) for info in sessions if info["id"] == self.session)

    async def remove(self) -> None:
        """Removes the session, whatever its state."""
        if self.session:
            await self.command("agent.remove", force=True)

    async def _next(self) -> Event:
        while self._read == len(self.events):
            heard = await self._client.heard.get()
            if heard is None:
                raise Unmeetable("the server left")
            if heard.method == EVENTS and heard.params["session"] == self.session:
                self.events.extend(heard.params["events"])
        self._read += 1
        return self.events[self._read - 1]


def text_of(events: list[Event], kind: str = "part.delta") -> str:
    """What the agent said in these events."""
    return "".join(event["text"] for event in events if event["kind"] == kind)


def last(events: list[Event], kind: str) -> Event:
    """The last event of a kind."""
    return next(event for event in reversed(events) if event["kind"] == kind)
