"""From a request to the agent's first byte: Berth over stdio, Berth's host alone, and the raw Engine API, in turn.

All three carry out the same plan: the same create call, the same launcher, the same tiny agent.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from berth.engine.docker.engine import DockerEngine
from berth.host.commands import Commands
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol.commands import RemoveArguments, StartArguments
from berth.protocol.events import PartStarted
from tests.bench.client import Client, spawned
from tests.bench.figures import Bar, Figure, rotations, summary
from tests.bench.raw_engine import frame
from tests.bench.stage import Listener, Stage, body_of, payload_of, run_raw, settings, staged

BENCH = "first byte"
SECONDS = 60.0
Way = Callable[[], Awaitable[float]]
"""Starts a session, answers the seconds to its first byte, and removes the session again."""


async def measure(rounds: int) -> list[Figure]:
    async with staged() as stage, over_stdio(stage) as stdio, in_process(stage) as host:
        ways: dict[str, Way] = {"raw Engine API": await raw_api(stage), "host": host, "stdio": stdio}
        cold = 1000 * await stdio()
        for way in ways.values():
            await way()
        taken: dict[str, list[float]] = {name: [] for name in ways}
        names = {id(way): name for name, way in ways.items()}
        for order in rotations(list(ways.values()), rounds):
            for way in order:
                taken[names[id(way)]].append(1000 * await way())
    figures = [summary(BENCH, f"{name}: first byte", samples, "ms") for name, samples in taken.items()]
    for name in ("stdio", "host"):
        pairs = zip(taken[name], taken["raw Engine API"], strict=True)
        ratios = [ours / theirs for ours, theirs in pairs]
        figures.append(summary(BENCH, f"{name} / raw", ratios, "×", bar=Bar("at most", 1.1)))
    note = "first start of a server: imports, volume made"
    return [*figures, Figure(BENCH, "stdio: very first start", cold, "ms", note=note)]


async def raw_api(stage: Stage) -> Way:
    plan = await stage.plan("hello")
    body, payload = body_of(plan), payload_of(plan)

    async def run() -> float:
        begun = time.perf_counter()
        session = await run_raw(stage.raw, body, payload)
        while (await frame(session.wire.reader))[0] != 1:
            continue
        taken = time.perf_counter() - begun
        session.wire.close()
        await stage.raw.remove(session.container)
        return taken

    return run


@asynccontextmanager
async def in_process(stage: Stage) -> AsyncIterator[Way]:
    """The host in this process, without LSP."""
    os.environ["BERTH_STATE_DIR"] = str(stage.state)
    async with open_host(DockerEngine, StateFolder.of_user()) as host:
        commands, listener = Commands(host), Listener(stage.workspace, "hello")
        host.attach(listener)

        async def run() -> float:
            begun = time.perf_counter()
            info = await commands.start(listener, StartArguments())
            while True:
                _, event = await asyncio.wait_for(listener.events.get(), SECONDS)
                if isinstance(event.body, PartStarted):
                    break
            taken = time.perf_counter() - begun
            await commands.remove(listener, RemoveArguments(session=info.id, force=True))
            return taken

        yield run


@asynccontextmanager
async def over_stdio(stage: Stage) -> AsyncIterator[Way]:
    """The real server, as an editor has it."""
    async with spawned(state=stage.state) as client:
        await client.initialize({"berth": {"notifications": True, **settings("hello")}}, stage.workspace)

        async def run() -> float:
            said: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            client.hear = lambda body, _: _settle(said) if b'"part.started"' in body else None
            begun = time.perf_counter()
            start = asyncio.create_task(client.command("agent.start", {}))
            ended = await asyncio.wait_for(said, SECONDS)
            await _remove(client, (await start)["id"])
            return ended - begun

        yield run


def _settle(said: "asyncio.Future[float]") -> None:
    if not said.done():
        said.set_result(time.perf_counter())


async def _remove(client: Client, session: str) -> None:
    await client.command("agent.remove", {"session": session, "force": True})
