"""A container that is made and never started, to look into an image and to put a login into a HOME."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from berth.agents.logins import Login
from berth.engine.base import Engine
from berth.engine.launcher import launch_command
from berth.errors import BerthError, ImageError
from berth.planning.agent_layer import agent_layer
from berth.planning.login_line import login_plan
from berth.planning.plan import SessionPlan
from berth.sessions.programs import ProgramSearch, search_path

logger = logging.getLogger(__name__)


async def login_image(engine: Engine, plan: SessionPlan, login: Login) -> SessionPlan:
    """The plan for a login in the first image on this machine that has the agent's own login command.

    That is the session's own, else the one with the agent on top, else Berth's own.

    Raises:
        ImageError: ``image-not-found``: none has.
    """
    async for reference in _images(engine, plan):
        candidate = login_plan(plan, login, image=reference)
        if await _has_login(engine, candidate):
            return candidate
    raise ImageError(
        "image-not-found",
        f"No image with {plan.agent.title}'s login command is on this machine yet.",
        "Start a session once, which makes one, then log in.",
    )


@asynccontextmanager
async def login_room(engine: Engine, plan: SessionPlan) -> AsyncIterator[str]:
    """A container of a login's plan for the time of a block. HOME's volume is made and the user's from then on."""
    name = f"berth-login-{secrets.token_hex(6)}"
    container = await engine.create(plan.container, name=name, command=launch_command())
    try:
        yield container
    finally:
        with anyio.CancelScope(shield=True):
            await _removed(engine, container)


async def _images(engine: Engine, plan: SessionPlan) -> AsyncIterator[str]:
    image, layer = await engine.image(plan.image.reference), plan.agent_layer
    if image is not None:
        yield plan.image.reference
    if layer is None:
        return
    if image is not None:
        with_agent = agent_layer(layer, plan.image, base_id=image.digest).reference
        if await engine.image(with_agent) is not None:
            yield with_agent
    if await engine.image(layer.agent.reference) is not None:
        yield layer.agent.reference


async def _has_login(engine: Engine, plan: SessionPlan) -> bool:
    image = await engine.image(plan.container.image)
    if image is None:
        return False
    async with login_room(engine, plan) as container:
        search = ProgramSearch(engine, container, uid=plan.container.user.uid)
        found = await search.find(plan.agent.argv[0], search_path(plan, image))
    return found is not None and not found.closed


async def _removed(engine: Engine, container: str) -> None:
    try:
        await engine.remove(container)
    except BerthError as error:
        logger.warning("The container of a login could not be removed: %s", error.kind)
