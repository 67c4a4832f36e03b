"""Empty folders and files for read-only mounts to lie on, made before a life and taken away after it.

An engine would make what is missing by itself, as root's, and leave it in the workspace for ever.
"""

import contextlib
import logging
import os
from collections.abc import Iterable
from pathlib import Path

import anyio
from anyio import to_thread

from berth.engine.base import Engine
from berth.errors import BerthError, WorkspaceError
from berth.planning.host_plan import AnyPlan
from berth.planning.labels import LABEL
from berth.planning.plan import MountPoint, SessionPlan
from berth.sessions.ground import Ground
from berth.system.users import give, own_uid

logger = logging.getLogger(__name__)

_ENDED = frozenset({"created", "exited", "dead", "removing"})
"""States of containers that have no mounts."""


class MountPoints:
    """Those of one session's present life."""

    def __init__(self, engine: Engine, ground: Ground) -> None:
        """Nothing is made yet."""
        self._engine = engine
        self._ground = ground
        self._plan: SessionPlan | None = None

    def take_over(self, plan: AnyPlan) -> None:
        """Those that an earlier host made for a life that goes on."""
        if plan.mode == "container" and plan.mount_points:
            self._plan = plan
            self._ground.enter(plan.workspace)

    async def make(self, plan: AnyPlan) -> None:
        """Makes what is not there. Before the container is created, and again each start. Raises as :func:`make`."""
        self.take_over(plan)
        if self._plan is not None:
            async with self._ground.lock:
                await make(self._plan)

    async def clear(self, own: str | None) -> None:
        """Takes away what is still empty; ``own`` is the container that has ended, or was just killed."""
        plan, self._plan = self._plan, None
        if plan is not None:
            self._ground.leave(plan.workspace)
            await clear(self._engine, plan, but=own, ground=self._ground)


async def make(plan: SessionPlan) -> None:
    """Makes what is not there, as the workspace's owner's.

    Raises:
        WorkspaceError: ``workspace-unsuitable``: something cannot be made.
    """
    if plan.mount_points:
        await to_thread.run_sync(_make_all, plan.mount_points, plan.workspace)


async def clear(engine: Engine, plan: SessionPlan, *, but: str | None = None, ground: Ground | None = None) -> None:
    """Takes away what is still empty, unless a container runs in the workspace, or waits in it: ``but`` this one.

    Nor where a life of this host's ``ground`` needs it, whose container may not even be made yet.

    The kernel would let a folder go that is a mount point in a container, and the mount with it. An engine that does
    not answer leaves everything as it is: the next life that ends takes it away.
    """
    if not plan.mount_points:
        return
    with anyio.CancelScope(shield=True):
        try:
            others = await engine.containers({f"{LABEL}.workspace": str(plan.workspace)})
        except BerthError as error:
            logger.info("Mount points were left in the workspace: %s", error.kind)
            return
        if all(other.status in _ENDED or but in (other.id, other.name) for other in others):
            ground = ground or Ground()
            async with ground.lock:
                if ground.is_free(plan.workspace):
                    await to_thread.run_sync(_clear_all, plan.mount_points)


def _make_all(points: Iterable[MountPoint], workspace: Path) -> None:
    for point in points:
        try:
            _make(point, workspace)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise WorkspaceError(
                "workspace-unsuitable",
                f"{point.path}, which the agent must not write, could not be made: {reason}.",
                "Make it yourself, or see who may write in the workspace.",
            ) from error


def _make(point: MountPoint, workspace: Path) -> None:
    try:
        if point.kind == "folder":
            point.path.mkdir(mode=0o755)
        else:
            os.close(os.open(point.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        return
    owner = workspace.stat()
    if own_uid() == 0 and owner.st_uid != 0:
        give(point.path, owner.st_uid, owner.st_gid)


def _clear_all(points: Iterable[MountPoint]) -> None:
    for point in points:
        with contextlib.suppress(OSError):  # gone, or no longer empty: then it is somebody's
            if point.kind == "folder":
                point.path.rmdir()
            elif point.path.lstat().st_size == 0 and not point.path.is_symlink():
                point.path.unlink()
