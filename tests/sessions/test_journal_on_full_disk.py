"""A disk that is full holds the journal up, visibly, and loses nothing. On a small file system of its own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from berth.protocol.events import Notice, PartDelta
from berth.sessions import record as records
from berth.sessions import writer as writers
from berth.sessions.journal_lines import scan
from berth.sessions.record import FULL, Record
from berth.sessions.writer import Writer
from tests.sessions.audience import RememberingAudience, record_in

pytestmark = pytest.mark.anyio

SIZE = 512 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a mebibyte."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_full_disk_is_told_and_nothing_is_lost(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "RETRY_SECONDS", 0.05)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (SIZE - 128 * 1024))
    audience, writer = RememberingAudience(), Writer()
    record = record_in(small_disk, audience)
    record._writer = writer
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        say(record, 200)
        await audience.until(lambda: FULL in [notice.message for notice in audience.bodies(Notice)])
        assert not await record.flush(0.1)
        ballast.unlink()
        with anyio.fail_after(10):
            await record.flush()
        tasks.cancel_scope.cancel()
    assert record.journal.on_disk(1, 10**9) == [event.json for event in audience.events]
    assert (scan(record.journal.path).damaged, scan(record.journal.path).last) == (0, len(audience.events))
    messages = [notice.message for notice in audience.bodies(Notice)]
    assert messages == [FULL, "The disk takes more again: nothing was lost."]


async def test_reading_waits_while_too_much_waits_for_the_disk(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(records, "UNWRITTEN_BYTES", 100_000)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (SIZE - 64 * 1024))
    audience, writer = RememberingAudience(), Writer()
    record = record_in(small_disk, audience)
    record._writer = writer
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        say(record, 150)
        with anyio.move_on_after(0.3) as waited:
            await record.room()
        assert waited.cancelled_caught
        ballast.unlink()
        with anyio.fail_after(10):
            await record.room()
        tasks.cancel_scope.cancel()


def say(record: Record, count: int) -> None:
    for number in range(count):
        record.publish(PartDelta(part="p", text=f"{number:06d}".ljust(900, ".")))
