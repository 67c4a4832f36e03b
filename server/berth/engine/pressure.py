"""What is asked of an engine about what a container runs up against, whether or not anybody looks at it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the disk that a path is on: those that can still be written, and all of them."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Pressure:
    """One look at a running container.

    Attributes:
        refused: How often the kernel refused it another process or thread, for it had as many as it may; None where
            that is not told.
        room: What is left on the disks of some of its paths; without those that cannot be seen from here.
    """

    refused: int | None = None
    room: Mapping[str, Room] = field(default_factory=dict)


class Pressing(Protocol):
    """An engine that can be asked."""

    def pressure(self, container: str, paths: Sequence[str]) -> AbstractAsyncContextManager[AsyncIterator[Pressure]]:
        """Looks at a running container about once a second until it has ended; at once over where it cannot be seen.

        It asks the engine for nothing but the first process, and costs some 0.2 ms a look. Engines in a virtual machine
        or on another machine are not seen into. ``paths`` are places in the container.
        """
        ...
