"""The printer of :mod:`tests.bench.programs` for the FakeEngine: no container, only the server's own work."""

import asyncio
import time

from tests.fakes.process import FakeProcess

LINE = b"x" * 99 + b"\n"
AT_ONCE = 50
"""Lines of a flood that come in one piece, as one read of a log stream brings them."""


async def fake_printer(process: FakeProcess) -> int:
    while True:
        word, count, *gap = (await process.stdin.read_line()).decode().split()
        if word == "stamps":
            await _stamps(process, int(count), float(gap[0]))
        else:
            await _flood(process, int(count))


async def _stamps(process: FakeProcess, count: int, gap: float) -> None:
    due = time.monotonic()
    for _ in range(count):
        process.print(f"{time.time():.6f}\n")
        due += gap
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _flood(process: FakeProcess, count: int) -> None:
    for _ in range(0, count, AT_ONCE):
        process.print(LINE * AT_ONCE)
        await asyncio.sleep(0)
    process.print("end\n")
