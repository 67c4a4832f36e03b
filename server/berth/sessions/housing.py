"""The container or process of one session: made when it is needed, kept over restarts, replaced by a rebuild."""

import logging
import re

import anyio

from berth.engine.base import ContainerFacts, Runner
from berth.engine.launcher import launch_command
from berth.errors import BerthError, EngineError
from berth.planning.host_plan import AnyPlan, HostSessionPlan
from berth.planning.labels import LABEL
from berth.planning.plan import SessionPlan
from berth.protocol.container_events import ContainerState
from berth.protocol.session import State
from berth.sessions.egress.way_out import WayOut
from berth.sessions.inquiry import Inquiry
from berth.sessions.late_end import end_late
from berth.sessions.leftovers import remove_leftover
from berth.sessions.life import Life
from berth.sessions.login_notice import login_notice
from berth.sessions.means import Means
from berth.sessions.new_container import NewContainer
from berth.sessions.past import Begun, Past
from berth.sessions.record import Record
from berth.sessions.surroundings import Surroundings
from berth.sessions.turns import Turns

logger = logging.getLogger(__name__)

ENDING_SECONDS = 30.0
"""An engine that has not ended a killed container by then hangs."""


class Housing:
    """Where a session's agent runs. ``cursor`` is how far its output was read.

    ``container`` is its id for ``runner``, also of a process; clients are told of real containers only.
    """

    def __init__(self, means: Means, record: Record, inquiry: Inquiry) -> None:
        """Nothing there yet."""
        self._engine = means.engine
        self._processes = means.processes
        self._tasks = means.tasks
        self._new = NewContainer(means, record, inquiry, lives_in=self._live_in)
        self._record = record
        self.runner: Runner = means.engine
        self._passing_volume: str | None = None
        self._container: str | None = None
        self._is_taken_over = False
        self.cursor = ""

    @property
    def container(self) -> str | None:
        """What the agent runs in; None when nothing was made yet."""
        return self._container

    @container.setter
    def container(self, container: str | None) -> None:
        self._container = container
        self._record.note("housed", {"container": container, "volume": self._passing_volume})

    def _live_in(self, container: str | None) -> None:
        self.container = container

    def take_over(self, past: Past) -> None:
        """Takes what an earlier host left. Processes end with their host: none is left."""
        self._passing_volume, self.cursor = past.volume, past.reached.cursor
        self._container = None if self._record.info.mode == "host" else past.container
        self._is_taken_over = True

    @property
    def way_out(self) -> WayOut:
        """The way to the network of what is here."""
        return self._new.way_out

    async def go_on(self, plan: AnyPlan) -> None:
        """What an earlier host left goes on, its way to the network too. Raises what the engine says when it looks."""
        if plan.mode == "container" and self._container:
            await self.way_out.go_on(plan, await self._engine.inspect(self._container))

    def life(self, plan: AnyPlan, turns: Turns, begun: Begun) -> Life:
        """A run of what is here. Its plan is the one that was carried out, with the network that was joined."""
        engine = self._engine if plan.mode == "container" else None
        around = Surroundings(
            self.runner, self.way_out.joined(plan), self._record, turns, self._new.take_seen(), engine=engine
        )
        life = Life(around, begun)
        self.way_out.speak_through(life.conversation)
        return life

    @property
    def shown(self) -> str | None:
        """The container's id for clients; None when there is no container, or a process in its place."""
        return None if self.runner is self._processes else self.container

    def shell(self, plan: AnyPlan, container: str) -> tuple[str, ...]:
        """The argv that opens a shell there, whose programs know the way to the network."""
        return self.runner.shell(container, plan.network.variables() if plan.mode == "container" else {})

    async def provide(self, plan: AnyPlan) -> tuple[AnyPlan, str]:
        """Makes what the plan says where there is nothing; the session is ``starting``.

        Answers the plan, whose image may have got the agent on top, and the id.
        """
        kept = await self._kept()
        if kept is not None:
            await self._ended_before(kept)
            self.container = kept.id
            await self.way_out.open_again(plan, kept)
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

    async def _kept(self) -> ContainerFacts | None:
        """What an earlier life ran in. What never ran has nothing in it, and perhaps cannot be started any more.

        An engine that dies amid a start forgets what it had begun, and then refuses to begin it again.
        """
        kept = await self.runner.inspect(self.container) if self.container else None
        if kept is not None and kept.status == "created":
            await self.remove()
            return None
        return kept

    async def _ended_before(self, kept: ContainerFacts) -> None:
        """An earlier life is over before the next one: an engine that was away may not have ended it."""
        if kept.status in ("running", "paused", "restarting"):
            await self.runner.signal(kept.id, "SIGKILL")
            with anyio.move_on_after(ENDING_SECONDS) as scope:
                await self.runner.wait(kept.id)
            if scope.cancelled_caught:
                sentence = f"What ran before in {kept.name} did not end in {ENDING_SECONDS:.0f} seconds."
                raise EngineError("engine-busy", sentence, "Restart the engine, or rebuild the session.")

    async def _provide_process(self, plan: HostSessionPlan) -> None:
        self.runner, self.cursor = self._processes, ""
        self.container = await self._processes.create(plan.process, name=self._name(plan), command=launch_command())
        self._record.enter(State.STARTING, image=None, container=None, activity=None)

    async def _provide_container(self, plan: SessionPlan) -> SessionPlan:
        """Makes the container; answers the plan, changed where the image lacked the agent."""
        self.runner = self._engine
        await self.tidy(plan)
        await self._keep_volume(plan)
        self.cursor = ""
        return await self._new.make(plan, name=self._name(plan))

    async def plan_label(self) -> str | None:
        """The fingerprint that its container was made from; None where there is no container."""
        facts = await self.runner.inspect(self.container) if self.container else None
        return facts.labels.get(f"{LABEL}.plan") if facts else None

    async def tail(self, lines: int) -> str:
        """The last lines that were printed; empty while nothing was started."""
        if self.container is None:
            return ""
        return (await self.runner.tail(self.container, lines=lines)).decode(errors="replace")

    async def ended(self) -> ContainerFacts | None:
        """Waits until it no longer runs; None when it is gone."""
        return None if self.container is None else await self.runner.wait(self.container)

    async def kill(self) -> None:
        """Ends it at once, if there is one; where the engine does not answer, as soon as it does."""
        if self.container is None:
            return
        try:
            await self.runner.signal(self.container, "SIGKILL")
        except BerthError as error:
            logger.warning("Could not end the agent of %s: %s", self._record.info.id, error.kind)
            self._tasks.start_soon(end_late, self.runner, self.container, self._record)

    async def remove(self) -> None:
        """Removes it, running or not. HOME's volume stays."""
        if self.container is None:
            await self.way_out.close()
            return
        if self._is_taken_over and self.runner is self._engine:
            await self.way_out.find(await self._engine.inspect(self.container))
        await self.runner.remove(self.container)
        await self.way_out.close()
        self._record.publish(ContainerState(status="removed", container=self.shown))
        self.container = None
        self._record.update(container=None)

    async def tidy(self, plan: AnyPlan) -> None:
        """Where host or engine may have died amid making a container, removes one that nobody knows of."""
        if (self._is_taken_over or self._new.is_in_doubt) and plan.mode == "container":
            await remove_leftover(self._engine, plan, self._name(plan))

    async def clear(self, plan: AnyPlan) -> None:
        """Removes it, and the HOME that was this session's alone."""
        await self.remove()
        await self.tidy(plan)
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
