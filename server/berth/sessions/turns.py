"""Prompts that wait, and the turn that runs: one at a time, whatever the agent could do by itself."""

from collections import deque
from typing import Literal

import anyio

from berth.agents.base import Prompt, TurnOver
from berth.errors import BerthError
from berth.protocol.container_events import StopStep
from berth.protocol.events import TurnEnded, TurnStarted
from berth.protocol.session import TurnInfo
from berth.protocol.workspace_events import FilesChanged
from berth.sessions.past import Past, Queued
from berth.sessions.record import Record, error_data, now


class Turns:
    """The turns of one session, numbered ``t1``, ``t2`` and so on."""

    def __init__(self, record: Record, past: Past | None = None) -> None:
        """No turn yet; or those that an earlier host left."""
        self._record = record
        self._count = past.turns if past else 0
        self._waiting: deque[Queued] = deque(past.waiting if past else ())
        self._arrived = anyio.Event()
        self._idle = anyio.Event()
        self.running: Queued | None = past.running if past else None

    def add(self, prompt: Prompt) -> tuple[str, int]:
        """Queues a prompt; answers its turn and how many run or wait before it."""
        self._count += 1
        queued = Queued(f"t{self._count}", prompt)
        self._record.note("queued", queued.note())
        self._waiting.append(queued)
        place = len(self._waiting) - 1 + (self.running is not None)
        self._record.update(queued=len(self._waiting))
        self._arrived.set()
        return queued.turn, place

    async def next(self) -> Queued:
        """Waits for a prompt and begins its turn."""
        while not self._waiting:
            self._arrived = anyio.Event()
            await self._arrived.wait()
        queued = self._waiting.popleft()
        self._begin(queued)
        return queued

    def end(self, over: TurnOver, changed: FilesChanged | None = None) -> None:
        """Ends the running turn; no effect when none runs."""
        info = self._record.info.turn
        if self.running is None or info is None:
            return
        if changed is not None and changed.paths:
            self._record.publish(changed)
        self._record.publish(
            TurnEnded(
                state=over.state,
                stop_reason=over.stop_reason,
                duration=max(0, now() - info.started_at),
                error=error_data(over.error) if over.error else None,
            )
        )
        self._record.note("over", {"turn": self.running.turn})
        self.running = None
        self._idle.set()
        self._record.within_turn(None)
        ended = info.model_copy(update={"state": over.state, "stop_reason": over.stop_reason})
        self._record.update(turn=ended, activity=None)

    async def settle(self, seconds: float) -> None:
        """Waits at most so long for a cancelled turn to end, and publishes what came of it."""
        with anyio.move_on_after(seconds):
            await self._idle.wait()
        outcome: Literal["ended", "still-running"] = "ended" if self.running is None else "still-running"
        self._record.publish(StopStep(step="cancel", outcome=outcome))

    def fail_all(self, error: BerthError) -> None:
        """Ends the running turn and every waiting one with an error, so that nobody waits for them."""
        self.end(TurnOver("error", "session-ended", error))
        while self._waiting:
            self._begin(self._waiting.popleft())
            self.end(TurnOver("error", "never-sent", error))

    def _begin(self, queued: Queued) -> None:
        self._record.note("begun", {"turn": queued.turn})
        self.running = queued
        self._idle = anyio.Event()
        self._record.within_turn(queued.turn)
        titles = tuple(block.title for block in queued.prompt.context)
        self._record.publish(TurnStarted(prompt=queued.prompt.text, context=titles))
        info = TurnInfo(id=queued.turn, prompt=queued.prompt.text, started_at=now())
        self._record.update(turn=info, queued=len(self._waiting))
