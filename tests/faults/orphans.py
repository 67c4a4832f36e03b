"""What is left of sessions that were removed: containers, volumes, processes, folders."""

import contextlib
import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import docker

from berth.host.seal import HOST_LABEL, Seal

ENDING = 10.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Orphans:
    """Those of one state folder and workspace."""

    engine: docker.APIClient
    state: Path
    workspace: Path

    def remove(self) -> int:
        """Removes them and answers how many there were. Blocks."""
        processes, containers, volumes = self._processes(), self._containers(), self._volumes()
        return processes + containers + volumes + sum(1 for _ in (self.state / "sessions").iterdir())

    def _processes(self) -> int:
        """Those that still work with the state folder, once those that were killed have had time to go."""
        end = time.monotonic() + ENDING
        while (found := _processes_of(self.state, self.workspace)) and time.monotonic() < end:
            time.sleep(0.05)
        for process in found:
            logger.warning("orphan: process %d", process)
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return len(found)

    def _containers(self) -> int:
        labels = [f"dev.berth.workspace={self.workspace}"]
        if seal := Seal.found(self.state):
            labels.append(f"{HOST_LABEL}={seal.host}")
        listed = [each for label in labels for each in self.engine.containers(all=True, filters={"label": label})]
        found = {each["Id"]: each for each in listed}
        for name, each in found.items():
            logger.warning("orphan: %s %s", each["Names"], each["Status"])
            self.engine.remove_container(name, force=True, v=True)
        return len(found)

    def _volumes(self) -> int:
        """These sessions keep no login, so each has a HOME of its own, which goes with it."""
        labels = {"label": f"dev.berth.workspace={self.workspace}"}
        found = self.engine.volumes(filters=labels)["Volumes"] or ()
        for volume in found:
            logger.warning("orphan: volume %s", volume["Name"])
            self.engine.remove_volume(volume["Name"], force=True)
        return len(found)


def _processes_of(state: Path, workspace: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            works = f"BERTH_STATE_DIR={state}\0".encode() in (process / "environ").read_bytes()
            if works or (process / "cwd").readlink() == workspace:
                found.append(int(process.name))
    return found
