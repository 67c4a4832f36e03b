"""What the kernel says of a running container's limits, read where the engine's processes are this machine's.

Every second, since there is no stream of it: kernels with control groups of version 1 do not tell when ``pids.events``
changes (seen with 6.18), and none tells when a disk fills up. The engine's own stream of measurements costs the engine
some ten times as much, and has neither.
"""

import shutil
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import anyio
from anyio import to_thread

from berth.engine.docker.process_status import PROC
from berth.engine.pressure import Pressure, Room

PERIOD_SECONDS = 1.0

CGROUPS = Path("/sys/fs/cgroup")


async def pressed(pid: int, container: str, paths: Sequence[str]) -> AsyncGenerator[Pressure]:
    """Yields a look a second until the process is none of the container's; ``pid`` is its first one's."""
    while True:
        found = await to_thread.run_sync(pressure_of, pid, container, paths, abandon_on_cancel=True)
        if found is None:
            return
        yield found
        await anyio.sleep(PERIOD_SECONDS)


def pressure_of(pid: int, container: str, paths: Sequence[str]) -> Pressure | None:
    """One look; None where the process is gone or somebody else's. May block as long as a disk does."""
    folder = PROC / str(pid)
    try:
        groups = (folder / "cgroup").read_text()
    except OSError:
        return None
    if pid <= 1 or container not in groups:
        return None
    room = {path: found for path in paths if (found := _room(folder / "root", path)) is not None}
    return Pressure(_refused(groups), room)


def _refused(groups: str) -> int | None:
    """The counter of the control group that bounds processes: lines are ``number:controllers:path``."""
    for line in groups.splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "pids"):
            counted = _counted(CGROUPS / controllers / path.lstrip("/") / "pids.events")
            if counted is not None:
                return counted
    return None


def _counted(file: Path) -> int | None:
    """``max`` of ``pids.events``, as both versions of control groups have it."""
    try:
        return int(dict(line.split() for line in file.read_text().splitlines())["max"])
    except (OSError, ValueError, KeyError):
        return None


def _room(root: Path, path: str) -> Room | None:
    """The disk of a path as the container has it. Only whoever could trace its process may look; others see nothing."""
    try:
        found = shutil.disk_usage(f"{root}{path}")
    except OSError:
        return None
    return Room(found.free, found.total)
