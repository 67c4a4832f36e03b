"""What is asked of an engine beside running programs: what they use, other limits, and what lies about on its disk."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Usage:
    """What a container uses at one moment. Bytes; of network and disk since it was started.

    ``cpu`` in percent of one core (200: two cores). None: the engine does not tell, or not yet.
    """

    cpu: float | None = None
    memory: int | None = None
    memory_limit: int | None = None
    pids: int | None = None
    received: int | None = None
    sent: int | None = None
    disk_read: int | None = None
    disk_written: int | None = None


@dataclass(frozen=True, slots=True)
class NewLimits:
    """Limits for a container that is there; None: as it is. ``memory`` in bytes, swap included; ``cpus`` in cores."""

    memory: int | None = None
    cpus: float | None = None
    pids: int | None = None


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """A named volume. ``created`` is the engine's RFC 3339 time."""

    name: str
    labels: Mapping[str, str]
    created: str = ""


@dataclass(frozen=True, slots=True)
class VolumeUse:
    """Bytes in a volume, and how many containers have it, running or not; None: the engine does not tell."""

    size: int | None
    users: int | None


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What is on the engine's disk, in bytes.

    Attributes:
        layers: All layers of all images together.
        containers: What each container wrote in its own files, by id.
        images: Size of each image, with the layers that it shares, by id.
        volumes: By name.
        build_cache: What builders keep.
    """

    layers: int = 0
    containers: Mapping[str, int] = field(default_factory=dict)
    images: Mapping[str, int] = field(default_factory=dict)
    volumes: Mapping[str, VolumeUse] = field(default_factory=dict)
    build_cache: int = 0


class Housekeeping(Protocol):
    """The part of an engine that measures and keeps house."""

    def usage(self, container: str) -> AbstractAsyncContextManager[AsyncIterator[Usage]]:
        """Measures a container about once a second until it no longer runs; leaving the block ends the measuring.

        Raises ``container-gone``.
        """
        ...

    async def set_limits(self, container: str, limits: NewLimits) -> None:
        """Gives a container other limits, running or not.

        Raises ``container-gone``, ``engine-failed`` (less memory than it uses), ``unsupported`` (the engine cannot).
        """
        ...

    async def named_volumes(self, labels: Mapping[str, str]) -> tuple[VolumeFacts, ...]:
        """All volumes that carry all of these labels; an empty value stands for any."""
        ...

    async def disk(self) -> DiskUse:
        """Measures the engine's disk, which may take seconds. Raises ``engine-busy`` after a minute."""
        ...
