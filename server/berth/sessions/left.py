"""What an earlier host left of a session that it did not bring up, or that nobody can watch yet."""

import logging

import anyio

from berth.engine.base import ContainerFacts, Runner
from berth.errors import BerthError, EngineError, SessionError
from berth.protocol.session import State
from berth.sessions.housing import Housing
from berth.sessions.past import Begun, Past
from berth.sessions.record import Record

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between two questions to an engine that does not answer; each wait is twice the one before."""

_AWAY = frozenset({"engine-unreachable", "engine-busy"})

_DOING = {
    State.PLANNED: "it was being prepared",
    State.BUILDING: "its image was being made",
    State.STARTING: "it was starting",
    State.WAITING: "it waited for your yes",
    State.STOPPING: "it was stopping",
}


async def life_left(housing: Housing, past: Past, record: Record) -> Begun:
    """The life that can be gone on with. Waits for the engine, for as long as it takes.

    Raises:
        SessionError: ``host-ended``: the agent had not been started for certain. What was made for it is gone.
        EngineError: ``container-gone``.
    """
    if record.info.mode == "host":
        raise SessionError("host-ended", "The agent's process ended with Berth.", "Restart it to go on.")
    facts = await _look(housing.runner, past.container, record)
    if past.life is None or not past.launched:
        if facts is not None and facts.status == "created":
            await housing.remove()
        doing = _DOING.get(record.state, "it was starting")
        raise SessionError("host-ended", f"Berth ended while {doing}.", "Restart it.")
    if facts is None:
        message = "The session's container was removed while nobody watched."
        raise EngineError("container-gone", message, "Rebuild the session to go on.")
    return past.life


async def _look(runner: Runner, container: str | None, record: Record) -> ContainerFacts | None:
    if container is None:
        return None
    wait, activity = FIRST_WAIT, record.info.activity
    while True:
        try:
            facts = await runner.inspect(container)
        except BerthError as error:
            if error.kind not in _AWAY:
                raise
            logger.info("The engine does not answer yet: %s", error.kind)
        else:
            if record.info.activity != activity:
                record.update(activity=activity)
            return facts
        record.update(activity="Waiting for the engine")
        await anyio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
