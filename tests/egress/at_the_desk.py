"""A desk in this process, and the proxy's end of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.orders import set_order
from berth_egress.desk import Desk as DeskSeen
from berth_egress.lane import Lane
from berth_egress.rules import Entry, Rules


@dataclass
class Hosted:
    """One host's desk, in a folder where others may be."""

    desk: Desk
    folder: Path

    async def seen(self, *hosts: PlannedHost, lane: str = "one") -> DeskSeen:
        """The desk as the proxy knows it for a lane that lists these."""
        order = await self.desk.noted(set_order(lane, NetworkPlan("allowlist", allowed=hosts), hold=0.0))
        return DeskSeen(str(self.folder / order["desk"]["socket"]), order["desk"]["token"])

    async def lane(self, *hosts: PlannedHost) -> Lane:
        """A lane of the proxy that lists these."""
        entries = tuple(Entry(host.host, host.port, host.opaque, host.inside) for host in hosts)
        lane = Lane("test", lambda _: None)
        lane.change(Rules(allow=entries, desk=await self.seen(*hosts)))
        return lane


@asynccontextmanager
async def hosted(folder: Path) -> AsyncIterator[Hosted]:
    """Until the block is left, as when a host ends."""
    async with anyio.create_task_group() as tasks:
        yield Hosted(Desk(folder / "desk", tasks), folder / "desk")
        tasks.cancel_scope.cancel()
