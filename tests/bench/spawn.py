"""From spawning a server to its answer to ``initialize``, against a bare pygls server and a well-known one."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import BERTH, REPOSITORY, spawned
from tests.bench.figures import Bar, Figure, rotations, summary

BENCH = "spawn"
BARE = (sys.executable, "-m", "tests.bench.bare_server")
PEER_VERSION = "0.47.0"
PEER_FOLDER = REPOSITORY / ".berth-dev" / "bench-venv"

HEAVY = ("docker", "pydantic", "anyio")
WATCHED = f"""
import runpy, sys, time
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in {HEAVY}:
            sys.stderr.write("import %s %f\\n" % (name, time.time()))
            sys.stderr.flush()
sys.meta_path.insert(0, Watch())
sys.argv = ["berth", "--log-level", "error", "serve"]
runpy.run_module("berth.cli", run_name="__main__")
"""
"""Berth with every import of a heavy package told on stderr, with its time."""


async def measure(rounds: int) -> list[Figure]:
    """Each server once a round, in turn."""
    servers: dict[str, Sequence[str]] = {"bare pygls": BARE, "berth": BERTH}
    peer = await _peer()
    if peer:
        servers["jedi-language-server"] = peer
    taken: dict[str, list[Start]] = {name: [] for name in servers}
    with tempfile.TemporaryDirectory() as state:
        for command in servers.values():  # once for the files to be in memory and compiled
            await _start(command, Path(state))
        for order in rotations([_named(name) for name in servers], rounds):
            for named in order:
                taken[named()].append(await _start(servers[named()], Path(state)))
        imports = await _heavy_imports(Path(state))
    walls = {name: [1000 * start.seconds for start in starts] for name, starts in taken.items()}
    figures = [summary(BENCH, f"{name}: initialize answered", walls[name], "ms") for name in servers]
    for other in [name for name in servers if name != "berth"]:
        bar = Bar("at most", 1.1)
        figures.append(summary(BENCH, f"berth / {other}", _ratios(walls["berth"], walls[other]), "×", bar=bar))
        cpu = _ratios(*([start.cpu for start in taken[name]] for name in ("berth", other)))
        figures.append(summary(BENCH, f"berth / {other}, processor time", cpu, "×"))
    return [*figures, imports]


@dataclass(frozen=True)
class Start:
    """From spawn to answer: by the clock, and what the process used of the processor."""

    seconds: float
    cpu: float


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def _named(name: str) -> Callable[[], str]:
    return lambda: name


async def _start(command: Sequence[str], state: Path) -> Start:
    begun = time.perf_counter()
    async with spawned(command, state=state, errors=asyncio.subprocess.DEVNULL) as client:
        await client.initialize()
        seconds = time.perf_counter() - begun
        return Start(seconds, processor_seconds(client.pid))


def processor_seconds(pid: int) -> float:
    """What a process' main thread has used so far, user and system, from the scheduler's own nanoseconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


async def _heavy_imports(state: Path) -> Figure:
    """When Berth imported what it must not import before the answer."""
    command = (sys.executable, "-c", WATCHED)
    async with spawned(command, state=state, errors=asyncio.subprocess.PIPE) as client:
        await client.initialize()
        answered = time.time()
        await client.command("agent.list")
        client.process.terminate()
        assert client.process.stderr is not None
        said = (await client.process.stderr.read()).decode()
    times: dict[str, float] = {}
    for line in said.splitlines():
        word, _, rest = line.partition(" ")
        if word == "import":
            name, at = rest.split()
            times.setdefault(name, float(at) - answered)
    when = ", ".join(f"{name} {_when(times.get(name))}" for name in HEAVY)
    early = sum(times.get(name, 1.0) < 0 for name in HEAVY)
    return Figure(BENCH, "heavy imports before the answer", early, "", bar=Bar("at most", 0), note=when)


def _when(after: float | None) -> str:
    return "not even for agent.list" if after is None else f"{1000 * after:+.0f} ms"


async def _peer() -> Sequence[str] | None:
    """The other server's command, installed into a folder of its own; None, with a line, where it cannot be had."""
    program = PEER_FOLDER / "bin" / "jedi-language-server"
    if not program.exists():
        steps = (
            (sys.executable, "-m", "venv", str(PEER_FOLDER)),
            (str(PEER_FOLDER / "bin" / "pip"), "install", "--quiet", f"jedi-language-server=={PEER_VERSION}"),
        )
        for step in steps:
            process = await asyncio.create_subprocess_exec(*step, stderr=asyncio.subprocess.DEVNULL, env=os.environ)
            if await process.wait():
                print(f"left out: jedi-language-server {PEER_VERSION} could not be installed", file=sys.stderr)
                return None
    return (str(program),)
