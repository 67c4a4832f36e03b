"""Removes sessions that are past their time, at the host's start and once a day (``berth.docker.keepStopped``)."""

import logging
from collections.abc import Awaitable, Callable, Sequence

import anyio

from berth.errors import BerthError

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 86_400.0
FIRST_SECONDS = 60.0
"""A host has better things to do in its first minute, and has found its sessions by then."""


async def expire_for_ever(expire: Callable[[], Awaitable[Sequence[object]]]) -> None:
    """Calls it until cancelled. An engine that is away is asked again the next day."""
    await anyio.sleep(FIRST_SECONDS)
    while True:
        try:
            gone = await expire()
        except BerthError as error:
            logger.warning("Sessions past their time stay for now: %s", error.kind)
        else:
            if gone:
                logger.info("%d sessions past their time were removed", len(gone))
        await anyio.sleep(PERIOD_SECONDS)
