"""Starts a session's container or process, whose launcher then waits for what is to run in it."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio

from berth.errors import BerthError
from berth.protocol.container_events import ContainerState
from berth.sessions.confined import confined
from berth.sessions.input_line import InputLine
from berth.sessions.surroundings import Surroundings


async def bring_up(around: Surroundings, line: InputLine, look: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Opens its stdin, starts it, sees that it is the one that was planned, and tells. One that had waited was seen.

    Args:
        around: What runs it.
        line: The way to its stdin, which has to be open before it starts.
        look: Done meanwhile, and before this returns: a look at a large workspace takes longer than the engine.

    Raises:
        EngineError: It has no stdin, could not be started, or is not the one that was planned.
    """
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        failure = await _start(around, line)
    if failure is not None:
        raise failure


async def _start(around: Surroundings, line: InputLine) -> BerthError | None:
    """Answers the error: raised in a task group it would come out in a group of errors."""
    record, container = around.record, line.container
    try:
        await line.open()
        await record.flush()
        seen = around.seen
        if seen is None:
            await around.runner.start(container)
            seen = await confined(around.runner, container, around.plan)
    except BerthError as error:
        return error
    record.publish(ContainerState(status="started", container=record.info.container, confinement=seen))
    return None
