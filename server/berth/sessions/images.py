"""Makes sure that a plan's image is there and current, showing each step in the session that wants it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, Protocol

import anyio

from berth.engine.base import BuildStep, Engine, ImageFacts
from berth.engine.process.feature_build import FeatureBuild, lay_features
from berth.errors import ImageError
from berth.planning.image_plan import BASES_LABEL, BuildRecipe, ImagePlan
from berth.protocol.container_events import ImageProgress
from berth.protocol.event_body import EventBody
from berth.protocol.session import State
from berth.sessions.superseded import earlier_images, remove_superseded

LOG_CHARACTERS = 2_000
"""A longer line of a build's output is cut in the event."""


class Progress(Protocol):
    """Where the steps of an image go: a session's record, or nobody's eyes."""

    @property
    def state(self) -> State:
        """Where it is."""
        ...

    def enter(self, state: State, *, why: str = "") -> None:
        """A build or pull begins."""
        ...

    def publish(self, body: EventBody) -> None:
        """A step."""
        ...

    def update(self, **changes: Any) -> None:
        """What a person sees of it in short."""
        ...


class Images:
    """The images of one host. Sessions that want the same one wait for one build or pull."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is being built."""
        self._engine = engine
        self._locks: dict[str, anyio.Lock] = {}

    async def prepare(self, plan: ImagePlan, record: Progress) -> ImageFacts:
        """The image's facts, after building or pulling it, and what it lies on, where the plan says so.

        An image from a workspace's Dockerfile is current when its tag is there, which has all that it was built from,
        and the images that it was built on are still those that their names mean.

        Raises:
            ImageError: ``image-not-found``, ``registry-unreachable``, ``build-failed``, ``bad-dockerfile``,
                ``bad-context`` or ``context-changed``.
        """
        below = await self._below(plan, record)
        found = await self._current(plan, below)
        if found is not None:
            return found
        if plan.policy == "never" or (plan.recipe is None and plan.pull == "never"):
            raise _not_here(plan)
        async with self._locks.setdefault(plan.reference, anyio.Lock()):
            found = None if _is_forced(plan) else await self._current(plan, below)
            return found or await self._make(_labelled(plan, below), record)

    async def _below(self, plan: ImagePlan, record: Progress) -> Mapping[str, str]:
        """The ids of the images that a build is on, by reference; those that are missing are brought here first.

        BuildKit leaves no trace of them that could be asked for later, so they are pulled by themselves.
        """
        if plan.features is not None and plan.base is not None:
            return {plan.base.reference: (await self.prepare(plan.base, record)).digest}
        recipe = plan.recipe
        if recipe is None or not _is_compared(plan):
            return {}
        bases = [_base(reference, plan) for reference in recipe.bases]
        plans = [*([plan.base] if plan.base else []), *bases]
        return {base.reference: (await self.prepare(base, record)).digest for base in plans}

    async def _current(self, plan: ImagePlan, below: Mapping[str, str]) -> ImageFacts | None:
        """The image where it is there and need not be made again."""
        if _is_forced(plan):
            return None
        found = await self._engine.image(plan.reference)
        if found is None or not below or plan.policy == "never":
            return found
        return found if found.labels.get(BASES_LABEL) == _as_label(below) else None

    async def _make(self, plan: ImagePlan, record: Progress) -> ImageFacts:
        if plan.base is not None and not _is_compared(plan):
            await self.prepare(plan.base, record)
        if record.state is not State.BUILDING:
            record.enter(State.BUILDING, why=await self._why(plan))
        async with self._steps(plan) as steps:
            await _show(steps, record)
        found = await self._engine.image(plan.reference)
        if found is None:
            raise ImageError(
                "image-not-found",
                f"The engine made {plan.reference} but does not have it.",
                "Look at the engine's log.",
            )
        await remove_superseded(self._engine, plan)
        return found

    async def _why(self, plan: ImagePlan) -> str:
        if plan.recipe is not None and await earlier_images(self._engine, plan):
            return f"{plan.recipe.dockerfile}, or what it takes or lies on, has changed: building {plan.reference}"
        return f"Preparing the image {plan.reference}"

    def _steps(self, plan: ImagePlan) -> AbstractAsyncContextManager[AsyncIterator[BuildStep]]:
        if plan.recipe is not None:
            return self._engine.build(plan.recipe)
        if plan.features is not None and plan.base is not None:
            return lay_features(FeatureBuild(plan.features, plan.base.reference, plan.reference))
        return self._engine.pull(plan.reference)


