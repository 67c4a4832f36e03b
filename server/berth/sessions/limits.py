"""What ends a session without anybody asking: its time limit, and its idle limit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
from anyio.abc import TaskGroup

from berth.planning.host_plan import AnyPlan
from berth.protocol.events import Notice
from berth.protocol.session import State
from berth.sessions.deadline import deadline
from berth.sessions.record import Record
from berth.settings.quantities import shown_duration

WARNING_SHARE = 0.2
WARNING_SECONDS = 120.0
"""A session is told of beforehand: a fifth of its idle limit, and at most two minutes before."""


@dataclass(frozen=True, slots=True)
class Within:
    """What is watched. ``rest``: seconds that are left of the plan's time limit; a life may have begun long ago."""

    tasks: TaskGroup
    plan: AnyPlan
    record: Record
    rest: float | None


@contextmanager
def within_limits(within: Within, stop: Callable[[str], None]) -> Iterator[None]:
    """Calls ``stop`` with a sentence when a limit of the plan is reached while the block runs.

    The clock is the loop's: on Linux it stands still while the machine sleeps.
    """
    tasks, plan, record = within.tasks, within.plan, within.record
    scope = anyio.CancelScope()

    async def watch(seconds: float) -> None:
        with scope:
            await idle(record, seconds)
            stop(f"The session's idle limit of {_shown(seconds)} was reached: nobody asked it for anything.")

    if plan.idle_limit is not None:
        tasks.start_soon(watch, plan.idle_limit)
    reached = f"The session's time limit of {_shown(plan.time_limit or 0.0)} was reached."
    try:
        with deadline(tasks, within.rest, lambda: stop(reached)):
            yield
    finally:
        scope.cancel()


async def idle(record: Record, seconds: float) -> None:
    """Returns when the session was idle for so long without a break: no turn ran, and no question was open."""
    last = min(WARNING_SECONDS, seconds * WARNING_SHARE)
    while True:
        moved = record.moved
        if record.state is not State.IDLE:
            await moved.wait()
        elif not await _moves(moved, seconds - last):
            sentence = f"The session is idle and will be stopped in {_shown(last)}, unless it is asked for something."
            record.publish(Notice(severity="warning", message=sentence))
            if not await _moves(moved, last):
                return


async def _moves(moved: anyio.Event, seconds: float) -> bool:
    with anyio.move_on_after(seconds):
        await moved.wait()
    return moved.is_set()


def _shown(seconds: float) -> str:
    return f"{seconds:.3g}s" if seconds < 60 else shown_duration(seconds)
