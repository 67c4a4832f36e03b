"""One plan being carried out, with its container or process. What commands can ask of a session is here."""

import logging
from dataclasses import replace

import anyio

from berth.agents.base import Prompt
from berth.errors import BerthError, SessionError, TrustError
from berth.planning.explain_host import host_warning
from berth.planning.host_plan import AnyPlan
from berth.planning.mode import with_way_out
from berth.protocol.commands import RespondArguments
from berth.protocol.events import ContainerState, Notice
from berth.protocol.session import Exit, SessionInfo, State
from berth.sessions.deadline import deadline
from berth.sessions.ending import ending
from berth.sessions.housing import Housing
from berth.sessions.images import forced
from berth.sessions.inquiry import Inquiry
from berth.sessions.ladder import GRACE_SECONDS, climb
from berth.sessions.leave import Leave
from berth.sessions.life import Life
from berth.sessions.means import Means
from berth.sessions.names import named
from berth.sessions.record import Record
from berth.sessions.states import BRINGING_UP, ENDED, TALKING
from berth.sessions.turns import Turns
from berth.settings.quantities import shown_duration

logger = logging.getLogger(__name__)


class Session:
    """One session. Commands answer at once; what they cause comes as events. A rebuild is about to take next_plan."""

    def __init__(self, record: Record, plan: AnyPlan, means: Means) -> None:
        """Starts nothing: see :meth:`begin`."""
        self.record = record
        self.plan = plan
        self._tasks = means.tasks
        self._inquiry = Inquiry(record)
        self._housing = Housing(means, record, self._inquiry)
        self._turns = Turns(record)
        self._leave = Leave(self._inquiry, means.allowed)
        self._life: Life | None = None
        self._conversation: str | None = None
        self.next_plan: AnyPlan | None = None
        self._again = False
        self._why = ""
        self._scope, self._over = anyio.CancelScope(), anyio.Event()

    @property
    def info(self) -> SessionInfo:
        """The session as clients see it."""
        return self.record.info

    def begin(self) -> None:
        """Carries the plan out in the background. Whoever reads on sees first that there is no container."""
        plan = self.next_plan or self.plan
        if plan.mode == "host":
            self.record.publish(Notice(severity="warning", message=host_warning(plan)))
        self._over, self._scope, self._again = anyio.Event(), anyio.CancelScope(), False
        self._tasks.start_soon(self._run)

    def prompt(self, prompt: Prompt) -> tuple[str, int]:
        """Queues a prompt; answers its turn and its place.

        Raises:
            SessionError: ``wrong-state``: the session has ended.
        """
        if self.record.state in ENDED or self.record.state is State.STOPPING:
            raise self._wrong_state("take a prompt", "Restart it first.")
        return self._turns.add(prompt)

    def cancel(self) -> None:
        """Cancels the running turn.

        Raises:
            SessionError: ``wrong-state``: no turn runs.
        """
        if self._turns.running is None:
            raise self._wrong_state("cancel a turn", "No turn is running; agent.stop ends the session.")
        self._talking("cancel a turn").conversation.cancel()

    def respond(self, arguments: RespondArguments, *, by: str) -> None:
        """Answers a question. Raises as :meth:`berth.sessions.questions.Questions.read` does."""
        if not self._inquiry.is_open and self._life is None:
            raise self._wrong_state("take an answer", "Nothing was asked yet.")
        asker = self._inquiry if self._inquiry.is_open or self._life is None else self._life.conversation
        asker.respond(arguments, by=by)

    def set_option(self, option: str, value: str) -> None:
        """Changes a mode, model or config option of the agent."""
        self._talking("change an option").conversation.set_option(option, value)

    def stop(self, grace: float, *, why: str = "") -> None:
        """Walks the ladder in the background; a start in progress is cancelled. No effect once stopping or ended.

        ``why`` is a sentence for people, where it was not a person who asked.
        """
        if self.record.state in ENDED or self.record.state is State.STOPPING:
            return
        starting = self.record.state in BRINGING_UP or self._inquiry.is_open
        self._why = why
        self.record.enter(State.STOPPING, why=why or ("The start was cancelled." if starting else ""), activity=None)
        if starting:
            self._scope.cancel()
        else:
            self._tasks.start_soon(self._climb, grace)

    def restart(self) -> None:
        """The same container, the agent anew, the conversation resumed where the agent can."""
        self._begin_again(None)

    def rebuild(self, plan: AnyPlan, *, no_cache: bool, pull: bool) -> None:
        """A new container from a new plan, the conversation resumed where the agent can."""
        if plan.mode == "container":
            plan = replace(plan, image=forced(plan.image, no_cache=no_cache, pull=pull))
        self._begin_again(plan)

    async def remove(self) -> None:
        """Ends it at once if it runs, and removes the container and what is this session's alone."""
        await self._end_now()
        await self._housing.clear()

    async def logs(self, lines: int) -> str:
        """The last lines that were printed; empty while nothing was started."""
        return await self._housing.tail(lines)

    def shell(self) -> tuple[str, ...]:
        """The argv that opens a shell where the agent runs."""
        container = self._housing.container
        if container is None or self.record.state not in TALKING:
            raise self._wrong_state("open a shell", "Wait until it is ready, or restart it.")
        return self._housing.runner.shell(container)

    def _begin_again(self, plan: AnyPlan | None) -> None:
        if self._again:
            raise self._wrong_state("begin again", "It is being restarted already.")
        self._again, self.next_plan = True, plan
        self._tasks.start_soon(self._restart)

    async def _restart(self) -> None:
        await self._end_now()
        self.record.enter(State.PLANNED, exit=None)
        self.begin()

    async def _run(self) -> None:
        """Lives one life; every error becomes the state ``failed``."""
        try:
            with self._scope:
                await self._live()
            if self._scope.cancelled_caught:
                await self._fail(SessionError("start-cancelled", "The start was cancelled.", "Start it again."))
        except BerthError as error:
            await self._fail(with_way_out(error))
        except Exception:
            logger.exception("Session %s failed", self.info.id)
            await self._fail(BerthError("internal-error", "Berth made a mistake.", "Its log file says more."))
        finally:
            self._over.set()

    async def _live(self) -> None:
        await self._ask_leave()
        await self._take_next_plan()
        self.plan, container = await self._housing.provide(self.plan)
        life = self._life = self._housing.life(self.plan, self._turns)
        with deadline(self._tasks, self.plan.time_limit, self._time_is_up):
            await life.run(container, since=self._housing.cursor, resume=self._conversation)
        self._housing.cursor = life.printed.cursor
        ready = life.conversation.ready
        if ready is not None:
            self._conversation = ready.conversation if ready.resumable else None
        if not life.ended.is_set():
            await self._housing.kill()
        await self._finish(life)

    async def _ask_leave(self) -> None:
        """Nothing is made, and nothing of an earlier life is taken away, before the yes."""
        try:
            await self._leave.obtain(self.next_plan or self.plan)
        except TrustError:
            self.next_plan = None
            raise

    async def _take_next_plan(self) -> None:
        if self.next_plan is None:
            return
        self.plan, self.next_plan = self.next_plan, None
        await self._housing.remove()
        name = named(self.info.name, self.plan.mode)
        self.record.update(name=name, profile=self.plan.profile, agent=self.plan.agent.name, mode=self.plan.mode)

    async def _finish(self, life: Life) -> None:
        """The container has ended: says how."""
        facts = await self._housing.ended()
        end = ending(facts, self.plan, life.printed)
        self.record.publish(ContainerState(status="exited", container=self._housing.shown, exit=end.exit))
        self._close(life.failure or end.error, exit=end.exit, why=end.exit.reason)

    async def _fail(self, error: BerthError) -> None:
        """The life did not come to its own end: nothing goes on running."""
        with anyio.CancelScope(shield=True):
            await self._housing.kill()
        self._close(error, exit=None, why=error.message)

    def _close(self, error: BerthError | None, *, exit: Exit | None, why: str) -> None:  # noqa: A002 - the wire's word
        stopping = self.record.state is State.STOPPING
        if exit and stopping and self._why:
            exit = exit.model_copy(update={"reason": self._why})  # noqa: A001 - the wire's word
        if self._life is not None:
            self._life.conversation.close("the session ended")
        stopped = SessionError("session-ended", "The session ended before the turn did.", "Restart it to go on.")
        self._turns.fail_all(stopped if stopping or error is None else error)
        if stopping or error is None:
            self.record.enter(State.STOPPED, why="" if exit and stopping else why, exit=exit, activity=None)
        else:
            self.record.enter(State.FAILED, error=error, exit=exit, activity=None)

    def _time_is_up(self) -> None:
        limit = self.plan.time_limit or 0.0
        self.stop(GRACE_SECONDS, why=f"The session's time limit of {shown_duration(limit)} was reached.")

    async def _climb(self, grace: float) -> None:
        life, container = self._life, self._housing.container
        if life is None or container is None:
            return
        try:
            await life.hush(min(grace, 2.0))
            await climb(self._housing.runner, container, life, grace=grace)
        except BerthError as error:
            logger.warning("Stopping %s failed: %s", self.info.id, error.kind)
            self._scope.cancel()

    async def _end_now(self) -> None:
        """Ends the present life without ceremony and waits for it."""
        if self.record.state not in ENDED:
            if self.record.state is not State.STOPPING:
                self.stop(0.0)
            await self._housing.kill()
        await self._over.wait()

    def _talking(self, what: str) -> Life:
        if self._life is None or self._inquiry.is_open or self.record.state not in TALKING:
            raise self._wrong_state(what, "Wait until it is ready, or restart it.")
        return self._life

    def _wrong_state(self, what: str, hint: str) -> SessionError:
        return SessionError("wrong-state", f"{self.info.name} cannot {what} now: it is {self.record.state}.", hint)
