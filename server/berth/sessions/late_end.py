"""Ends what could not be ended when its session was: the engine did not answer."""

import logging

import anyio

from berth.engine.base import Runner
from berth.errors import BerthError
from berth.sessions.record import Record
from berth.sessions.states import ENDED

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between two tries; each wait is twice the one before."""


async def end_late(runner: Runner, container: str, record: Record) -> None:
    """Kills it as soon as the engine answers, unless its session has begun again: whoever begins ends it first."""
    wait = FIRST_WAIT
    while True:
        await anyio.sleep(wait)
        if record.state not in ENDED:
            return
        try:
            await runner.signal(container, "SIGKILL")
        except BerthError as error:
            logger.info("The agent of %s cannot be ended yet: %s", record.info.id, error.kind)
        else:
            return
        wait = min(2 * wait, LONGEST_WAIT)
