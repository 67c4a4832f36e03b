"""From a real container to a notification in the client: how many lines, how late, against the engine's log stream."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from berth.lsp.feed import TICK
from tests.bench.client import Client, spawned
from tests.bench.editor import greet, prompt_until, remove, start
from tests.bench.figures import Bar, Figure, percentile, summary
from tests.bench.raw_engine import RawConnection
from tests.bench.stage import Stage, body_of, payload_of, run_raw, staged

BENCH = "stream"
LINES = 100_000
GAPS = {"a line each 50 ms": (0.05, 100), "a line each 2 ms": (0.002, 1500)}
"""Seconds between two lines, and how many."""


@dataclass(frozen=True)
class Flood:
    """An agent that prints :data:`LINES` lines. ``ask`` tells it to by hand; ``each`` is in a message once a line."""

    agent: str
    ask: bytes
    raw_end: bytes
    each: bytes
    end: bytes


FLOODS = (
    Flood("printer", b"flood %d\n" % LINES, b" end\n", b"x\\n", b"end\\n"),
    Flood(
        "acp-printer",
        b'{"jsonrpc":"2.0","id":1,"method":"session/prompt","params":{"text":"flood %d"}}\n' % LINES,
        b'"end_turn"',
        b"x" * 20,
        b'"turn.ended"',
    ),
)


async def measure(rounds: int) -> list[Figure]:
    figures = []
    async with staged() as stage:
        for flood in FLOODS:
            figures += await _rates(stage, flood, rounds)
        async with spawned(state=stage.state) as client:
            await greet(client, stage, "printer")
            for name, (gap, count) in GAPS.items():
                figures += await _latencies(stage, client, name, gap=gap, count=count)
    return figures


async def _rates(stage: Stage, flood: Flood, rounds: int) -> list[Figure]:
    raw: list[float] = []
    ours: list[float] = []
    async with spawned(state=stage.state) as client:
        await greet(client, stage, flood.agent)
        for turn in range(rounds):
            if turn % 2:
                ours.append(LINES / await _through_berth(client, flood))
                raw.append(LINES / await _through_logs(stage, flood))
            else:
                raw.append(LINES / await _through_logs(stage, flood))
                ours.append(LINES / await _through_berth(client, flood))
    ratios = [mine / theirs for mine, theirs in zip(ours, raw, strict=True)]
    return [
        summary(BENCH, f"{flood.agent}: engine's log stream, read raw", raw, "lines/s"),
        summary(BENCH, f"{flood.agent}: notifications in the client", ours, "lines/s"),
        summary(BENCH, f"{flood.agent}: berth / log stream", ratios, "×", bar=Bar("at least", 0.9)),
    ]


async def _through_logs(stage: Stage, flood: Flood) -> float:
    plan = await stage.plan(flood.agent)
    session = await run_raw(stage.raw, body_of(plan), payload_of(plan), streams=("stdin",))
    logs = await stage.raw.follow(session.container)
    begun = time.perf_counter()
    session.wire.writer.write(flood.ask)
    tail = b""
    async for data in logs.chunks():
        if flood.raw_end in tail + data:
            break
        tail = data[-len(flood.raw_end) :]
    taken = time.perf_counter() - begun
    logs.close()
    session.wire.close()
    await stage.raw.remove(session.container)
    return taken


async def _through_berth(client: Client, flood: Flood) -> float:
    session = await start(client)
    lines = 0

    def said(body: bytes, _: float) -> bool:
        nonlocal lines
        lines += body.count(flood.each)
        return flood.end in body

    begun = time.perf_counter()
    await prompt_until(client, session, f"flood {LINES}", said=said)
    taken = time.perf_counter() - begun
    assert lines == LINES, f"{lines} lines came of {LINES}"
    await remove(client, session)
    return taken


async def _latencies(stage: Stage, client: Client, name: str, *, gap: float, count: int) -> list[Figure]:
    """The same lines of one container, read by Berth and by a raw reader at once."""
    session = await start(client)
    container = next(info["container"] for info in await _sessions(client) if info["id"] == session)
    logs = await stage.raw.follow(container)
    raw: dict[float, float] = {}
    reading = asyncio.create_task(_read_stamps(logs, raw, count))
    ours: dict[float, float] = {}

    def said(body: bytes, at: float) -> bool:
        for stamp in _stamps_in(body):
            ours[stamp] = at
        return len(ours) >= count

    await prompt_until(client, session, f"stamps {count} {gap}", said=said)
    await reading
    logs.close()
    await remove(client, session)
    added = [1000 * (ours[stamp] - at) for stamp, at in raw.items()]
    window = 1000 * TICK
    bar = Bar("at most", 5 + window)
    title = f"{name}: added to the log stream"
    return [
        summary(BENCH, f"{name}: log stream, from print", [1000 * (at - stamp) for stamp, at in raw.items()], "ms"),
        summary(BENCH, f"{title}, p50", added, "ms", bar=bar),
        Figure(BENCH, f"{title}, p99", percentile(added, 99), "ms", count=len(added), note=f"window {window:.0f} ms"),
    ]


async def _sessions(client: Client) -> list[dict[str, str]]:
    found: list[dict[str, str]] = await client.command("agent.list")
    return found


async def _read_stamps(logs: RawConnection, stamps: dict[float, float], count: int) -> None:
    async for data in _payloads(logs):
        at = time.time()
        for line in data:
            text = line.partition(b" ")[2].strip()
            if text.replace(b".", b"").isdigit():
                stamps[float(text)] = at
        if len(stamps) >= count:
            return


async def _payloads(logs: RawConnection) -> AsyncIterator[list[bytes]]:
    """Log entries, as many at once as came."""
    rest = b""
    async for data in logs.chunks():
        rest += data
        found = []
        while len(rest) >= 8 and len(rest) >= 8 + (size := int.from_bytes(rest[4:8], "big")):
            found.append(rest[8 : 8 + size])
            rest = rest[8 + size :]
        yield found


def _stamps_in(body: bytes) -> list[float]:
    if b'"part.delta"' not in body:
        return []
    events = json.loads(body)["params"]["events"]
    texts = [event["text"] for event in events if event["kind"] == "part.delta"]
    return [float(line) for text in texts for line in text.split()]
