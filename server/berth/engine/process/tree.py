"""A process with everything that came of it.

Its own session and process group come first; but agents start tools in groups of their own, which a signal to the group
misses. So every process that Berth starts carries a mark in its environment, which its children inherit, and on Linux
whoever carries it is found in ``/proc``, wherever it went. Elsewhere the group is all that is reached.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from berth.system.processes import KILL, group_of, signal_group

MARK = "BERTH_PROCESS"
"""The variable with the mark."""

SWEEPS = 50
"""How often a tree is swept until nothing is left of it; one that forks faster than this is left to itself."""

SWEEP_SECONDS = 0.02

_PROC = Path("/proc")


def send(group: int, mark: str, number: signal.Signals) -> None:
    """Sends a signal to a process group, and to whoever carries the mark outside of it; call it in a worker thread."""
    others = [process for process in marked(mark) if _group_of(process) != group]
    with contextlib.suppress(ProcessLookupError, PermissionError):
        signal_group(group, number)
    for process in others:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def sweep(group: int, mark: str) -> bool:
    """Ends what is left of a tree whose first process has ended; call it in a worker thread. False: some stayed."""
    for _ in range(SWEEPS):
        send(group, mark, KILL)
        if not _is_left(group, mark):
            return True
        time.sleep(SWEEP_SECONDS)
    return False


def marked(mark: str) -> Iterator[int]:
    """Every process that carries the mark, as far as this system tells; those that have ended are left out."""
    wanted = f"{MARK}={mark}".encode()
    for entry in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)


def _is_left(group: int, mark: str) -> bool:
    if next(marked(mark), None) is not None:
        return True
    if _PROC.joinpath("self", "environ").exists():
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        signal_group(group, 0)
        return True
    return False


def _group_of(process: int) -> int:
    try:
        return group_of(process)
    except ProcessLookupError:
        return 0
