"""Looks out for ceilings that a running session passes, whether or not anybody watches it."""

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import to_thread

from berth.engine.base import Engine, Output
from berth.engine.pressure import Pressure, Room
from berth.errors import BerthError
from berth.planning.plan import SessionPlan
from berth.protocol.session import State
from berth.sessions.ceilings.disks import Disks
from berth.sessions.ceilings.flow import Flow
from berth.sessions.ceilings.passed import Passed, disk_runs_full, too_many_processes, too_much_output
from berth.sessions.record import Record

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often the disk of Berth's own journals is looked at."""

RESPITE_SECONDS = 60.0
"""How long after a person let it go on refused processes are not told again: the limit itself holds all the while."""

SILENCE_SECONDS = 0.5
"""A log that is read at full speed brings something every few milliseconds."""


class Lookout:
    """Over one container."""

    def __init__(self, plan: SessionPlan, record: Record, tell: Callable[[Passed], None]) -> None:
        """``tell`` hears of every ceiling that is passed, as often as it is."""
        self._plan = plan.container
        self._has_turns = plan.agent.dialect != "lines"
        self._record = record
        self._tell = tell
        self._flow, self._disks = Flow(self._plan.limits.output), Disks(self._plan.limits.keep_free)
        self._refused: int | None = None
        self._quiet_until = 0.0
        self._heard = False

    def printed(self, output: Output) -> None:
        """Takes what it printed."""
        self._heard = True
        now = time.time()
        if self._flow.add(output.data, now if output.at is None else output.at, now):
            self._tell(too_much_output(self._plan.limits))

    async def caught_up(self) -> None:
        """Waits until all that it printed was read, while it stands still: then nothing more comes."""
        self._heard = True
        while self._heard:
            self._heard = False
            await anyio.sleep(SILENCE_SECONDS)

    def begin_anew(self) -> None:
        """A person let it go on: what was before no longer counts."""
        self._flow.empty()
        self._quiet_until = anyio.current_time() + RESPITE_SECONDS

    async def watch(self, engine: Engine, container: str) -> None:
        """Looks at it until it has ended, and at the disk of the journals until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch_journals)
            places = [mount.target for mount in self._plan.mounts if not mount.read_only]
            try:
                async with engine.pressure(container, places) as looks:
                    async for pressure in looks:
                        self._look(pressure)
            except BerthError as error:
                logger.info("What a container runs up against is not watched: %s", error.kind)

    async def _watch_journals(self) -> None:
        """A journal that cannot be written holds up the reading, and an engine's log does not wait for its readers."""
        while True:
            room = await to_thread.run_sync(_room, self._record.folder, abandon_on_cancel=True)
            self._look_at("Berth's journals", room)
            await anyio.sleep(LOOK_SECONDS)

    def _look(self, pressure: Pressure) -> None:
        for place, room in pressure.room.items():
            self._look_at(place, room)
        before, self._refused = self._refused, pressure.refused
        if before is None or pressure.refused is None or pressure.refused <= before:
            return
        if anyio.current_time() >= self._quiet_until:
            self._tell(too_many_processes(self._plan.limits))

    def _look_at(self, name: str, room: Room) -> None:
        """An idle session writes little: it is not paused for what others do to a disk that they share."""
        is_idle = self._has_turns and self._record.state is State.IDLE
        if self._disks.runs_full(name, room) and not is_idle:
            self._tell(disk_runs_full(name, self._disks.least(room)))


def _room(folder: Path) -> Room:
    found = shutil.disk_usage(folder)
    return Room(found.free, found.total)
