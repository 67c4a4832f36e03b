"""One plan being carried out, with its container or process. What commands can ask of a session is here."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio

from berth.engine.base import ContainerFacts
from berth.errors import BerthError, SessionError
from berth.planning.ends import Rungs
from berth.planning.explain_host import host_warning
from berth.planning.host_plan import AnyPlan
from berth.planning.mode import with_way_out
from berth.protocol.container_events import ContainerState
from berth.protocol.events import Notice
from berth.protocol.session import Exit, State
from berth.sessions.closing import Closing, close
from berth.sessions.engine_stopped import ending_seen
from berth.sessions.health import watched_health
from berth.sessions.housing import Housing
from berth.sessions.images import forced
from berth.sessions.ladder import climb
from berth.sessions.leave import Leave
from berth.sessions.left import life_left
from berth.sessions.life import Life, begun
from berth.sessions.limits import Within, within_limits
from berth.sessions.means import Means
from berth.sessions.mount_points import MountPoints
from berth.sessions.names import named
from berth.sessions.past import Begun, Past
from berth.sessions.record import Record
from berth.sessions.shown_limits import shown_limits, shown_network
from berth.sessions.spoken import Spoken
from berth.sessions.states import BRINGING_UP, ENDED, TALKING

logger = logging.getLogger(__name__)

START_TRIES = 3
"""How often a container is started whose launcher an engine lets hear nothing."""


class Session(Spoken):
    """One session. Commands answer at once; what they cause comes as events. A rebuild is about to take next_plan.

    ``is_hollow``: its plan was read from disk and has no variable's value; a restart needs one that was made anew.
    """

    def __init__(self, record: Record, plan: AnyPlan, means: Means, past: Past | None = None) -> None:
        """Starts nothing: see :meth:`begin`, and :meth:`adopt` for what an earlier host left."""
        super().__init__(record, past)
        self.plan = plan
        self._tasks = means.tasks
        self._housing = Housing(means, record, self._inquiry)
        self._leave = Leave(self._inquiry, means.allowed)
        self._mount_points = MountPoints(means.engine, means.ground)
        self._conversation: str | None = None
        self.next_plan: AnyPlan | None = None
        self.is_hollow = past is not None
        self._again, self._why = False, ""
        self._scope, self._over = anyio.CancelScope(), anyio.Event()

    @property
    def housing(self) -> Housing:
        """Where its agent runs."""
        return self._housing

    @property
    def could_go_on(self) -> bool:
        """Whether a restart would resume what was said."""
        return self._conversation is not None

    def begin(self) -> None:
        """Carries the plan out in the background. Whoever reads on sees first that there is no container."""
        plan = self.next_plan or self.plan
        if plan.mode == "host":
            self.record.publish(Notice(severity="warning", message=host_warning(plan)))
        self._over, self._scope, self._again, self._why = anyio.Event(), anyio.CancelScope(), False, ""
        self._tasks.start_soon(self._run, self._live)

    def adopt(self, past: Past) -> None:
        """Takes up what an earlier host left, in the background. The plan is one without values of variables."""
        self._housing.take_over(past)
        self._conversation = past.conversation
        if self.record.state in ENDED:
            self._taken_up.set()
            self._over.set()
        else:
            self._tasks.start_soon(self._run, lambda: self._go_on(past))

    def stop(self, grace: float | None = None, *, why: str = "") -> None:
        """Walks the ladder in the background; a start in progress is cancelled. No effect once stopping or ended.

        ``grace`` is for each rung, the plan's when None. ``why`` is a sentence for people, where no person asked.
        """
        if self.record.state in ENDED or self.record.state is State.STOPPING:
            return
        starting = self.record.state in BRINGING_UP or self._inquiry.is_open or self._life is None
        self._why = why
        self.record.enter(State.STOPPING, why=why or ("The start was cancelled." if starting else ""), activity=None)
        if starting:
            self._scope.cancel()
        else:
            self._tasks.start_soon(self._climb, grace)

    def restart(self, plan: AnyPlan | None = None) -> None:
        """The same container, the agent anew, the conversation resumed where the agent can.

        ``plan`` takes the place of one without values; it must be of the same shape.
        """
        if plan is not None:
            self.plan, self.is_hollow = plan, False
        self._begin_again(None)

    def rebuild(self, plan: AnyPlan, *, no_cache: bool, pull: bool) -> None:
        """A new container from a new plan, the conversation resumed where the agent can."""
        if plan.mode == "container":
            plan = replace(plan, image=forced(plan.image, no_cache=no_cache, pull=pull))
        self._begin_again(plan)

    async def remove(self) -> None:
        """Ends it at once if it runs, and removes the container and what is this session's alone."""
        await self._end_now()
        await self._housing.clear(self.plan)

    async def logs(self, lines: int) -> str:
        """The last lines that were printed; empty while nothing was started."""
        return await self._housing.tail(lines)

    def may_have(self, facts: ContainerFacts) -> bool:
        """Whether a container that was made for this session is the one it uses, or may be about to use."""
        container = self._housing.container
        return container in (facts.id, facts.name) or (container is None and self.record.state not in ENDED)

    def shell(self) -> tuple[str, ...]:
        """The argv that opens a shell where the agent runs."""
        container = self._housing.container
        if container is None or self.record.state not in TALKING:
            raise self._wrong_state("open a shell", "Wait until it is ready, or restart it.")
        return self._housing.shell(self.plan, container)

    def _begin_again(self, plan: AnyPlan | None) -> None:
        if self._again:
            raise self._wrong_state("begin again", "It is being restarted already.")
        self._again, self.next_plan = True, plan
        self._tasks.start_soon(self._restart)

    async def _restart(self) -> None:
        await self._end_now()
        self.record.enter(State.PLANNED, exit=None, ended_at=None)
        self.begin()

    async def _run(self, live: Callable[[], Awaitable[None]]) -> None:
        """Lives one life; every error becomes the state ``failed``."""
        try:
            with self._scope:
                await live()
            if self._scope.cancelled_caught:
                await self._fail(SessionError("start-cancelled", "The start was cancelled.", "Start it again."))
        except BerthError as error:
            self.next_plan = None
            await self._fail(with_way_out(error))
        except Exception:
            logger.exception("Session %s failed", self.info.id)
            await self._fail(BerthError("internal-error", "Berth made a mistake.", "Its log file says more."))
        finally:
            if self.record.state in ENDED:  # else the host closes, and the agent goes on
                await self._mount_points.clear(self._housing.container)
            self._taken_up.set()
            self._over.set()

    async def _live(self) -> None:
        # nothing is made, and nothing of an earlier life is taken away, before the yes
        await self._leave.obtain(self.next_plan or self.plan)
        await self._take_next_plan()
        await self._mount_points.make(self.plan)
        self.plan, container = await self._housing.provide(self.plan)
        life = self._life = self._new_life(begun(self.plan, container, self._housing.cursor, self._conversation))
        await self._lead(life, life.run)

    async def _go_on(self, past: Past) -> None:
        self._mount_points.take_over(self.plan)
        left = await life_left(self._housing, past, self.record)
        await self._housing.go_on(self.plan)
        life = self._life = self._new_life(left)
        self._taken_up.set()
        if self.record.state is State.STOPPING:
            self._tasks.start_soon(self._climb, None)
        await self._lead(life, lambda: life.go_on(past))

    def _new_life(self, begun: Begun) -> Life:
        return self._housing.life(self.plan, self._turns, begun)

    async def _lead(self, life: Life, live: Callable[[], Awaitable[None]], *, tries: int = START_TRIES) -> None:
        within = Within(self._tasks, self.plan, self.record, life.rest_of(self.plan.time_limit))
        limited = within_limits(within, life.hold.ends_with(lambda why: self.stop(why=why)))
        with limited, watched_health(self._tasks, self._housing.runner, self.plan, record=self.record):
            await live()
        self._housing.cursor = life.cursor
        if (ready := life.conversation.ready) is not None:
            self._conversation = ready.conversation if ready.resumable else None
        if not life.ended.is_set():
            await self._housing.kill()
        if life.was_unheard and tries > 1:
            await self._housing.ended()
            again = self._life = self._new_life(begun(self.plan, life.begun.container, life.cursor, self._conversation))
            await self._lead(again, again.run, tries=tries - 1)
        else:
            await self._finish(life)

    async def _take_next_plan(self) -> None:
        if self.next_plan is None:
            return
        self.plan, self.next_plan, self.is_hollow = self.next_plan, None, False
        self.record.update(limits=shown_limits(self.plan), network=shown_network(self.plan))
        await self._housing.remove()
        name = named(self.info.name, self.plan.mode)
        self.record.update(name=name, profile=self.plan.profile, agent=self.plan.agent.name, mode=self.plan.mode)

    async def _finish(self, life: Life) -> None:
        """The container has ended: says how."""
        end = await ending_seen(self._housing, self.plan, life)
        self.record.publish(ContainerState(status="exited", container=self._housing.shown, exit=end.exit))
        self._close(life.failure or end.error, end.exit, end.exit.reason)

    async def _fail(self, error: BerthError) -> None:
        with anyio.CancelScope(shield=True):  # the life did not come to its own end: nothing goes on running
            await self._housing.kill()
        self._close(error, None, self._why or error.message)

    def _close(self, error: BerthError | None, ended: Exit | None, why: str) -> None:
        if self._life is not None:
            self._life.conversation.close("the session ended")
        close(self.record, self._turns, Closing(error, ended, why, because=self._why))

    async def _climb(self, grace: float | None) -> None:
        life, container = self._life, self._housing.container
        rungs = self.plan.ends.rungs if grace is None else Rungs.each(grace)
        if life is None or container is None:
            return
        if not await climb(self._housing.runner, container, life, rungs=rungs):
            self._why = "The engine did not end the agent; it may still run."
            self._scope.cancel()

    async def _end_now(self) -> None:
        """Ends the present life without ceremony and waits for it."""
        if self.record.state not in ENDED:
            self.stop(0.0)
            await self._housing.kill()
        await self._over.wait()
