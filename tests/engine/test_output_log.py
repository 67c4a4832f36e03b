"""The log of a plain process."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berth.engine.base import Output
from berth.engine.process import output_log
from berth.engine.process.output_log import OutputLog

pytestmark = pytest.mark.anyio

Stream = Literal["stdout", "stderr"]
STREAMS: list[Stream] = ["stdout", "stderr"]
PIECES = st.lists(st.tuples(st.sampled_from(STREAMS), st.binary(min_size=1, max_size=300)), max_size=30)


async def kept(log: OutputLog, since: int = 0) -> list[Output]:
    with anyio.fail_after(10):
        return [output async for output in log.follow(since)]


@given(PIECES)
@settings(max_examples=30, deadline=None)
def test_what_was_printed_is_read_again_from_every_cursor(pieces: Sequence[tuple[Stream, bytes]]) -> None:
    async def check() -> None:
        log = OutputLog(Path("/tmp"))
        for stream, data in pieces:
            await log.add(stream, data)
        log.finish()
        outputs = await kept(log)
        assert [(output.stream, output.data) for output in outputs] == list(pieces)
        for position, output in enumerate(outputs):
            assert await kept(log, int(output.cursor)) == outputs[position + 1 :]
        await log.aclose()

    anyio.run(check)


async def test_a_follower_gets_what_comes_while_it_reads(tmp_path: Path) -> None:
    log = OutputLog(tmp_path)
    read: list[bytes] = []

    async def follow() -> None:
        read.extend([output.data for output in await kept(log)])

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(follow)
        for number in range(200):
            await log.add("stdout", b"%d\n" % number)
        log.finish()
    assert b"".join(read) == b"".join(b"%d\n" % number for number in range(200))
    await log.aclose()


async def test_old_output_goes_only_when_nobody_has_it_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_log, "SEGMENT_BYTES", 100)
    log = OutputLog(tmp_path)
    await log.add("stdout", b"first")
    slow = log.follow(0)
    assert (await anext(slow)).data == b"first"
    for number in range(100):
        await log.add("stdout", b"line %02d of more than ten bytes\n" % number)
    log.finish()
    rest = [output.data async for output in slow]
    assert rest == [b"line %02d of more than ten bytes\n" % number for number in range(100)]
    log.begin()
    for number in range(100, 120):
        await log.add("stdout", b"line %02d of more than ten bytes\n" % number)
    log.finish()
    outputs = await kept(log)
    assert outputs[-1].data == b"line 119 of more than ten bytes\n"
    assert len(outputs) < 30
    assert await log.tail(2) == b"line 118 of more than ten bytes\nline 119 of more than ten bytes\n"
    await log.aclose()


async def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_log, "RETRY_SECONDS", 0.01)
    refusals = iter([OSError(28, "No space left on device"), None, OSError(28, "No space left on device")])
    real = os.pwrite

    def pwrite(descriptor: int, data: bytes, place: int) -> int:
        refusal = next(refusals, None)
        if refusal:
            raise refusal
        return real(descriptor, data[:3], place)

    monkeypatch.setattr(os, "pwrite", pwrite)
    log = OutputLog(tmp_path)
    await log.add("stdout", b"one\n")
    await log.add("stderr", b"two\n")
    log.finish()
    assert [(output.stream, output.data) for output in await kept(log)] == [("stdout", b"one\n"), ("stderr", b"two\n")]
    await log.aclose()


async def test_the_files_have_no_name(tmp_path: Path) -> None:
    log = OutputLog(tmp_path)
    await log.add("stdout", b"secret")
    assert [path async for path in anyio.Path(tmp_path).iterdir()] == []
    await log.aclose()


async def test_letting_go_ends_a_follower(tmp_path: Path) -> None:
    log = OutputLog(tmp_path)
    await log.add("stdout", b"something")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(kept, log)
        await anyio.wait_all_tasks_blocked()
        await log.aclose()
