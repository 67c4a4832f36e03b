"""Writes to a container's stdin over an attach of our own, which carries no output and so can never stop the agent."""

import anyio

from berth.engine.docker.api import LOOK_SECONDS, Api
from berth.engine.docker.errors import Subject, from_exception, from_message
from berth.engine.docker.wire import BrokenStream, Connection, Request
from berth.errors import EngineError

WRITE_SECONDS = 60.0
"""An agent that takes no byte of its stdin for so long hangs; 32 MB into a busy one takes a second."""

_READ_BYTES = 4096
_QUERY = {"stream": 1, "stdin": 1, "stdout": 0, "stderr": 0}
_UPGRADE = {"Connection": "Upgrade", "Upgrade": "tcp"}


class ContainerInput:
    """The writing end of a container's stdin, until closed or broken."""

    def __init__(self, connection: Connection, container: str) -> None:
        self._connection = connection
        self._container = container
        self._lock = anyio.Lock()

    async def write(self, data: bytes) -> None:
        """Writes all of it; writers take turns.

        Raises:
            EngineError: ``container-gone``: the engine closed it; ``engine-busy``: nothing was taken in time.
        """
        async with self._lock:
            if self._connection.reader.at_eof() or self._connection.writer.is_closing():
                raise _gone(self._container)
            try:
                with anyio.fail_after(WRITE_SECONDS):
                    self._connection.writer.write(data)
                    await self._connection.writer.drain()
            except TimeoutError:
                message = (
                    f"The container {self._container[:12]} has not read its input for {WRITE_SECONDS:.0f} seconds."
                )
                raise EngineError("engine-busy", message, "The agent may hang: stop or restart the session.") from None
            except OSError:
                raise _gone(self._container) from None

    async def until_lost(self) -> None:
        """Returns once the connection has ended; nothing else comes over it."""
        try:
            while await self._connection.reader.read(_READ_BYTES):
                pass
        except OSError:
            return

    async def aclose(self) -> None:
        """Lets go of the connection, sending what was written; the container's stdin stays open."""
        writer = self._connection.writer
        writer.close()
        with anyio.move_on_after(1, shield=True):
            try:
                await writer.wait_closed()
            except OSError:
                return


async def attach_stdin(api: Api, container: str) -> ContainerInput:
    """Attaches to a container's stdin, created or running.

    Raises:
        BerthError: ``container-gone`` and what else keeps the engine from it.
    """
    return await _opened(api, container, Request("POST", f"/containers/{container}/attach", _QUERY, _UPGRADE))


async def exec_stdin(api: Api, container: str, writer: str) -> ContainerInput:
    """Starts a prepared ``exec`` that writes to a container's stdin, and gives its own.

    Raises:
        BerthError: As :func:`attach_stdin`.
    """
    body = b'{"Detach":false,"Tty":false}'
    headers = {**_UPGRADE, "Content-Type": "application/json", "Content-Length": str(len(body))}
    return await _opened(api, container, Request("POST", f"/exec/{writer}/start", headers=headers, body=[body]))


async def _opened(api: Api, container: str, request: Request) -> ContainerInput:
    try:
        with anyio.fail_after(LOOK_SECONDS):
            connection, response = await api.open(request)
    except BrokenStream:
        raise _gone(container) from None
    except TimeoutError as error:
        raise from_exception(error, address=api.endpoint.url) from None
    if response.status not in (101, 200):
        try:
            raise from_message(response.status, await response.error_message(), subject=Subject(container[:12]))
        finally:
            await connection.aclose()
    return ContainerInput(connection, container)


def _gone(container: str) -> EngineError:
    return EngineError(
        "container-gone", f"The container {container[:12]} no longer takes input.", "Restart the session."
    )
