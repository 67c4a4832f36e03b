"""Many sessions of one server at once."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Literal

from tests.bench.client import Client, spawned
from tests.bench.editor import SECONDS, greet
from tests.bench.stage import Stage

EngineName = Literal["fake", "docker"]
ENGINES: Mapping[EngineName, str] = {"fake": "engine in memory", "docker": "real containers"}
"""The one in memory runs in the server's own loop, and its work counts as the server's."""


def watched(engine: EngineName) -> Sequence[str]:
    return (sys.executable, "-m", "tests.bench.serve_watched", engine)


class Crowd:
    """Sessions of printers. ``lines`` counts what came of each."""

    def __init__(self, client: Client, sessions: Sequence[str]) -> None:
        self.client = client
        self.sessions = sessions
        self.lines: Counter[str] = Counter()
        self._news = asyncio.Event()
        client.hear = self._hear

    async def prompt(self, text: str) -> None:
        """Everybody is told the same."""
        commands = [self.client.command("agent.prompt", {"session": each, "text": text}) for each in self.sessions]
        await asyncio.gather(*commands)

    async def said(self, lines: int) -> None:
        """Waits until everybody has said so much."""
        async with asyncio.timeout(SECONDS):
            while any(self.lines[session] < lines for session in self.sessions):
                self._news.clear()
                await self._news.wait()

    def _hear(self, body: bytes, _: float) -> None:
        if b'"part.delta"' in body:
            session = body.split(b'"session":"', 1)[1].split(b'"', 1)[0].decode()
            self.lines[session] += body.count(b"\\n")
            self._news.set()


@asynccontextmanager
async def gathered(stage: Stage, engine: EngineName, count: int) -> AsyncIterator[Crowd]:
    """So many sessions on a watched server, each with its agent ready."""
    async with spawned(watched(engine), state=stage.folder / engine, errors=asyncio.subprocess.PIPE) as client:
        await greet(client, stage, "printer")
        yield Crowd(client, await start_many(client, count))


async def start_many(client: Client, count: int) -> list[str]:
    """Starts sessions all at once and waits until every agent is ready."""
    states: dict[str, str] = {}
    news = asyncio.Event()

    def hear(body: bytes, _: float) -> None:
        if b'"agent/session"' in body:
            info = json.loads(body)["params"]
            states[info["id"]] = info["state"]
            news.set()

    client.hear = hear
    infos = await asyncio.gather(*(client.command("agent.start", {}) for _ in range(count)))
    sessions = [info["id"] for info in infos]
    async with asyncio.timeout(SECONDS):
        while any(states.get(session) != "idle" for session in sessions):
            assert "failed" not in states.values(), "a session failed"
            news.clear()
            await news.wait()
    return sessions
