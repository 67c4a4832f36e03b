"""The one task that writes."""

import os
from pathlib import Path

import anyio
import pytest

from berth.sessions import writer as writers
from berth.sessions.writer import Piece, Writer

pytestmark = pytest.mark.anyio


def pieces(path: Path, *texts: bytes) -> list[Piece]:
    return [Piece(path, text, lambda: None) for text in texts]


async def test_a_flush_returns_when_everything_is_on_disk(tmp_path: Path) -> None:
    writer = Writer()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        with anyio.fail_after(5):
            writer.mark(1, lambda: pieces(tmp_path / "a", b"one\n", b"two\n"))
            await writer.flush()
            assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
        tasks.cancel_scope.cancel()


async def test_a_flush_does_not_wait_for_what_is_marked_meanwhile(tmp_path: Path) -> None:
    writer = Writer()

    def flood() -> list[Piece]:
        writer.mark(2, flood)  # somebody who has always more to write
        return pieces(tmp_path / "flood", b"more\n")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        with anyio.fail_after(5):
            writer.mark(2, flood)
            await writer.flush()
            writer.mark(1, lambda: pieces(tmp_path / "a", b"one\n"))
            await writer.flush()
            assert (tmp_path / "a").read_bytes() == b"one\n"
        tasks.cancel_scope.cancel()


async def test_a_flush_with_nothing_to_write_returns_at_once() -> None:
    writer = Writer()
    with anyio.fail_after(5):
        await writer.flush()


async def test_what_is_marked_at_the_end_is_still_written(tmp_path: Path) -> None:
    writer = Writer()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        await anyio.lowlevel.checkpoint()
        writer.mark(1, lambda: pieces(tmp_path / "a", b"last\n"))
        tasks.cancel_scope.cancel()
    assert (tmp_path / "a").read_bytes() == b"last\n"


async def test_files_are_private(tmp_path: Path) -> None:
    writer = Writer()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        with anyio.fail_after(5):
            writer.mark(1, lambda: pieces(tmp_path / "a", b"x"))
            await writer.flush()
        tasks.cancel_scope.cancel()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


async def test_a_disk_that_refuses_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "RETRY_SECONDS", 0.01)
    real = os.write
    refused: list[int] = []

    def write(file: int, data: bytes | memoryview) -> int:
        if len(refused) < 3:
            refused.append(1)
            real(file, bytes(data)[:2])
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", write)
    writer = Writer()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        with anyio.fail_after(5):
            writer.mark(1, lambda: pieces(tmp_path / "a", b"one\n", b"two\n"))
            await writer.flush()
        tasks.cancel_scope.cancel()
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
