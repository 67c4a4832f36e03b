"""How a running agent is ended: each rung harder than the one before, each an event, none skipped in silence."""

import logging
from typing import Literal

import anyio

from berth.engine.base import Runner
from berth.errors import BerthError
from berth.planning.ends import Rungs
from berth.protocol.container_events import StopStep
from berth.sessions.life import Life

logger = logging.getLogger(__name__)

Signal = Literal["SIGINT", "SIGTERM", "SIGKILL"]


async def climb(runner: Runner, container: str, life: Life, *, rungs: Rungs) -> bool:
    """Cancels the turn, then sends SIGINT, SIGTERM, SIGKILL, waiting after each, until the life has ended.

    The first process gets the signal (a plain process: its whole tree). What it leaves behind ends with it.

    Returns:
        Whether it has ended. False: the engine did not even kill it.
    """
    if life.hold.is_paused:
        rungs = Rungs.each(0.0)  # what was paused is not given the time to go on
        await life.hold.release()
    await life.hush(rungs.cancel)
    steps: tuple[tuple[Signal, float], ...] = (
        ("SIGINT", rungs.interrupt),
        ("SIGTERM", rungs.terminate),
        ("SIGKILL", rungs.kill),
    )
    for signal, grace in steps:
        outcome = await _step(runner, container, signal)
        with anyio.move_on_after(grace):
            await life.ended.wait()
        life.record.publish(StopStep(step=signal, outcome="ended" if life.ended.is_set() else outcome))
        if life.ended.is_set():
            return True
    return False


async def _step(runner: Runner, container: str, signal: Signal) -> Literal["still-running", "failed"]:
    try:
        await runner.signal(container, signal)
    except BerthError as error:
        logger.warning("%s could not be sent: %s", signal, error.kind)
        return "failed"
    return "still-running"
