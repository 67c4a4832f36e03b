"""How a session's container says that it is, where somebody asked for a health check. Otherwise nothing is asked."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from anyio.abc import TaskGroup

from berth.engine.base import Runner
from berth.errors import BerthError
from berth.planning.host_plan import AnyPlan
from berth.protocol.container_events import HealthChanged
from berth.sessions.record import Record

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 5.0
"""How often the engine is asked what came of its checks, which it makes every thirty seconds by default."""


@contextmanager
def watched_health(tasks: TaskGroup, runner: Runner, plan: AnyPlan, *, record: Record) -> Iterator[None]:
    """Publishes every change of the health of the record's container while the block runs."""
    scope = anyio.CancelScope()

    async def watch(container: str) -> None:
        with scope:
            await _follow(runner, container, record, scope)

    container = record.info.container
    if plan.mode == "container" and plan.container.options.life.health and container:
        tasks.start_soon(watch, container)
    try:
        yield
    finally:
        scope.cancel()
        if record.info.health is not None:
            record.update(health=None)


async def _follow(runner: Runner, container: str, record: Record, scope: anyio.CancelScope) -> None:
    while True:
        try:
            facts = await runner.inspect(container)
        except BerthError as error:
            logger.info("The health of a container is not known: %s", error.kind)
        else:
            if scope.cancel_called:  # an answer that was under way when the session ended: a thread is not cancelled
                return
            health = facts.health if facts else None
            if health is not None and health != record.info.health:
                record.publish(HealthChanged(health=health))
                record.update(health=health)
        await anyio.sleep(PERIOD_SECONDS)
