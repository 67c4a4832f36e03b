"""Other processes, by their ids."""

import os
import signal
import sys

if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE = 0x00100000
    _WAIT_TIMEOUT = 0x102
    KILL = signal.SIGTERM  # which is TerminateProcess there
else:
    KILL = signal.SIGKILL
    """Ends a process at once."""


def is_running(pid: int) -> bool:
    """Whether a process of this user runs. One that has ended and that nobody has waited for counts as well on Unix."""
    if sys.platform == "win32":  # there os.kill(pid, 0) is Ctrl-C
        process = ctypes.windll.kernel32.OpenProcess(_SYNCHRONIZE, 0, pid)
        if not process:
            return False
        try:
            return bool(ctypes.windll.kernel32.WaitForSingleObject(process, 0) == _WAIT_TIMEOUT)
        finally:
            ctypes.windll.kernel32.CloseHandle(process)
    else:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True


def kill(pid: int) -> None:
    """Ends a process at once. Raises ``OSError`` when it is gone already."""
    os.kill(pid, KILL)


def signal_group(leader: int, number: int) -> None:
    """Sends a signal to a process group; on Windows, which has none, to its first process. Raises ``OSError``.

    Number 0 only looks whether it is there.
    """
    if sys.platform == "win32":
        if not is_running(leader):
            raise ProcessLookupError(leader)
        if number:
            os.kill(leader, number)
    else:
        os.killpg(leader, number)


def group_of(pid: int) -> int:
    """The process group of a process; itself on Windows. Raises ``OSError``."""
    if sys.platform == "win32":
        return pid
    return os.getpgid(pid)
