"""How long the server's loop stands still while its client stops reading for five seconds."""

import asyncio
import signal
from dataclasses import dataclass

from tests.bench.crowd import ENGINES, Crowd, EngineName, gathered
from tests.bench.figures import Bar, Figure
from tests.bench.stage import Stage, staged

BENCH = "stalled"
SESSIONS = 4
SECONDS = 5.0
GAP = 0.001
LINES = int(2.2 * SECONDS / GAP)


async def measure(rounds: int) -> list[Figure]:
    figures = []
    async with staged() as stage:
        for engine, name in ENGINES.items():
            stalls = [await _stall(stage, engine) for _ in range(rounds)]
            reading, stalled = ([each[index] for each in stalls] for index in (0, 1))
            figures += _figures(f"{name}: client reads", reading, bar=None)
            figures += _figures(f"{name}: client does not", stalled, bar=Bar("at most", 50))
    return figures


@dataclass(frozen=True)
class Stall:
    """The longest the loop stood still, in milliseconds: by the clock, and by its own work."""

    late: float
    work: float


def _figures(title: str, stalls: list[Stall], *, bar: Bar | None) -> list[Figure]:
    worst, work = max(stall.late for stall in stalls), max(stall.work for stall in stalls)
    return [
        Figure(BENCH, f"{title}: longest stall", worst, "ms", count=len(stalls), bar=bar),
        Figure(BENCH, f"{title}: longest own work", work, "ms", count=len(stalls), note="processor time of the loop"),
    ]


async def _stall(stage: Stage, engine: EngineName) -> tuple[Stall, Stall]:
    """The worst: first while the client reads, then while it does not. Every line comes in the end."""
    async with gathered(stage, engine, SESSIONS) as crowd:
        await crowd.prompt(f"stamps {LINES} {GAP}")
        await asyncio.sleep(0.5)  # the prompts' own work is done
        reading = await _watch(crowd)
        crowd.client.reading.clear()
        stalled = await _watch(crowd)
        crowd.client.reading.set()
        await crowd.said(LINES)
        assert all(count == LINES for count in crowd.lines.values()), crowd.lines
    return reading, stalled


async def _watch(crowd: Crowd) -> Stall:
    process = crowd.client.process
    process.send_signal(signal.SIGUSR1)
    await asyncio.sleep(SECONDS)
    process.send_signal(signal.SIGUSR2)
    assert process.stderr is not None
    while not (line := await process.stderr.readline()).startswith(b"watch "):
        assert line, "the server has left"
    late, work = line.split()[1:]
    return Stall(1000 * float(late), 1000 * float(work))
