"""The container or process of one session: made when it is needed, kept over restarts, replaced by a rebuild."""

import contextlib
import logging
import re

import anyio

from berth.engine.base import ContainerFacts, Runner
from berth.engine.launcher import launch_command
from berth.errors import BerthError, ImageError
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.plan import SessionPlan
from berth.protocol.events import ContainerState
from berth.protocol.session import State
from berth.sessions.images import is_looked_at_first
from berth.sessions.means import Means
from berth.sessions.record import Record

logger = logging.getLogger(__name__)


class Housing:
    """Where a session's agent runs. ``cursor`` is how far its output was read.

    ``container`` is its id for ``runner``, also of a process; clients are told of real containers only.
    """

    def __init__(self, means: Means, record: Record) -> None:
        """Nothing there yet."""
        self._engine = means.engine
        self._images = means.images
        self._processes = means.processes
        self._record = record
        self.runner: Runner = means.engine
        self.container: str | None = None
        self.cursor = ""

    @property
    def shown(self) -> str | None:
        """The container's id for clients; None when there is no container, or a process in its place."""
        return None if self.runner is self._processes else self.container

    async def provide(self, plan: AnyPlan) -> str:
        """The id, after making what the plan says where there is nothing; the session is ``starting``."""
        kept = await self.runner.inspect(self.container) if self.container else None
        if kept is not None:
            self.container = kept.id
            self._record.enter(State.STARTING, container=self.shown, activity=None)
            return kept.id
        if isinstance(plan, HostSessionPlan):
            return await self._provide_process(plan)
        return await self._provide_container(plan)

    async def _provide_process(self, plan: HostSessionPlan) -> str:
        self.runner, self.cursor = self._processes, ""
        made = await self._processes.create(plan.process, name=self._name(plan), command=launch_command())
        self.container = made
        self._record.enter(State.STARTING, image=None, container=None, activity=None)
        return made

    async def _provide_container(self, plan: SessionPlan) -> str:
        self.runner = self._engine
        if is_looked_at_first(plan.image):
            await self._images.prepare(plan.image, self._record)
        made = await self._make(plan)
        if isinstance(made, ImageError) and made.kind == "image-not-found" and plan.image.policy == "auto":
            await self._images.prepare(plan.image, self._record)
            made = await self._make(plan)
        if isinstance(made, BerthError):
            raise made
        self._record.enter(State.STARTING, image=plan.image.reference, container=made, activity=None)
        return made

    async def _make(self, plan: SessionPlan) -> str | BerthError:
        """Creates the container, and looks the image up meanwhile: looking first would cost every start 4 ms."""
        digests: list[str] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._look_up, plan.image.reference, digests)
            made = await self._create(plan)
        if isinstance(made, str):
            digest = digests[0] if digests else None
            self._record.publish(ContainerState(status="created", container=made, image_digest=digest))
        return made

    async def _create(self, plan: SessionPlan) -> str | BerthError:
        # By its name until its id is known: a start cancelled meanwhile leaves a container, which must be found again.
        self.container, self.cursor = self._name(plan), ""
        try:
            self.container = await self._engine.create(plan.container, name=self.container, command=launch_command())
        except BerthError as error:
            self.container = None
            return error
        return self.container

    async def _look_up(self, reference: str, digests: list[str]) -> None:
        with contextlib.suppress(BerthError):
            found = await self._engine.image(reference)
            digests.extend([found.digest] if found else [])

    async def tail(self, lines: int) -> str:
        """The last lines that were printed; empty while nothing was started."""
        if self.container is None:
            return ""
        return (await self.runner.tail(self.container, lines=lines)).decode(errors="replace")

    async def ended(self) -> ContainerFacts | None:
        """Waits until it no longer runs; None when it is gone."""
        return None if self.container is None else await self.runner.wait(self.container)

    async def kill(self) -> None:
        """Ends it at once, if there is one. An engine that fails now is logged: nothing more can be done."""
        if self.container is None:
            return
        try:
            await self.runner.signal(self.container, "SIGKILL")
        except BerthError as error:
            logger.warning("Could not end the agent of %s: %s", self._record.info.id, error.kind)

    async def remove(self) -> None:
        """Removes it, running or not. HOME's volume stays: sessions of this workspace share it."""
        if self.container is None:
            return
        await self.runner.remove(self.container)
        self._record.publish(ContainerState(status="removed", container=self.shown))
        self.container = None
        self._record.update(container=None)

    def _name(self, plan: AnyPlan) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", plan.workspace.name.lower())[:24].strip("-")
        return f"berth-{slug or 'session'}-{self._record.info.id}"
