"""What the benchmarks over stdio do with a server: start sessions, prompt them, wait until they have said something."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.bench.client import Client
from tests.bench.stage import Stage, settings

SECONDS = 120.0


async def greet(client: Client, stage: Stage, agent: str) -> None:
    """``initialize`` with what makes this agent the one that is started."""
    await client.initialize({"berth": {"notifications": True, **settings(agent)}}, stage.workspace)


async def start(client: Client, **fields: Any) -> str:
    """Starts a session and waits until its agent is ready; answers its id. ``hear`` is used meanwhile."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hear(body: bytes, _: float) -> None:
        if not ready.done() and b'"state":"idle"' in body:
            ready.set_result(None)
        if not ready.done() and b'"state":"failed"' in body:
            ready.set_exception(RuntimeError(body.decode()))

    client.hear = hear
    info = await client.command("agent.start", fields)
    await asyncio.wait_for(ready, SECONDS)
    return str(info["id"])


async def prompt_until(client: Client, session: str, text: str, *, said: Callable[[bytes, float], bool]) -> None:
    """Prompts, and waits until ``said`` holds for a message."""
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hear(body: bytes, at: float) -> None:
        if said(body, at) and not over.done():
            over.set_result(None)

    client.hear = hear
    await client.command("agent.prompt", {"session": session, "text": text})
    await asyncio.wait_for(over, SECONDS)


async def remove(client: Client, session: str) -> None:
    client.hear = lambda _body, _at: None
    await client.command("agent.remove", {"session": session, "force": True})
