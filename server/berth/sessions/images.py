"""Makes sure that a plan's image is there, showing each step in the session that wants it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import anyio

from berth.engine.base import BuildStep, Engine, ImageFacts
from berth.errors import ImageError
from berth.planning.image_plan import BuildRecipe
from berth.planning.plan import ImagePlan
from berth.protocol.events import ImageProgress
from berth.protocol.session import State
from berth.sessions.record import Record

LOG_CHARACTERS = 2_000
"""A longer line of a build's output is cut in the event."""


class Images:
    """The images of one host. Sessions that want the same one wait for one build or pull."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is being built."""
        self._engine = engine
        self._locks: dict[str, anyio.Lock] = {}

    async def prepare(self, plan: ImagePlan, record: Record) -> ImageFacts:
        """The image's facts, after building or pulling it where the plan says so.

        Raises:
            ImageError: ``image-not-found``, ``registry-unreachable`` or ``build-failed``.
        """
        found = None if plan.policy == "force" else await self._engine.image(plan.reference)
        if found is not None:
            return found
        if plan.policy == "never":
            raise ImageError(
                "image-not-found",
                f"The image {plan.reference} is not on this machine and build is set to never.",
                "Build or pull it first, or start with build: auto.",
            )
        async with self._locks.setdefault(plan.reference, anyio.Lock()):
            return await self._make(plan, record)

    async def _make(self, plan: ImagePlan, record: Record) -> ImageFacts:
        found = await self._engine.image(plan.reference)
        if found is None or plan.policy == "force":
            if plan.base is not None:
                await self.prepare(plan.base, record)
            if record.state is not State.BUILDING:
                record.enter(State.BUILDING, why=f"Preparing the image {plan.reference}")
            async with self._steps(plan) as steps:
                await _show(steps, record)
            found = await self._engine.image(plan.reference)
        if found is None:
            raise ImageError(
                "image-not-found",
                f"The engine made {plan.reference} but does not have it.",
                "Look at the engine's log.",
            )
        return found

    def _steps(self, plan: ImagePlan) -> AbstractAsyncContextManager[AsyncIterator[BuildStep]]:
        if plan.recipe is not None:
            return self._engine.build(plan.recipe)
        return self._engine.pull(plan.reference)


def forced(plan: ImagePlan, *, no_cache: bool, pull: bool) -> ImagePlan:
    """The same image, made again: what a rebuild wants. What Berth does not build is pulled, on request only."""
    if plan.recipe is None:
        return replace(plan, policy="force" if pull else plan.policy)
    recipe: BuildRecipe = replace(plan.recipe, no_cache=no_cache, pull=pull)
    return replace(plan, policy="force", recipe=recipe)


async def _show(steps: AsyncIterator[BuildStep], record: Record) -> None:
    async for step in steps:
        log = step.log[:LOG_CHARACTERS] if step.log is not None else None
        record.publish(
            ImageProgress(step=step.step, current=step.current, total=step.total, cached=step.cached, log=log)
        )
        if log is None and step.current is not None:
            of = f" of {step.total}" if step.total else ""
            record.update(activity=f"Step {step.current}{of}")
