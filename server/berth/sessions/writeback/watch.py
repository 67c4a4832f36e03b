"""Looks at a workspace round every turn of one life: what changed, and what of it could run on the host."""

from typing import Literal

from anyio import to_thread

from berth.planning.host_plan import AnyPlan
from berth.protocol.workspace_events import FilesChanged, WritebackFound
from berth.sessions.changes import changes
from berth.sessions.record import Record
from berth.sessions.writeback.sweep import MAX_FINDINGS, Sight, sight, sweep


class Watch:
    """One life's looks. Each is compared with the one before, so that nothing falls between two turns."""

    def __init__(self, plan: AnyPlan, record: Record) -> None:
        """Nothing was looked at yet."""
        self._workspace = plan.workspace
        self._contained = plan.mode == "container"
        self._record = record
        self._last: Sight | None = None

    async def begin(self) -> None:
        """Before the agent runs."""
        self._last = await to_thread.run_sync(sight, self._workspace)

    async def begin_turn(self) -> None:
        """Tells what was written since the last turn: by a process that the agent left, or by the person."""
        await self._tell("between")

    async def end_turn(self) -> FilesChanged | None:
        """Tells what the turn wrote that could run; answers what it changed."""
        before, after = await self._tell("turn")
        return changes(self._workspace, before.look, after.look) if before else None

    async def end(self, *, during: Literal["turn", "between"]) -> None:
        """The program has ended, in the middle of a turn or not."""
        await self._tell(during)

    async def _tell(self, during: Literal["turn", "between"]) -> tuple[Sight | None, Sight]:
        before = self._last
        after = self._last = await to_thread.run_sync(sight, self._workspace)
        if before and self._contained:  # an agent without a container could have run it all itself
            found = await to_thread.run_sync(sweep, self._workspace, before, after)
            if found:
                truncated = after.look.truncated or len(found) > MAX_FINDINGS
                shown = tuple(found[:MAX_FINDINGS])
                self._record.publish(WritebackFound(findings=shown, during=during, truncated=truncated))
        return before, after
