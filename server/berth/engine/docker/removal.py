"""Waits for a container's removal that somebody else began."""

import anyio

from berth.engine.docker.api import Api
from berth.engine.docker.errors import Subject
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import BerthError, EngineError

REMOVAL_SECONDS = 30.0
"""How long it is waited for."""

_REMOVED = {"condition": "removed"}


async def removed(api: Api, container: str) -> None:
    """Waits until it is gone.

    Raises:
        EngineError: ``engine-busy``: it was not removed in :data:`REMOVAL_SECONDS`.
    """
    request = Request("POST", f"/containers/{container}/wait", query=_REMOVED)
    try:
        with anyio.fail_after(REMOVAL_SECONDS):
            async with api.request(request, subject=Subject(container[:12])) as response:
                await response.read()
    except (TimeoutError, BrokenStream):
        message = f"The engine did not remove the container {container[:12]} in {REMOVAL_SECONDS:.0f} seconds."
        raise EngineError("engine-busy", message, "Try again, or restart the engine.") from None
    except BerthError as error:
        if error.kind != "container-gone":
            raise
