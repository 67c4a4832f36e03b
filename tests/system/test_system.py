"""What differs between operating systems: as this one has it, and what can be asked of the others."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from berth.system.files import EXACT, NO_LINK, read_at, write_at
from berth.system.locks import lock_within, try_lock, wait_for_lock
from berth.system.processes import group_of, is_running, kill, signal_group
from berth.system.users import UNNUMBERED, acting_uid, is_private, own_uid, owner_of

SLEEPER = (sys.executable, "-c", "import sys; sys.stdin.read()")


@contextmanager
def opened(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> Iterator[int]:
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(SLEEPER, stdin=subprocess.PIPE, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_lock_is_one_descriptors_until_it_is_closed(tmp_path: Path) -> None:
    with opened(tmp_path / "lock") as one, opened(tmp_path / "lock") as two:
        assert try_lock(one)
        assert not try_lock(two)
        assert not lock_within(two, 0.02)
    with opened(tmp_path / "lock") as three:
        assert lock_within(three, 5)


def test_who_waits_for_a_lock_gets_it_when_it_is_free(tmp_path: Path) -> None:
    first = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    assert try_lock(first)
    with opened(tmp_path / "lock") as second:
        waiting = threading.Thread(target=wait_for_lock, args=(second,))
        waiting.start()
        os.close(first)
        waiting.join(10)
        assert not waiting.is_alive()


def test_files_are_read_and_written_at_a_place(tmp_path: Path) -> None:
    with opened(tmp_path / "file", os.O_RDWR | os.O_CREAT | EXACT) as file:
        assert write_at(file, b"abcdef", 0) == 6
        assert write_at(file, b"\n", 2) == 1
        assert read_at(file, 10, 1) == b"b\ndef"


def test_a_link_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="symbolic links"), opened(tmp_path / "link", os.O_RDWR | NO_LINK):
        pass


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_is_private_when_nobody_else_can_open_it(tmp_path: Path, mode: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(mode)
    assert is_private((tmp_path / "file").stat())


@pytest.mark.parametrize("mode", [0o640, 0o602])
def test_a_file_that_others_can_open_is_not_private(tmp_path: Path, mode: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(mode)
    assert not is_private((tmp_path / "file").stat())


def test_an_agent_acts_for_the_user_by_number(tmp_path: Path) -> None:
    assert acting_uid() == own_uid() == os.geteuid()
    assert owner_of(tmp_path.stat()) == (os.geteuid(), os.getegid())


def test_where_users_have_no_number_an_agent_is_no_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path.stat()
    monkeypatch.setattr(sys, "platform", "win32")
    assert own_uid() is None
    assert acting_uid() == UNNUMBERED
    assert owner_of(found) == (UNNUMBERED, UNNUMBERED)
    assert UNNUMBERED != 0


def test_a_process_is_seen_and_ended() -> None:
    with sleeper() as process:
        assert is_running(process.pid)
        assert group_of(process.pid) == process.pid
        signal_group(process.pid, 0)
        kill(process.pid)
        process.wait(10)
        assert not is_running(process.pid)
        with pytest.raises(ProcessLookupError):
            kill(process.pid)
