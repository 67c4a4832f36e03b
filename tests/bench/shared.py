"""From spawning a relay to the answer to ``initialize``: the first one, which starts the host, and a second one."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from berth.sharing.asking import ask_all
from berth.sharing.place import find_place
from tests.bench.client import spawned
from tests.bench.figures import Bar, Figure, summary
from tests.bench.spawn import BARE

BENCH = "shared"
RELAY = (sys.executable, "-m", "berth.cli", "--log-level", "error", "serve")
FIRST_BAR = Bar("at most", 1.2)
SECOND_BAR = Bar("at most", 0.2)


async def measure(rounds: int) -> list[Figure]:
    """A bare server, then a first and a second relay over each way to a host; the host is ended after each round."""
    with tempfile.TemporaryDirectory() as folder, shared(Path(folder)):
        state = Path(folder) / "state"
        await _round(state)  # once for the files to be in memory and compiled
        taken = [await _round(state) for _ in range(rounds)]
    bare, *relays = ([1000 * times[place] for times in taken] for place in range(5))
    first, second, first_port, second_port = relays
    return [
        summary(BENCH, "bare pygls: initialize answered", bare, "ms"),
        summary(BENCH, "first editor: initialize answered", first, "ms"),
        summary(BENCH, "second editor: initialize answered", second, "ms"),
        summary(BENCH, "first editor / bare pygls", _ratios(first, bare), "×", bar=FIRST_BAR),
        summary(BENCH, "second editor / bare pygls", _ratios(second, bare), "×", bar=SECOND_BAR),
        summary(BENCH, "over a port: first editor / bare pygls", _ratios(first_port, bare), "×", bar=FIRST_BAR),
        summary(BENCH, "over a port: second editor / bare pygls", _ratios(second_port, bare), "×", bar=SECOND_BAR),
    ]


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Relays of this process share hosts of their own."""
    before = dict(os.environ)
    os.environ |= {"BERTH_RUNTIME_DIR": str(folder / "run"), "BERTH_SHARE": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def _round(state: Path) -> tuple[float, ...]:
    begun = time.perf_counter()
    async with spawned(BARE, state=state, errors=asyncio.subprocess.DEVNULL) as client:
        await client.initialize()
        bare = time.perf_counter() - begun
    relays: list[float] = []
    for transport in ("unix", "loopback"):
        os.environ["BERTH_HOST_TRANSPORT"] = transport
        relays += await _first_and_second(state)
    return bare, *relays


async def _first_and_second(state: Path) -> tuple[float, float]:
    begun = time.perf_counter()
    async with spawned(RELAY, state=state, errors=asyncio.subprocess.DEVNULL) as client:
        await client.initialize()
        first = time.perf_counter() - begun
        await client.command("agent.list")  # the host has done its imports
        begun = time.perf_counter()
        async with spawned(RELAY, state=state, errors=asyncio.subprocess.DEVNULL) as other:
            await other.initialize()
            second = time.perf_counter() - begun
    await asyncio.to_thread(_end, state)
    return first, second


def _end(state: Path) -> None:
    place = find_place(os.environ | {"BERTH_STATE_DIR": str(state)})
    pids = [int(str(answer["pid"])) for answer in ask_all(place, "stop").values()]
    while any(Path(f"/proc/{pid}").exists() and not _is_dead(pid) for pid in pids):
        time.sleep(0.02)


def _is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]
