"""Builds the image of a workspace's Dockerfile before anybody starts a session of it."""

import logging
from pathlib import Path
from typing import Any

from berth.errors import BerthError, BuildFailed
from berth.host.build_findings import built_from
from berth.host.connections import Connection
from berth.host.findings import Finding
from berth.host.host import Host
from berth.protocol.event_body import EventBody
from berth.protocol.plans import PlanArguments
from berth.protocol.session import State

logger = logging.getLogger(__name__)


class Unseen:
    """Progress that nobody watches."""

    state = State.BUILDING

    def enter(self, state: State, *, why: str = "") -> None:
        """Logged, since a build takes the machine's time."""
        logger.info("In the background: %s (%s)", why, state)

    def publish(self, body: EventBody) -> None:
        """Nobody looks."""

    def update(self, **changes: Any) -> None:
        """Nobody looks."""


async def prebuild(host: Host, connection: Connection, folder: Path) -> Finding | None:
    """Builds what a session without further wishes would need, where that may be done unasked.

    Returns:
        What is wrong with the Dockerfile, where the build failed.
    """
    try:
        plan = await host.planner.plan(connection, PlanArguments(workspace_folder=str(folder)), session="prebuild")
        refused = any(breach.level != "ask" for breach in plan.breaches)
        if plan.mode != "container" or not built_from(plan) or refused or not await host.allowance.allows(plan):
            return None
        await host.images.prepare(plan.image, Unseen())
        if plan.network.image is not None:
            await host.images.prepare(plan.network.image, Unseen())
    except BuildFailed as error:
        if not error.file:
            return None
        return Finding(folder / error.file, error.line or 1, error.kind, f"{error.message} {error.hint}", "error")
    except BerthError as error:
        logger.info("Nothing is built in the background: %s", error.kind)
    return None
