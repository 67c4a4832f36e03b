"""The way to an agent's stdin."""

from typing import Protocol


class Input(Protocol):
    """The writing end of a container's stdin. Closing it does not close the container's stdin."""

    async def write(self, data: bytes) -> None:
        """Writes all of it. Raises ``EngineError`` (``container-gone``) when the container no longer takes it."""
        ...

    async def until_lost(self) -> None:
        """Returns once the connection has broken; never where there is none that could.

        Of a container that ended engines close it or not.
        """
        ...

    async def aclose(self) -> None:
        """Lets go of the connection."""
        ...
