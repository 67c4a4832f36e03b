"""How long a trivial command takes while fifty sessions stream a hundred lines a second each."""

import asyncio
import time

from tests.bench.crowd import ENGINES, Crowd, EngineName, gathered
from tests.bench.figures import Bar, Figure, percentile
from tests.bench.spawn import processor_seconds
from tests.bench.stage import Stage, staged

BENCH = "busy"
SESSIONS = 50
GAP = 0.01
SECONDS = 15.0
PAUSE = 0.01
"""Seconds between two commands: a thousand and more of them."""


async def measure(rounds: int) -> list[Figure]:
    del rounds  # one long run is the measurement
    figures = []
    async with staged() as stage:
        for engine, name in ENGINES.items():
            figures += await _commands(stage, engine, name)
    return figures


async def _commands(stage: Stage, engine: EngineName, name: str) -> list[Figure]:
    async with gathered(stage, engine, SESSIONS) as crowd:
        quiet = await _timings(crowd, 2.0)
        await crowd.prompt(f"stamps {int((SECONDS + 5) / GAP)} {GAP}")
        await asyncio.sleep(2)  # all are at it, and the prompts' own work is done
        before, begun = crowd.lines.total(), time.perf_counter()
        worked = processor_seconds(crowd.client.pid)
        timings = await _timings(crowd, SECONDS)
        seconds = time.perf_counter() - begun
        share = (processor_seconds(crowd.client.pid) - worked) / seconds
        rate = (crowd.lines.total() - before) / seconds
    note = f"{rate:,.0f} lines/s came in {SESSIONS} sessions; the loop's thread used {share:.0%} of a core"
    title = f"agent.list, {name}"
    return [
        Figure(BENCH, f"{title}: p50, sessions quiet", percentile(quiet, 50), "ms", count=len(quiet)),
        Figure(BENCH, f"{title}: p50", percentile(timings, 50), "ms", count=len(timings), note=note),
        Figure(BENCH, f"{title}: p99", percentile(timings, 99), "ms", count=len(timings), bar=Bar("at most", 50)),
    ]


async def _timings(crowd: Crowd, seconds: float) -> list[float]:
    timings = []
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until:
        await crowd.client.command("agent.list")
        timings.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(PAUSE)
    return timings
