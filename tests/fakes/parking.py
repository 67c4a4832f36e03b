"""Containers of the FakeEngine that wait for their session: renamed, paused, let go on."""

from typing import Protocol

from berth.errors import EngineError
from tests.fakes.container import FakeContainer


class _Containers(Protocol):
    async def _enter(self, call: str, subject: str = "") -> None: ...

    def _find(self, container: str) -> FakeContainer | None: ...

    def _get(self, container: str) -> FakeContainer: ...


class FakeParking:
    """Implements :class:`berth.engine.parking.Parking`."""

    async def rename(self: _Containers, container: str, name: str) -> None:
        await self._enter("rename", name)
        found, taken = self._get(container), self._find(name)
        if taken is not None:
            raise EngineError("name-taken", f"A container named {name} exists already.", "Choose another name.")
        found.name = name

    async def pause(self: _Containers, container: str) -> None:
        await self._enter("pause", container)
        found = self._get(container)
        if found.status != "running":
            raise EngineError("container-gone", f"The container {container[:12]} does not run.", "Restart the session.")
        found.pause()

    async def unpause(self: _Containers, container: str) -> None:
        await self._enter("unpause", container)
        found = self._get(container)
        if found.status != "paused":
            raise EngineError("engine-failed", f"The container {container[:12]} is not paused.", "Look at it.")
        found.unpause()
