"""The container of one session: made when it is needed, kept over restarts, replaced by a rebuild."""

import logging
import re

from berth.engine.base import ContainerFacts, Engine
from berth.engine.launcher import launch_command
from berth.errors import BerthError
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
        if self.container is not None and await self._engine.inspect(self.container) is not None:
            self._record.enter(State.STARTING, activity=None)
            return self.container
        image = await self._images.prepare(plan.image, self._record)
        self._record.enter(State.STARTING, image=plan.image.reference, activity=None)
        self.container = await self._engine.create(plan.container, name=self._name(plan), command=launch_command())
        self.cursor = ""
        self._record.publish(ContainerState(status="created", container=self.container, image_digest=image.digest))
        self._record.update(container=self.container)
        return self.container

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
