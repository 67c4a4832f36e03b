"""What is asked of an engine so that containers can wait for their session: see :mod:`berth.host.spares`."""

from typing import Protocol


class Parking(Protocol):
    """Calls about a container that was started ahead. Each raises ``container-gone`` when it is gone."""

    async def rename(self, container: str, name: str) -> None:
        """Gives it another name, running or not. Raises ``name-taken``."""
        ...

    async def pause(self, container: str) -> None:
        """Stops all its processes where they are, until :meth:`unpause`. It takes no processor time, and keeps memory.

        Raises ``engine-failed`` or the like where it does not run, is paused already, or the engine cannot.
        """
        ...

    async def unpause(self, container: str) -> None:
        """Lets its processes go on. Raises where it is not paused."""
        ...
