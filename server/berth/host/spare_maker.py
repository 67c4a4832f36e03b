"""Makes spares, looks at one before a session gets it, and takes away what no session got."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import anyio
from anyio import to_thread

from berth.engine.base import ContainerFacts, Engine
from berth.engine.launcher import waiting_command
from berth.errors import BerthError, EngineError
from berth.host.spare import Spare, sources_of
from berth.planning.labels import LANE_LABEL
from berth.planning.plan import ContainerPlan, SessionPlan
from berth.planning.spares import NAME, spare_container
from berth.sessions import mount_points
from berth.sessions.egress.containers import holder_name
from berth.sessions.egress.way_out import joined
from berth.sessions.egress.ways import Ways
from berth.sessions.spares import Rule

logger = logging.getLogger(__name__)

OWN_CLOCK_SECONDS = 300
"""So much longer than its host would keep it a spare waits by its own clock: only one whose host died ends by that."""


class Maker:
    """Works on one engine. ``ways`` are the ways to the network of all sessions of the host."""

    def __init__(self, engine: Engine, ways: Ways) -> None:
        """Nothing is made."""
        self.engine = engine
        self._ways = ways

    async def bring_up(self, spare: Spare, *, host: str) -> None:
        """Creates and starts its container. There is no secret in it: what a session has beyond it comes over stdin.

        Raises:
            BerthError: The engine refused, or a folder was replaced in the meantime.
        """
        wish = spare.wish
        plan = spare_container(wish.shape, spare=spare.name.removeprefix(NAME), host=host)
        command = waiting_command(round(wish.rule.expire_after) + OWN_CLOCK_SECONDS)
        await mount_points.make(wish.plan)
        spare.sources = await to_thread.run_sync(sources_of, plan)
        if wish.plan.network.mode == "allowlist":
            spare.way = await self._ways.shut(wish.plan.network)
        spare.container = await self.engine.create(_behind(spare, plan), name=spare.name, command=command)
        await self.engine.start(spare.container)
        if spare.sources != await to_thread.run_sync(sources_of, plan):
            raise EngineError("engine-failed", "A mounted folder was replaced while a container was made.", "")
        if wish.rule.paused:
            await self.engine.pause(spare.container)
        spare.expires_at = anyio.current_time() + wish.rule.expire_after

    async def looked_at(self, spare: Spare, plan: SessionPlan, rule: Rule) -> Mapping[str, str] | None:
        """Looks whether it is what a new container of a session's plan would be, and running. Nothing is in it yet.

        All at the same time, since it is what a start waits for; its way to the network gets its rules meanwhile.

        Returns:
            What was seen of its confinement; None where it is not so, or the engine does not tell.
        """
        engine, seen = self.engine, dict[str, str]()

        async def has_image() -> bool:
            image = await engine.image(plan.image.reference)
            return image is not None and image.digest == spare.wish.shape.image

        async def has_sources() -> bool:
            return spare.sources == await to_thread.run_sync(sources_of, spare.wish.shape.container)

        async def has_holder() -> bool:
            holder = await engine.inspect(spare.way.holder) if spare.way else None
            return spare.way is None or (holder is not None and holder.status == "running")

        async def has_rules() -> bool:
            if spare.way is not None:
                await rule(spare.way)
            return True

        async def is_confined() -> bool:
            if spare.wish.rule.paused:
                await engine.unpause(spare.container)
            found = await engine.confinement(spare.container, _behind(spare, plan.container))
            seen.update(found.seen)
            return found.runs and not found.differences

        return seen if await _all((has_image, has_sources, has_holder, has_rules, is_confined)) else None

    async def remove(self, spare: Spare) -> None:
        """Removes what there is of it. Raises what the engine says; then it may be tried again."""
        await self.engine.remove(spare.container or spare.name)
        if spare.way is not None:
            await self._ways.close(spare.way)

    async def remove_left(self, facts: ContainerFacts) -> None:
        """The same of one that another host left. Raises as :meth:`remove` does."""
        await self.engine.remove(facts.id)
        if lane := facts.labels.get(LANE_LABEL):
            await self.engine.remove(holder_name(lane))


def _behind(spare: Spare, plan: ContainerPlan) -> ContainerPlan:
    """The container as it is made: in the network of its holder, where it has one."""
    return joined(plan, spare.way) if spare.way else plan


async def _all(checks: tuple[Callable[[], Awaitable[bool]], ...]) -> bool:
    """Whether each holds; an error is a no."""
    answers: list[bool] = []

    async def ask(check: Callable[[], Awaitable[bool]]) -> None:
        try:
            answers.append(await check())
        except BerthError as error:
            logger.info("A spare could not be taken: %s", error.kind)
            answers.append(False)

    async with anyio.create_task_group() as tasks:
        for each in checks:
            tasks.start_soon(ask, each)
    return all(answers)
