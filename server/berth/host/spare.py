"""One container that waits for its session: made, and looked at again before a session gets it."""

import logging
import math
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

import anyio
from anyio import to_thread

from berth.engine.base import Engine
from berth.engine.launcher import waiting_command
from berth.errors import BerthError, EngineError
from berth.planning.plan import ContainerPlan, SessionPlan
from berth.planning.spares import NAME, Place, Shape, place, shape, spare_container
from berth.planning.spares_plan import SparesPlan
from berth.sessions import mount_points

logger = logging.getLogger(__name__)

OWN_CLOCK_SECONDS = 300
"""So much longer than its host would keep it a spare waits by its own clock: only one whose host died ends by that."""

Sources = Mapping[str, tuple[int, int]]
"""Device and inode of each bind mount's source, and of each mount point in the workspace.

A mount stays with the inode, whatever comes to the path later; and where a mount point goes, the kernel takes the mount
in the container away with it, which may be what keeps a folder from being written.
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """That a container of this shape waits. ``place`` is what people start; ``rule`` how many, and how long.

    ``plan`` is the one it comes from, without its variables: a spare is made only where that is allowed.
    """

    shape: Shape
    place: Place
    rule: SparesPlan
    plan: SessionPlan = field(repr=False, compare=False)


def wish_of(plan: SessionPlan, image: str) -> Wish:
    """That another container waits like the one that a session of this plan has, of the image with this id."""
    bare = replace(plan, agent=replace(plan.agent, environment=()))
    return Wish(shape(plan, image), place(plan), plan.spares, bare)


@dataclass(eq=False, slots=True)
class Spare:
    """A container that waits, or is about to. ``expires_at`` is on the event loop's clock.

    Until ``container``, its id, is known it is found by its name.
    """

    wish: Wish
    name: str = field(default_factory=lambda: f"{NAME}{secrets.token_hex(6)}")
    container: str = ""
    sources: Sources = field(default_factory=dict)
    expires_at: float = math.inf


async def bring_up(engine: Engine, spare: Spare, *, host: str) -> None:
    """Creates and starts its container. There is no secret in it: what a session has beyond it comes over stdin.

    Raises:
        BerthError: The engine refused, or a folder was replaced in the meantime.
    """
    wish = spare.wish
    plan = spare_container(wish.shape, spare=spare.name.removeprefix(NAME), host=host)
    command = waiting_command(round(wish.rule.expire_after) + OWN_CLOCK_SECONDS)
    await mount_points.make(wish.plan)
    spare.sources = await to_thread.run_sync(sources_of, plan)
    spare.container = await engine.create(plan, name=spare.name, command=command)
    await engine.start(spare.container)
    if spare.sources != await to_thread.run_sync(sources_of, plan):
        raise EngineError("engine-failed", "A mounted folder was replaced while a container was made.", "")
    if wish.rule.paused:
        await engine.pause(spare.container)
    spare.expires_at = anyio.current_time() + wish.rule.expire_after


async def looked_at(engine: Engine, spare: Spare, plan: SessionPlan) -> Mapping[str, str] | None:
    """Looks whether it is what a new container of the plan would be, and running; what was seen of its confinement.

    Nothing of a session is in it yet. All is asked at the same time, since it is what a start waits for.

    Args:
        engine: Where it is.
        spare: Nobody else's from now on.
        plan: The session's.

    Returns:
        None where it is not, or the engine does not tell.
    """
    seen: dict[str, str] = {}

    async def has_image() -> bool:
        image = await engine.image(plan.image.reference)
        return image is not None and image.digest == spare.wish.shape.image

    async def has_sources() -> bool:
        return spare.sources == await to_thread.run_sync(sources_of, spare.wish.shape.container)

    async def is_confined() -> bool:
        if spare.wish.rule.paused:
            await engine.unpause(spare.container)
        found = await engine.confinement(spare.container, plan.container)
        seen.update(found.seen)
        return found.runs and not found.differences

    return seen if await _all((has_image, has_sources, is_confined)) else None


def sources_of(container: ContainerPlan) -> Sources:
    """Which folders and files are mounted and mounted over, links followed, without those that are gone. Blocks."""
    found = {}
    inside = f"{container.workdir}/"
    targets = (mount.target for mount in container.mounts if mount.target.startswith(inside))
    for path in {*(mount.source for mount in container.mounts if mount.type == "bind"), *targets}:
        try:
            status = os.stat(path)  # noqa: PTH116 - these are the engine's paths, not ours
        except OSError:
            continue
        found[path] = (status.st_dev, status.st_ino)
    return found


async def _all(checks: tuple[Callable[[], Awaitable[bool]], ...]) -> bool:
    """Whether each holds, asked at the same time, since it is what a start waits for; an error is a no."""
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
