"""What containers of the FakeEngine run up against."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from berth.engine.pressure import Pressure, Room

if TYPE_CHECKING:
    from tests.fakes.container import FakeContainer

PERIOD = 0.01
ROOM = Room(free=2**40, total=2**41)


class FakePressing(ABC):
    """``refused`` counts processes that were refused; ``room`` is what is left, by path, and a lot where it is not."""

    def __init__(self) -> None:
        self.refused = 0
        self._looked = anyio.Event()
        self.room: dict[str, Room] = {}

    @abstractmethod
    async def _enter(self, call: str, subject: str = "") -> None: ...

    @abstractmethod
    def _get(self, container: str) -> "FakeContainer": ...

    @asynccontextmanager
    async def pressure(self, container: str, paths: Sequence[str]) -> AsyncIterator[AsyncIterator[Pressure]]:
        await self._enter("pressure", container)
        yield self._pressed(self._get(container), paths)

    async def _pressed(self, container: "FakeContainer", paths: Sequence[str]) -> AsyncIterator[Pressure]:
        while container.status in ("running", "paused") and not container.removed:
            yield Pressure(self.refused, {path: self.room.get(path, ROOM) for path in paths})
            looked, self._looked = self._looked, anyio.Event()
            looked.set()
            await anyio.sleep(PERIOD)

    async def looked(self, times: int) -> None:
        """Waits until containers were looked at so many times more."""
        with anyio.fail_after(10):
            for _ in range(times):
                await self._looked.wait()
