"""Resident memory of a server: idle, and for each of a hundred sessions with real containers."""

import time
from pathlib import Path

from tests.bench.client import spawned
from tests.bench.crowd import Crowd, start_many
from tests.bench.editor import greet, remove, start
from tests.bench.figures import Bar, Figure
from tests.bench.stage import staged

BENCH = "memory"
MB = 1_000_000
"""As the bar is written: not MiB."""
LINES = 2_000
"""Each session says so much, 200 KB, which is three times what it keeps in memory."""


async def measure(sessions: int) -> list[Figure]:
    async with staged() as stage, spawned(state=stage.state) as client:
        await greet(client, stage, "printer")
        await client.command("agent.list")
        idle = resident(client.pid)
        await remove(client, await start(client))
        used = resident(client.pid)
        begun = time.perf_counter()
        crowd = Crowd(client, await start_many(client, sessions))
        seconds = time.perf_counter() - begun
        waiting = resident(client.pid)
        await crowd.prompt(f"flood {LINES}")
        await crowd.said(LINES)
        told = resident(client.pid)
    bar = Bar("at most", 0.5)
    note = f"{sessions} started in {seconds:.0f} s"
    return [
        Figure(BENCH, "server, no session yet", idle / MB, "MB"),
        Figure(BENCH, "server, one session come and gone", used / MB, "MB", note="docker is imported"),
        Figure(BENCH, "each session, waiting", (waiting - used) / MB / sessions, "MB", bar=bar, note=note),
        Figure(BENCH, "each session, after 200 KB of text", (told - used) / MB / sessions, "MB", bar=bar),
    ]


def resident(pid: int) -> int:
    """Bytes in memory: ``VmRSS``."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(pid)
