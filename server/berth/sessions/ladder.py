"""How a running agent is ended: each rung harder than the one before, each an event, none skipped in silence."""

from typing import Literal

import anyio

from berth.engine.base import Runner
from berth.protocol.events import StopStep
from berth.sessions.life import Life

GRACE_SECONDS = 5.0
"""How long each rung waits. Docker's own default is 10 s before SIGKILL; VS Code gives a server 2 s in all."""

_SIGNALS: tuple[Literal["SIGINT", "SIGTERM", "SIGKILL"], ...] = ("SIGINT", "SIGTERM", "SIGKILL")


async def climb(runner: Runner, container: str, life: Life, *, grace: float) -> None:
    """Sends SIGINT, SIGTERM, SIGKILL until the life has ended, waiting ``grace`` seconds after each."""
    for signal in _SIGNALS:
        await runner.signal(container, signal)
        with anyio.move_on_after(grace if signal != "SIGKILL" else max(grace, GRACE_SECONDS)):
            await life.ended.wait()
        life.record.publish(StopStep(step=signal, outcome="ended" if life.ended.is_set() else "still-running"))
        if life.ended.is_set():
            return
