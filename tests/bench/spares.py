"""From a start command to the running agent: a new container, one that waited, one that waited paused; in turn.

With the engine's own network, and behind a door (network mode ``allowlist``).

The agent is ``date``: it tells when it ran by the clock that it shares with us. That is the launch alone; what a real
agent needs for its own boot comes on top, whatever it runs in.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berth.engine.docker.engine import DockerEngine
from berth.host.commands import Commands
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.planning.labels import EGRESS_LABEL
from berth.protocol.commands import RemoveArguments, StartArguments
from berth.protocol.container_events import ContainerState
from berth.protocol.events import PartDelta
from berth.sessions.egress.containers import egress_name
from tests.bench.figures import Bar, Figure, rotations, summary
from tests.bench.stage import IMAGE, Listener, Stage, staged

BENCH = "spares"
SECONDS = 60.0
SETTLING_SECONDS = 0.5
"""Between two starts: the engine takes the last container away, and another holder is made for the next one."""
OPEN, DOOR = {"mode": "open"}, {"mode": "allowlist"}
WAYS: dict[str, dict[str, Any]] = {
    "new container": {"network": OPEN, "spares": {"count": 0}},
    "spare": {"network": OPEN, "spares": {"count": 1}},
    "paused spare": {"network": OPEN, "spares": {"count": 1, "paused": True}},
    "new behind a door": {"network": DOOR, "spares": {"count": 0}},
    "cold behind a door": {"network": DOOR, "spares": {"count": 0}},
    "spare behind a door": {"network": DOOR, "spares": {"count": 1}},
}
COMPARED = (
    ("spare", "new container"),
    ("paused spare", "new container"),
    ("spare behind a door", "cold behind a door"),
    ("spare behind a door", "new behind a door"),
)
NOTHING_AHEAD = "cold behind a door"
"""A new container whose holder has to be made too; otherwise one is kept ready, which is half a spare."""
BARRED = ("spare", "spare behind a door")
AGENT = ["sh", "-c", "date +%s%N; exec cat"]


@dataclass(frozen=True)
class Taken:
    """Milliseconds from the command to the running agent, and to its first word in the host."""

    run: float
    heard: float


Way = Callable[[], Awaitable[Taken]]


async def measure(rounds: int) -> list[Figure]:
    async with staged() as stage, AsyncExitStack() as hosts:
        ways = {name: await hosts.enter_async_context(_host(stage, name)) for name in WAYS}
        for way in ways.values():
            await way()
        taken: dict[str, list[Taken]] = {name: [] for name in ways}
        names = {id(way): name for name, way in ways.items()}
        for order in rotations(list(ways.values()), rounds):
            for way in order:
                await asyncio.sleep(SETTLING_SECONDS)
                taken[names[id(way)]].append(await way())
    figures = [figure for name in WAYS for figure in _figures(name, taken[name])]
    return figures + [_ratio(one, other, taken) for one, other in COMPARED]


def _figures(name: str, taken: list[Taken]) -> list[Figure]:
    bar = Bar("at most", 20) if name in BARRED else None
    return [
        summary(BENCH, f"{name}: agent runs", [each.run for each in taken], "ms", bar=bar),
        summary(BENCH, f"{name}: first word heard", [each.heard for each in taken], "ms"),
    ]


def _ratio(one: str, other: str, taken: dict[str, list[Taken]]) -> Figure:
    ratios = [mine.run / cold.run for mine, cold in zip(taken[one], taken[other], strict=True)]
    bar = Bar("at most", 0.1) if one in BARRED and other != "new behind a door" else None
    return summary(BENCH, f"{one} / {other}", ratios, "×", bar=bar)


class Asking(Listener):
    """A connection with settings of its own."""

    def __init__(self, workspace: Path, docker: dict[str, Any]) -> None:
        super().__init__(workspace, "clock")
        self._docker = docker

    async def configuration(self, folder: Path) -> object:
        assert folder.is_absolute()
        agents = {"clock": {"command": AGENT, "dialect": "lines"}}
        return {"agent": "clock", "agents": agents, "docker": {"defaultImage": IMAGE, **self._docker}}


@asynccontextmanager
async def _host(stage: Stage, name: str) -> AsyncIterator[Way]:
    folder = StateFolder(stage.folder / name.replace(" ", "-"))
    for path in (folder.root, folder.sessions, folder.accounts, folder.trust, folder.modes):
        path.mkdir(parents=True)
    async with open_host(DockerEngine, folder) as host:
        commands, listener = Commands(host), Asking(stage.workspace, WAYS[name])
        host.attach(listener)
        expected = WAYS[name]["spares"]["count"]
        is_first = True

        async def run() -> Taken:
            nonlocal is_first
            await _waits(host, 0 if is_first else expected)
            if name == NOTHING_AHEAD:
                await host.ways.aclose()
            begun, since = time.time(), time.perf_counter()
            info = await commands.start(listener, StartArguments())
            said, was_spare = await asyncio.wait_for(_word(listener), SECONDS)
            heard = time.perf_counter() - since
            assert was_spare == bool(expected and not is_first)
            is_first = False
            await _waits(host, expected)
            await commands.remove(listener, RemoveArguments(session=info.id, force=True))
            return Taken(1000 * (said - begun), 1000 * heard)

        yield run
    await _remove_proxies(stage, folder)


async def _remove_proxies(stage: Stage, folder: StateFolder) -> None:
    for facts in await stage.engine.containers({EGRESS_LABEL: "proxy"}):
        if facts.name == egress_name(str(folder.root), facts.image):
            await stage.engine.remove(facts.id)
            await stage.engine.remove_volume(facts.name)


async def _word(listener: Listener) -> tuple[float, bool]:
    """When the agent ran, and whether its container had waited."""
    was_spare = False
    while True:
        _, event = await listener.events.get()
        match event.body:
            case ContainerState(status="created", spare=True):
                was_spare = True
            case PartDelta(text=text) if text.strip().isdigit():
                return int(text) / 1e9, was_spare


async def _waits(host: Host, count: int) -> None:
    while host.spares.count != count:  # noqa: ASYNC110 - nothing tells of spares
        await asyncio.sleep(0.01)
