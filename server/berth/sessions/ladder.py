"""How a running agent is ended: each rung harder than the one before, each an event, none skipped in silence."""

from typing import Literal

import anyio

from berth.engine.base import Engine
from berth.protocol.events import StopStep
from berth.sessions.record import Record

GRACE_SECONDS = 5.0
"""How long each rung waits. Docker's own default is 10 s before SIGKILL; VS Code gives a server 2 s in all."""

_SIGNALS: tuple[Literal["SIGINT", "SIGTERM", "SIGKILL"], ...] = ("SIGINT", "SIGTERM", "SIGKILL")


async def climb(engine: Engine, record: Record, *, container: str, ended: anyio.Event, grace: float) -> None:
    """Sends SIGINT, SIGTERM, SIGKILL until ``ended`` is set, waiting ``grace`` seconds after each."""
    for signal in _SIGNALS:
        await engine.signal(container, signal)
        with anyio.move_on_after(grace if signal != "SIGKILL" else max(grace, GRACE_SECONDS)):
            await ended.wait()
        record.publish(StopStep(step=signal, outcome="ended" if ended.is_set() else "still-running"))
        if ended.is_set():
            return
