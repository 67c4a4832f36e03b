"""What Docker Engine and Podman's Docker API do for ``Housekeeping`` and ``Pressing``."""
# ruff: noqa: D102 - what each method promises stands in berth.engine.housekeeping and berth.engine.pressure

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import anyio

from berth.engine.base import ContainerFacts
from berth.engine.docker.api import Api
from berth.engine.docker.errors import Subject, from_message
from berth.engine.docker.greeting import Opened
from berth.engine.docker.pressure import pressed
from berth.engine.docker.usage import measured
from berth.engine.docker.wire import BrokenStream, Request
from berth.engine.housekeeping import DiskUse, NewLimits, Usage, VolumeFacts, VolumeUse
from berth.engine.pressure import Pressure
from berth.errors import EngineError

if TYPE_CHECKING:
    from docker import APIClient

DISK_SECONDS = 60.0
"""The engine walks through every volume and every container's own files."""

CHANGE_SECONDS = 30.0


class House(ABC):
    """The housekeeping of an engine that answers."""

    @abstractmethod
    async def _open(self) -> Opened: ...

    @abstractmethod
    async def inspect(self, container: str) -> ContainerFacts | None: ...

    @asynccontextmanager
    async def usage(self, container: str) -> AsyncIterator[AsyncIterator[Usage]]:
        if await self.inspect(container) is None:
            message = f"The container {container[:12]} is gone, and there is nothing to measure."
            raise EngineError("container-gone", message, "Start the session again.")
        async with aclosing(measured((await self._open()).api, container)) as measurements:
            yield measurements

    @asynccontextmanager
    async def pressure(self, container: str, paths: Sequence[str]) -> AsyncIterator[AsyncIterator[Pressure]]:
        def first_process(client: "APIClient") -> tuple[str, int]:
            seen = client.inspect_container(container)
            return str(seen["Id"]), int(seen["State"].get("Pid") or 0)

        control = (await self._open()).control
        identity, pid = await control.look(first_process, subject=Subject(container[:12]))
        async with aclosing(pressed(pid, identity, paths)) as looks:
            yield looks

    async def set_limits(self, container: str, limits: NewLimits) -> None:
        body = json.dumps(_update(limits)).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        request = Request("POST", f"/containers/{container}/update", headers=headers, body=(body,))
        with anyio.CancelScope(shield=True), anyio.fail_after(CHANGE_SECONDS):
            await _changed((await self._open()).api, request, container)

    async def named_volumes(self, labels: Mapping[str, str]) -> tuple[VolumeFacts, ...]:
        wanted = {"label": [f"{name}={value}" if value else name for name, value in labels.items()]}

        def listed(client: "APIClient") -> list[dict[str, Any]]:
            return list(client.volumes(filters=wanted).get("Volumes") or ())

        control = (await self._open()).control
        found = await control.look(listed, subject=Subject("the list of volumes"))
        return tuple(
            VolumeFacts(str(each["Name"]), dict(each.get("Labels") or {}), str(each.get("CreatedAt") or ""))
            for each in found
        )

    async def disk(self) -> DiskUse:
        api, request = (await self._open()).api, Request("GET", "/system/df")
        try:
            with anyio.fail_after(DISK_SECONDS):
                async with api.request(request, subject=Subject("the engine's disk")) as response:
                    return disk_use(json.loads(await response.read()))
        except (TimeoutError, BrokenStream, ValueError):
            message = f"The engine did not measure its disk in {DISK_SECONDS:.0f} seconds."
            raise EngineError("engine-busy", message, "Try again when it has less to do.") from None


async def _changed(api: Api, request: Request, container: str) -> None:
    connection, response = await api.open(request)
    try:
        if response.status < HTTPStatus.BAD_REQUEST:
            return
        said = await response.error_message()
        if response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) and "container" not in said.lower():
            sentence = "This engine does not change the limits of a container that is there."
            raise EngineError("unsupported", sentence, "Change them in the settings, then rebuild the session.")
        raise from_message(response.status, said, subject=Subject(container[:12]))
    except BrokenStream:
        raise EngineError("engine-failed", "The engine broke off while limits were changed.", "Try again.") from None
    finally:
        await connection.aclose()


def _update(limits: NewLimits) -> dict[str, int]:
    """The body of an update. Memory and swap go together: the engine refuses a swap below the memory."""
    body: dict[str, int] = {}
    if limits.memory is not None:
        body |= {"Memory": limits.memory, "MemorySwap": limits.memory}
    if limits.cpus is not None:
        body["NanoCpus"] = round(limits.cpus * 1_000_000_000)
    if limits.pids is not None:
        body["PidsLimit"] = limits.pids
    return body


def disk_use(answer: Mapping[str, Any]) -> DiskUse:
    """Reads ``/system/df``. Pure. Podman leaves out some of it."""
    cache = answer.get("BuildCache") or ()
    return DiskUse(
        layers=int(answer.get("LayersSize") or 0),
        containers={str(each["Id"]): int(each.get("SizeRw") or 0) for each in answer.get("Containers") or ()},
        images={_digest(each["Id"]): int(each.get("Size") or 0) for each in answer.get("Images") or ()},
        volumes={str(each["Name"]): _volume(each.get("UsageData") or {}) for each in answer.get("Volumes") or ()},
        build_cache=sum(int(each.get("Size") or 0) for each in cache if not each.get("Shared")),
    )


def _volume(usage: Mapping[str, Any]) -> VolumeUse:
    """Engines write -1 for what they did not measure."""
    size, users = int(usage.get("Size", -1)), int(usage.get("RefCount", -1))
    return VolumeUse(size if size >= 0 else None, users if users >= 0 else None)


def _digest(identity: object) -> str:
    text = str(identity)
    return text if text.startswith("sha256:") else f"sha256:{text}"
