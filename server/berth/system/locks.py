"""Locks on open files, which the system lets go of when the process ends, however it ends."""

import sys
import time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_AGAIN_SECONDS = 0.01


def try_lock(descriptor: int) -> bool:
    """Locks an open file until it is closed; False when somebody else has. Raises ``OSError``."""
    if sys.platform == "win32":
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
    else:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def lock_within(descriptor: int, seconds: float) -> bool:
    """As :func:`try_lock`, and waits for whoever has it; False when that takes longer."""
    until = time.monotonic() + seconds
    while not try_lock(descriptor):
        if time.monotonic() > until:
            return False
        time.sleep(_AGAIN_SECONDS)
    return True


def wait_for_lock(descriptor: int) -> None:
    """Locks an open file until it is closed, however long whoever has it keeps it. Raises ``OSError``."""
    if sys.platform == "win32":
        while not try_lock(descriptor):
            time.sleep(_AGAIN_SECONDS)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