def is_looked_at_first(plan: ImagePlan) -> bool:
    """Whether the image must be asked for before a container is made of it.

    Others are not: the engine says by itself that an image is missing, and asking first costs every start 4 ms.
    """
    if plan.policy != "auto" or plan.pull != "missing" or plan.features is not None:
        return True
    return plan.recipe is not None and bool(plan.recipe.boundary)


def prepared(plan: ImagePlan) -> ImagePlan:
    """The same image once it was prepared: what was made or pulled a moment ago is not made or pulled again."""
    pull = "missing" if plan.pull == "always" else plan.pull
    return replace(plan, policy="auto" if plan.policy == "force" else plan.policy, pull=pull)


def forced(plan: ImagePlan, *, no_cache: bool, pull: bool) -> ImagePlan:
    """The same image, made again: what a rebuild wants. What Berth does not build is pulled, on request only."""
    if plan.features is not None and plan.base is not None:
        below = forced(plan.base, no_cache=no_cache, pull=pull)
        return replace(plan, policy="force", base=below, features=replace(plan.features, no_cache=no_cache))
    if plan.recipe is None:
        return replace(plan, policy="force" if pull else plan.policy)
    recipe: BuildRecipe = replace(plan.recipe, no_cache=no_cache, pull=pull)
    base = plan.base
    if base is not None and base.recipe is None:
        base = forced(base, no_cache=False, pull=pull)
    return replace(plan, policy="force", recipe=recipe, base=base, pull="always" if pull else plan.pull)


def _is_compared(plan: ImagePlan) -> bool:
    """Whether an image is current only as long as those that it lies on are the same. They are there before it then."""
    return plan.features is not None or (plan.recipe is not None and plan.recipe.boundary is not None)


def _base(reference: str, plan: ImagePlan) -> ImagePlan:
    return ImagePlan(reference, None, "never" if plan.policy == "never" else "auto", plan.reason, pull=plan.pull)


def _is_forced(plan: ImagePlan) -> bool:
    return plan.policy == "force" or (plan.recipe is None and plan.pull == "always" and plan.policy != "never")


def _labelled(plan: ImagePlan, below: Mapping[str, str]) -> ImagePlan:
    if plan.features is not None:
        return replace(plan, features=replace(plan.features, labels={BASES_LABEL: _as_label(below)}))
    if plan.recipe is None or not below:
        return plan
    return replace(plan, recipe=replace(plan.recipe, labels={**plan.recipe.labels, BASES_LABEL: _as_label(below)}))


def _as_label(below: Mapping[str, str]) -> str:
    return json.dumps(dict(below), sort_keys=True)


def _not_here(plan: ImagePlan) -> ImageError:
    why = "build is set to never" if plan.policy == "never" else "berth.docker.pull is set to never"
    return ImageError(
        "image-not-found",
        f"The image {plan.reference} is not on this machine and {why}.",
        "Build or pull it first, or let Berth do it (build: auto, berth.docker.pull: missing).",
    )


async def _show(steps: AsyncIterator[BuildStep], record: Progress) -> None:
    async for step in steps:
        log = step.log[:LOG_CHARACTERS] if step.log is not None else None
        record.publish(
            ImageProgress(
                step=step.step,
                current=step.current,
                total=step.total,
                cached=step.cached,
                log=log,
                bytes_done=step.bytes_done,
                bytes_total=step.bytes_total,
            )
        )
        if log is None and step.current is not None:
            of = f" of {step.total}" if step.total else ""
            record.update(activity=f"Step {step.current}{of}")
