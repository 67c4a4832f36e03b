"""The host's own pipeline alone: multiplexed log bytes in, encoded notification batches out. No engine, no socket.

Log frames → demultiplexing → dialect → event → journal and transcript on disk → feed → JSON-RPC frames. The pieces are
Berth's own, put together as a session and a connection put them together.
"""

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from berth.agents.base import Opening
from berth.agents.dialects import dialect_for
from berth.engine.docker.chunked import ChunkedBody
from berth.engine.docker.cursor import Cursor
from berth.engine.docker.log_reader import LogReader
from berth.engine.launch_words import LaunchWords
from berth.lsp.chores import Chores
from berth.lsp.feed import Feed
from berth.lsp.protocol import Protocol
from berth.protocol.session import SessionInfo
from berth.sessions.conversation import Conversation
from berth.sessions.delivery import Delivery
from berth.sessions.printed import Printed
from berth.sessions.published import Published
from berth.sessions.record import Record, now
from berth.sessions.writer import Writer
from tests.bench.figures import Bar, Figure, summary

BENCH = "pipeline"
LINES = 100_000
READS = {"64 KiB": 64 * 1024, "4 KiB": 4 * 1024}
"""Bytes that one read of the engine's socket gives: many under load, few otherwise."""

PLAIN = b"x" * 99 + b"\n"


def acp_line(number: int) -> bytes:
    content = {"type": "text", "text": f"token {number % 1000:03d} "}
    update = {"sessionUpdate": "agent_message_chunk", "content": content}
    params = {"sessionId": "s", "update": update}
    return json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": params}).encode() + b"\n"


class Sink:
    """An outlet that counts, and keeps nothing."""

    stalled = False
    pending = 0

    def __init__(self) -> None:
        self.messages = 0
        self.size = 0

    def send(self, body: bytes) -> None:
        self.messages += 1
        self.size += len(body)

    async def writable(self) -> None:
        """At once."""


class Wire:
    """Of the protocol only what a feed uses; ``send_encoded`` is Berth's own."""

    def __init__(self, outlet: Sink) -> None:
        self.outlet = outlet

    def send_encoded(self, method: str, params: bytes) -> None:
        Protocol.send_encoded(cast(Protocol, self), method, params)


class Audience:
    """A host with one connection that wants notifications."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def changed(self, info: SessionInfo) -> None:
        self._feed.changed(info)

    def happened(self, session: str, event: Published) -> None:
        assert session
        self._feed.happened(event)


async def measure(rounds: int) -> list[Figure]:
    figures = []
    for dialect, size in itertools.product(("lines", "acp"), READS):
        bar = Bar("at least", 200_000) if size == "64 KiB" else None
        runs = [await _run(dialect, READS[size], chunked=False) for _ in range(rounds)]
        figures += _figures(f"{dialect}, reads of {size}", runs, bar=bar)
    runs = [await _run("lines", READS["64 KiB"], chunked=True) for _ in range(rounds)]
    return [*figures, *_figures("lines, reads of 64 KiB, with HTTP chunks", runs, bar=None)]


@dataclass(frozen=True)
class Run:
    """Lines in a second by the clock, and in a second of processor time, the writer's thread included."""

    rate: float
    cpu_rate: float


def _figures(title: str, runs: list[Run], *, bar: Bar | None) -> list[Figure]:
    return [
        summary(BENCH, title, [run.rate for run in runs], "lines/s", bar=bar),
        summary(BENCH, f"{title}, by processor time", [run.cpu_rate for run in runs], "lines/s"),
    ]


async def _run(dialect: Any, read: int, *, chunked: bool) -> Run:
    lines = (PLAIN for _ in range(LINES)) if dialect == "lines" else map(acp_line, range(LINES))
    data = b"".join(_entries(lines, chunked=chunked))
    pieces = [data[start : start + read] for start in range(0, len(data), read)]
    with tempfile.TemporaryDirectory(prefix="berth-bench-") as folder:
        worked = time.process_time()
        seconds = await _seconds(dialect, pieces, Path(folder), chunked=chunked)
        return Run(LINES / seconds, LINES / (time.process_time() - worked))


async def _seconds(dialect: Any, pieces: list[bytes], folder: Path, *, chunked: bool) -> float:
    sink, writer = Sink(), Writer()
    info = SessionInfo(id="s1", name="bench", workspace_folder="/w", agent="bench", started_at=now())
    async with Chores() as chores:
        feed = Feed("s1", cast(Protocol, Wire(sink)), read=_never, chores=chores)
        record = Record(info, folder, writer=writer, audience=Audience(feed))
        conversation = Conversation(record, dialect_for(dialect, prefix="b-"), Delivery(record, dialect))
        if dialect == "lines":
            await conversation.open(Opening(workspace="/w"))
        writing = asyncio.create_task(writer.run())
        printed, reader, body = Printed(record, LaunchWords()), LogReader(Cursor()), ChunkedBody()
        begun = time.perf_counter()
        for piece in pieces:
            for output in reader.receive(body.receive(piece) if chunked else piece):
                conversation.receive(output.data)
                printed.add(output)
            await asyncio.sleep(0)
        feed.end()
        await record.flush()
        taken = time.perf_counter() - begun
        writing.cancel()
        await asyncio.wait([writing])
    assert sink.size > 8 * LINES, "the text did not come out"
    return taken


def _entries(lines: Iterator[bytes], *, chunked: bool) -> Iterator[bytes]:
    """Log entries as the engine sends them, each a microsecond after the one before."""
    for number, line in enumerate(lines):
        seconds, micros = divmod(number, 1_000_000)
        text = f"2026-11-20T10:00:{seconds:02d}.{micros:06d}000Z ".encode() + line
        entry = b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text
        yield b"%x\r\n%b\r\n" % (len(entry), entry) if chunked else entry


async def _never(session: str, first: int, limit: int) -> list[bytes]:
    raise AssertionError(session, first, limit)
