"""The container or process of one session: made when it is needed, kept over restarts, replaced by a rebuild."""

import contextlib
import logging
import re
from dataclasses import replace

import anyio

from berth.engine.base import ContainerFacts, ImageFacts, Runner
from berth.engine.launcher import launch_command
from berth.errors import BerthError, ImageError
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.layering import layered
from berth.planning.plan import SessionPlan
from berth.protocol.events import ContainerState, Notice
from berth.protocol.session import State
from berth.sessions.agent_question import AgentQuestion
from berth.sessions.egress.way_out import WayOut
from berth.sessions.fitness import Lack
from berth.sessions.images import is_looked_at_first, prepared
from berth.sessions.inquiry import Inquiry
from berth.sessions.life import Life
from berth.sessions.login_notice import login_notice
from berth.sessions.means import Means
from berth.sessions.record import Record
from berth.sessions.turns import Turns

logger = logging.getLogger(__name__)


class Housing:
    """Where a session's agent runs. ``cursor`` is how far its output was read.

    ``container`` is its id for ``runner``, also of a process; clients are told of real containers only.
    """

    def __init__(self, means: Means, record: Record, inquiry: Inquiry) -> None:
        """Nothing there yet."""
        self._engine = means.engine
        self._images = means.images
        self._processes = means.processes
        self._fitness = means.fitness
        self._lacks = means.lacks
        self._question = AgentQuestion(inquiry, means.lacks)
        self._record = record
        self.runner: Runner = means.engine
        self._passing_volume: str | None = None
        self._way_out = WayOut(means, record)
        self.container: str | None = None
        self.cursor = ""

    @property
    def shown(self) -> str | None:
        """The container's id for clients; None when there is no container, or a process in its place."""
        return None if self.runner is self._processes else self.container

    async def provide(self, plan: AnyPlan) -> tuple[AnyPlan, str]:
        """Makes what the plan says where there is nothing; the session is ``starting``.

        Answers the plan, whose image may have got the agent on top, and the id.
        """
        kept = await self.runner.inspect(self.container) if self.container else None
        if kept is not None:
            self.container = kept.id
            await self._way_out.open_again()
            self._record.enter(State.STARTING, container=self.shown, activity=None)
        elif isinstance(plan, HostSessionPlan):
            await self._provide_process(plan)
        else:
            plan = await self._provide_container(plan)
            self._record.enter(State.STARTING, image=plan.image.reference, container=self.container, activity=None)
        made = self.container or ""
        if not isinstance(plan, HostSessionPlan) and (notice := await login_notice(self._engine, made, plan)):
            self._record.publish(notice)
        return plan, made

    async def _provide_process(self, plan: HostSessionPlan) -> None:
        self.runner, self.cursor = self._processes, ""
        self.container = await self._processes.create(plan.process, name=self._name(plan), command=launch_command())
        self._record.enter(State.STARTING, image=None, container=None, activity=None)

    async def _provide_container(self, plan: SessionPlan) -> SessionPlan:
        """Makes the container; answers the plan, changed where the image lacked the agent."""
        self.runner = self._engine
        await self._keep_volume(plan)
        plan = await self._layered_again(plan)
        image = await self._made(plan)
        lack = await self._examined(plan, image) if image else None
        if image and lack:
            self._lacks.remember(plan, image.digest, lack)
            plan = await self._layered(plan, image, lack)
            image = await self._made(plan)
        digest = image.digest if image else None
        self._record.publish(ContainerState(status="created", container=self.container, image_digest=digest))
        return plan

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
        self.container, self.cursor = self._name(plan), ""
        try:
            container = await self._way_out.join(plan)
            self.container = await self._engine.create(container, name=self.container, command=launch_command())
        except BerthError as error:
            self.container = None
            return error
        return None

    async def _look_up(self, reference: str, found: list[ImageFacts]) -> None:
        with contextlib.suppress(BerthError):
            image = await self._engine.image(reference)
            found.extend([image] if image else [])

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
        """Removes it, running or not. HOME's volume stays."""
        if self.container is None:
            await self._way_out.close()
            return
        await self.runner.remove(self.container)
        await self._way_out.close()
        self._record.publish(ContainerState(status="removed", container=self.shown))
        self.container = None
        self._record.update(container=None)

    def life(self, plan: AnyPlan, turns: Turns) -> Life:
        """A run of what is here, not yet begun."""
        life = Life(runner=self.runner, plan=plan, record=self._record, turns=turns)
        self._way_out.speak_through(life.conversation)
        return life

    async def clear(self) -> None:
        """Removes it, and the HOME that was this session's alone."""
        await self.remove()
        await self._keep_volume(None)

    async def _keep_volume(self, plan: SessionPlan | None) -> None:
        """Removes the session's own HOME of an earlier plan."""
        login = plan.login if plan else None
        wanted = login.volume if login and login.scope == "none" else None
        if self._passing_volume not in (None, wanted):
            await self._engine.remove_volume(str(self._passing_volume))
        self._passing_volume = wanted

    def _name(self, plan: AnyPlan) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", plan.workspace.name.lower())[:24].strip("-")
        return f"berth-{slug or 'session'}-{self._record.info.id}"
