"""The container of one session: made when it is needed, kept over restarts, replaced by a rebuild."""

import contextlib
import logging
import re

import anyio

from berth.engine.base import ContainerFacts, Engine
from berth.engine.launcher import launch_command
from berth.errors import BerthError, ImageError
from berth.planning.plan import SessionPlan
from berth.protocol.events import ContainerState
from berth.protocol.session import State
from berth.sessions.images import Images
from berth.sessions.record import Record

logger = logging.getLogger(__name__)


class Housing:
    """Where a session's agent runs. ``cursor`` is how far the container's output was read."""

    def __init__(self, engine: Engine, images: Images, record: Record) -> None:
        """No container yet."""
        self._engine = engine
        self._images = images
        self._record = record
        self.container: str | None = None
        self.cursor = ""

    async def provide(self, plan: SessionPlan) -> str:
        """The container's id, after making image and container where there is none; the session is ``starting``."""
        kept = await self._engine.inspect(self.container) if self.container else None
        if kept is not None:
            self.container = kept.id
            self._record.enter(State.STARTING, container=kept.id, activity=None)
            return kept.id
        if plan.image.policy != "auto":
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

    async def ended(self) -> ContainerFacts | None:
        """Waits until the container no longer runs; None when it is gone."""
        return None if self.container is None else await self._engine.wait(self.container)

    async def kill(self) -> None:
        """Ends the container at once, if there is one. An engine that fails now is logged: nothing more can be done."""
        if self.container is None:
            return
        try:
            await self._engine.signal(self.container, "SIGKILL")
        except BerthError as error:
            logger.warning("Could not end the container of %s: %s", self._record.info.id, error.kind)

    async def remove(self) -> None:
        """Removes the container, running or not. HOME's volume stays: sessions of this workspace share it."""
        if self.container is None:
            return
        await self._engine.remove(self.container)
        self._record.publish(ContainerState(status="removed", container=self.container))
        self.container = None
        self._record.update(container=None)

    def _name(self, plan: SessionPlan) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", plan.workspace.name.lower())[:24].strip("-")
        return f"berth-{slug or 'session'}-{self._record.info.id}"
