"""A new container for a session: its image looked into, and the agent laid on top where it is lacking."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import anyio

from berth.engine.base import ImageFacts
from berth.engine.launcher import launch_command
from berth.errors import BerthError, ImageError
from berth.planning.layering import layered
from berth.planning.plan import SessionPlan
from berth.protocol.container_events import ContainerState
from berth.protocol.events import Notice
from berth.sessions.agent_question import AgentQuestion
from berth.sessions.egress.way_out import WayOut
from berth.sessions.fitness import Lack
from berth.sessions.images import is_looked_at_first, prepared
from berth.sessions.inquiry import Inquiry
from berth.sessions.means import Means
from berth.sessions.record import Record
from berth.sessions.spares import Taken


class NewContainer:
    """Makes containers for one session."""

    def __init__(
        self, means: Means, record: Record, inquiry: Inquiry, *, lives_in: Callable[[str | None], None]
    ) -> None:
        """Nothing was made. ``lives_in`` is told what there is of the newest, by name until its id is known.

        ``is_in_doubt``: an engine went away while it made one, and may have it.
        """
        self._engine = means.engine
        self._images = means.images
        self._fitness = means.fitness
        self._lacks = means.lacks
        self._spares = means.spares
        self._question = AgentQuestion(inquiry, means.lacks)
        self._record = record
        self.way_out = WayOut(means, record)
        self.is_in_doubt = False
        self._name = ""
        self._lives_in = lives_in
        self._container: str | None = None
        self._seen: Mapping[str, str] | None = None

    def take_seen(self) -> Mapping[str, str] | None:
        """What was seen of the newest, where it had waited and runs; told once, since later it may be another one."""
        seen, self._seen = self._seen, None
        return seen

    @property
    def container(self) -> str | None:
        """What there is of the newest, also where making it failed."""
        return self._container

    @container.setter
    def container(self, container: str | None) -> None:
        self._container = container
        self._lives_in(container)

    async def make(self, plan: SessionPlan, *, name: str) -> SessionPlan:
        """Makes the container, or takes one that waited; answers the plan, changed where the image lacked the agent.

        Raises:
            BerthError: There is no image, or it cannot be used, or the engine refused the container.
        """
        self._name, self.container, self._seen = name, None, None
        plan = await self._layered_again(plan)
        if self._spares.may_have(plan):
            plan = await self._prepared(plan)
            if await self._take(plan):
                return plan
        image = await self._made(plan)
        lack = await self._examined(plan, image) if image else None
        if image and lack:
            self._lacks.remember(plan, image.digest, lack)
            plan = await self._layered(plan, image, lack)
            image = await self._made(plan)
        self._announce(plan, image)
        return plan

    def _announce(self, plan: SessionPlan, image: ImageFacts | None) -> None:
        digest = image.digest if image else None
        self._record.publish(ContainerState(status="created", container=self.container, image_digest=digest))
        if self.container and digest:
            self._spares.made(plan, Taken(self.container, digest))

    async def _prepared(self, plan: SessionPlan) -> SessionPlan:
        """Makes the image current first: a container that waited may be of an older one."""
        if not is_looked_at_first(plan.image):
            return plan
        await self._images.prepare(plan.image, self._record)
        return replace(plan, image=prepared(plan.image))

    async def _take(self, plan: SessionPlan) -> bool:
        # By its new name until it is ours: whoever finds the session after a crash finds the container too.
        self.container = self._name
        taken = await self._spares.take(plan, name=self._name, rule=lambda way: self.way_out.take(plan, way))
        self.container = taken.container if taken else None
        if taken is None:
            return False
        created = ContainerState(status="created", container=taken.container, image_digest=taken.image, spare=True)
        self._record.publish(created)
        self._seen = taken.seen
        self._spares.made(plan, taken)
        return True

    async def _layered_again(self, plan: SessionPlan) -> SessionPlan:
        """An image that was seen without the agent is not tried again, unless it is another one by now."""
        if not self._lacks.lack(plan):
            return plan
        image: ImageFacts | None
        if is_looked_at_first(plan.image):
            image = await self._images.prepare(plan.image, self._record)
            plan = replace(plan, image=prepared(plan.image))
        else:
            image = await self._engine.image(plan.image.reference)
        lack = self._lacks.lack_of(plan, image.digest) if image else None
        return await self._layered(plan, image, lack) if image and lack else plan

    async def _layered(self, plan: SessionPlan, image: ImageFacts, lack: Lack) -> SessionPlan:
        await self._question.settle(plan, lack)
        changed = layered(plan, base_id=image.digest)
        await self._images.prepare(changed.image, self._record)
        said = f"{plan.agent.title} was laid on top of {plan.image.reference}, which has none: the session runs in"
        self._record.publish(Notice(severity="info", message=f"{said} {changed.image.reference}."))
        return changed

    async def _examined(self, plan: SessionPlan, image: ImageFacts) -> Lack | None:
        """What the image lacks. A container that cannot be used does not stay."""
        made, lack = self.container or "", None
        try:
            finding = await self._fitness.examine(made, image, plan)
            lack = finding.lack
        except ImageError:
            await self._discard(made)
            raise
        if lack:
            await self._discard(made)
        for remark in finding.remarks:
            self._record.publish(Notice(severity="warning", message=remark))
        return lack

    async def _discard(self, container: str) -> None:
        await self._engine.remove(container)
        self.container = None

    async def _made(self, plan: SessionPlan) -> ImageFacts | None:
        """Makes the plan's container; answers its image, None when the engine did not tell."""
        if is_looked_at_first(plan.image):
            await self._images.prepare(plan.image, self._record)
        made = await self._make(plan)
        if isinstance(made, ImageError) and made.kind == "image-not-found" and plan.image.policy == "auto":
            await self._images.prepare(plan.image, self._record)
            made = await self._make(plan)
        if isinstance(made, BerthError):
            raise made
        return made

    async def _make(self, plan: SessionPlan) -> ImageFacts | BerthError | None:
        """Creates the container, and looks the image up meanwhile: looking first would cost every start 4 ms."""
        found: list[ImageFacts] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._look_up, plan.image.reference, found)
            failure = await self._create(plan)
        return failure or (found[0] if found else None)

    async def _create(self, plan: SessionPlan) -> BerthError | None:
        # By its name until its id is known: a start cancelled meanwhile leaves a container, which must be found again.
        self.container = self._name
        try:
            container = await self.way_out.join(plan)
            self.container = await self._engine.create(container, name=self._name, command=launch_command())
        except BerthError as error:
            self.is_in_doubt = self.is_in_doubt or error.kind in ("engine-unreachable", "engine-busy")
            self.container = None
            return error
        return None

    async def _look_up(self, reference: str, found: list[ImageFacts]) -> None:
        with contextlib.suppress(BerthError):
            image = await self._engine.image(reference)
            found.extend([image] if image else [])
