"""Holders that a host left behind when it was killed: nobody's session is in their network, and nobody will come."""

from collections import Counter
from datetime import UTC, datetime

from berth.engine.base import ContainerFacts, Engine
from berth.planning.labels import LABEL, LANE_LABEL

OLD_SECONDS = 600.0
"""A younger one may be another host's, about to be joined."""


async def remove_orphans(engine: Engine, proxy: str) -> None:
    """Removes the holders of a proxy that are old and that no container, running or not, has joined.

    Raises:
        EngineError: What the engine says.
    """
    holders = await engine.containers({f"{LABEL}.proxy": proxy})
    if not holders:
        return
    everyone = await engine.containers({LABEL: "1"})
    joined = Counter(facts.labels.get(LANE_LABEL, "") for facts in everyone)
    for holder in holders:
        if joined[holder.labels.get(LANE_LABEL, "")] < 2 and is_old(holder, datetime.now(UTC)):
            await engine.remove(holder.id)


def is_old(holder: ContainerFacts, now: datetime) -> bool:
    """Whether it was started a while ago; one whose time cannot be read is not."""
    if len(holder.started_at) < 20 or not holder.started_at.endswith("Z"):
        return False
    begun = datetime.fromisoformat(holder.started_at[:19]).replace(tzinfo=UTC)
    return (now - begun).total_seconds() > OLD_SECONDS
