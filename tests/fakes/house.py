"""The housekeeping of the FakeEngine."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from berth.engine.base import LABEL
from berth.engine.housekeeping import DiskUse, NewLimits, Usage, VolumeFacts, VolumeUse
from berth.planning.plan import ContainerPlan, Mount

if TYPE_CHECKING:
    from tests.fakes.container import FakeContainer

PERIOD = 0.01


class FakeHouse(ABC):
    """``measuring`` counts the streams that are open now; ``build_cache`` is what :meth:`disk` says of it."""

    measuring = 0
    build_cache = 0

    @abstractmethod
    async def _enter(self, call: str, subject: str = "") -> None: ...

    @abstractmethod
    def _get(self, container: str) -> "FakeContainer": ...

    @abstractmethod
    def _everything(self) -> "tuple[list[FakeContainer], dict[str, Mapping[str, str]], set[str]]": ...

    @asynccontextmanager
    async def usage(self, container: str) -> AsyncIterator[AsyncIterator[Usage]]:
        await self._enter("usage", container)
        self.measuring += 1
        try:
            yield self._measure(container)
        finally:
            self.measuring -= 1

    async def set_limits(self, container: str, limits: NewLimits) -> None:
        await self._enter("set_limits", container)
        found = self._get(container)
        given = {"memory": limits.memory, "cpus": limits.cpus, "pids": limits.pids}
        changed = replace(found.plan.limits, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # each fits its field
        found.plan = replace(found.plan, limits=changed)

    async def named_volumes(self, labels: Mapping[str, str]) -> tuple[VolumeFacts, ...]:
        await self._enter("named_volumes")
        _, volumes, _ = self._everything()
        return tuple(
            VolumeFacts(name, dict(carried), "2026-01-01T00:00:00Z")
            for name, carried in volumes.items()
            if all(carried.get(label) == value or (not value and label in carried) for label, value in labels.items())
        )

    async def disk(self) -> DiskUse:
        await self._enter("disk")
        containers, volumes, images = self._everything()
        users = [mount.source for container in containers for mount in container.plan.mounts if mount.type == "volume"]
        return DiskUse(
            layers=len(images),
            containers={container.id: 0 for container in containers},
            images={"sha256:" + image.encode().hex()[:64].ljust(64, "0"): 1 for image in images},
            volumes={name: VolumeUse(1, users.count(name)) for name in volumes},
            build_cache=self.build_cache,
        )

    async def _measure(self, container: str) -> AsyncIterator[Usage]:
        found = self._get(container)
        while found.status == "running" and not found.removed:
            yield Usage(1.0, 1024, found.plan.limits.memory, 1, 0, 0, 0, 0)
            await anyio.sleep(PERIOD)


def lasting_labels(plan: ContainerPlan, mount: Mount) -> dict[str, str]:
    """A volume's labels: its first container's, but the session's."""
    labels = {name: value for name, value in plan.labels.items() if name != f"{LABEL}.session"}
    return {**labels, f"{LABEL}.volume": mount.target}
