"""What sessions use, other limits for them, and what lies about: the commands of housekeeping."""

from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.commands import SessionArguments
from berth.protocol.model import Arguments, WireModel

Kind = Literal["session", "container", "volume", "image"]
"""What can lie about."""


class WatchStatsArguments(SessionArguments):
    """Asks to be told what a session uses, about once a second (``agent/stats``), or no longer."""

    on: bool = Field(default=True, description="`false`: no longer. Ends with the connection, too.")


class SessionStats(WireModel):
    """What a session uses at one moment. Sizes in bytes; of network and disk since its container was started.

    ``cpu`` is in percent of one core: 200 means two cores. What the engine does not tell is absent.
    """

    session: str
    at: int
    cpu: float | None = None
    memory: int | None = None
    memory_limit: int | None = None
    pids: int | None = None
    received: int | None = None
    sent: int | None = None
    disk_read: int | None = None
    disk_written: int | None = None


class SetLimitsArguments(SessionArguments):
    """Gives a running session other limits; what is absent stays as it is. A rebuild keeps them."""

    memory: int | str | None = Field(default=None, description="Such as `4g`; a number is bytes.")
    cpus: float | str | None = Field(default=None, description="Such as `2` or `1.5`.")
    pids: int | None = Field(default=None, description="Processes and threads.")


class LimitsResult(WireModel):
    """The limits that hold now. ``notes`` tell where less was given than was asked for."""

    memory: int
    cpus: float
    pids: int
    notes: tuple[str, ...] = ()


class DiskArguments(Arguments):
    """Asks what Berth's things take on the engine's disk."""


class DiskItem(WireModel):
    """One thing on the engine's disk. ``size`` in bytes, absent where the engine does not tell.

    ``session`` is whose it is, where it is one session's. ``used``: a container, running or not, needs it.
    """

    what: Kind
    name: str
    size: int | None = None
    session: str | None = None
    used: bool = False


class DiskReport(WireModel):
    """What Berth's things take. ``build_cache`` and ``layers`` are the engine's, and not Berth's alone.

    The size of an image counts the layers that it shares with others. ``journals`` are Berth's own files.
    """

    items: tuple[DiskItem, ...]
    journals: int = 0
    build_cache: int = 0
    layers: int = 0


class PruneArguments(Arguments):
    """Removes what nobody needs any more, or tells what it would remove."""

    dry_run: bool = Field(default=True, description="Tells, and removes nothing.")
    older_than: str | None = Field(
        default=None,
        description="Sessions that ended so long ago, such as `7d`; what `docker.keepStopped` says when absent.",
    )
    force: bool = Field(
        default=False,
        description="Also what holds something that cannot be had again: logins, and conversations that could go on.",
    )


class PrunedItem(WireModel):
    """One thing: what it is, and why it goes or stays."""

    what: Kind
    name: str
    why: str
    size: int | None = None


class PruneResult(WireModel):
    """What was removed, or would be; and what stays although it looks like leftovers, each with its reason."""

    dry_run: bool
    removed: tuple[PrunedItem, ...]
    kept: tuple[PrunedItem, ...]
    size: Annotated[int, Field(description="Bytes, as far as the engine tells; shared layers stay.")] = 0
