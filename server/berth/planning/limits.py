"""What a container may use when nobody says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from berth.planning.facts import EngineFacts
from berth.planning.plan import Limits, Tmpfs
from berth.planning.reason import Reason
from berth.planning.reasons import reason
from berth.settings.origin import Sourced
from berth.settings.quantities import shown_size
from berth.settings.resources import Resources

N = TypeVar("N", int, float)

GIB = 1024**3

MAX_MEMORY = 8 * GIB
"""An agent with a build or a test run beside it stays under 4 GiB; twice that, and a runaway still ends alone."""

PIDS = 2048
"""Threads count: a Node agent holds some 30, a parallel build a few hundred; a fork bomb ends before the host does."""

MAX_PIDS = 16_384
"""The most that a repository gets: half of what the kernel gives a whole machine by default (``pid_max``)."""

SHM = 64 * 1024**2
"""Size of ``/dev/shm``, Docker's own default."""

OUTPUT = 8 * 1024**2
"""Bytes a second. Agents print kilobytes; an engine's log, three files of 64 MiB, is read at some ten times that."""

KEEP_FREE = 1 * GIB
"""Bytes. What an editor, a build and the engine need to go on; on small disks a tenth of them (`sessions/ceilings`)."""

TMP = 1 * GIB
"""Size of ``/tmp``. It counts as memory while it is filled."""


@dataclass(frozen=True, slots=True)
class PlannedLimits:
    """The limits, where those that were asked for came from by their field, and notes."""

    limits: Limits
    reasons: Mapping[str, Reason]
    notes: tuple[str, ...]


def plan_limits(engine: EngineFacts, asked: Resources) -> PlannedLimits:
    """The limits on this engine: what was asked for, as far as it can be given.

    Nobody gets more than the engine has, since engines refuse to start such a container. By default, and for whoever
    is not the user, it is three quarters of its memory, so that the engine itself stays alive. What is cut is noted.
    """
    notes: list[str] = []
    spare = engine.memory * 3 // 4
    whole = engine.memory if asked.memory and asked.memory.origin.trusted else spare
    memory = _least(asked.memory, _Ceiling("memory", whole or None, shown_size), notes) or _default_memory(spare)
    cpus = _least(asked.cpus, _Ceiling("cpus", float(engine.cpus) or None, "{:g}".format), notes)
    limits = Limits(
        memory=memory,
        cpus=cpus or float(max(engine.cpus, 1)),
        pids=_least(asked.pids, _Ceiling("pids", _for_others(asked.pids, MAX_PIDS), str), notes) or PIDS,
        shm=_least(asked.shm, _Ceiling("shm", memory, shown_size), notes) or min(SHM, memory),
        gpus=asked.gpus.value if asked.gpus else None,
        time=asked.time_limit.value if asked.time_limit else None,
        idle=asked.idle_limit.value if asked.idle_limit else None,
        output=_least(asked.output, _Ceiling("output", _for_others(asked.output, OUTPUT), shown_size), notes) or OUTPUT,
        keep_free=_kept_free(asked.keep_free, notes),
    )
    return PlannedLimits(limits, _reasons(asked), tuple(notes))


def capped(planned: PlannedLimits, ceilings: Resources) -> PlannedLimits:
    """The limits that nobody asked for, cut to the user's ceilings. What was asked for stays, and is a breach."""
    limits, reasons = planned.limits, planned.reasons
    free = {
        name: ceiling
        for name, ceiling in _by_field(ceilings).items()
        if name not in reasons and ((value := getattr(limits, name)) is None or value > ceiling.value)
    }
    values: dict[str, Any] = {name: ceiling.value for name, ceiling in free.items()}
    added = {name: reason(ceiling.origin, "as much as the policy allows") for name, ceiling in free.items()}
    return PlannedLimits(replace(limits, **values), {**reasons, **added}, planned.notes)


def plan_tmpfs(limits: Limits) -> tuple[Tmpfs, ...]:
    """Scratch folders: ``/tmp`` takes at most half of the memory, since filling it must not kill the agent."""
    return (Tmpfs("/tmp", min(TMP, limits.memory // 2)),)  # noqa: S108 - a place in the container


@dataclass(frozen=True, slots=True)
class _Ceiling(Generic[N]):
    """The most of something that this engine gives; None: no limit."""

    what: str
    most: N | None
    shown: Callable[[N], str]


def _least(asked: Sourced[N] | None, ceiling: _Ceiling[N], notes: list[str]) -> N | None:
    """What was asked for, cut to the ceiling with a note."""
    if asked is None or ceiling.most is None or asked.value <= ceiling.most:
        return asked.value if asked else None
    place = asked.origin.place or ceiling.what
    notes.append(
        f"{place} asks for {ceiling.shown(asked.value)}; the session gets {ceiling.shown(ceiling.most)},"
        f" the most that can be given here."
    )
    return ceiling.most


def _for_others(asked: Sourced[int] | None, most: int) -> int | None:
    """The most that anybody but the user gets."""
    return None if asked and asked.origin.trusted else most


def _kept_free(asked: Sourced[int] | None, notes: list[str]) -> int:
    """Anybody may have more kept free, and only the user less."""
    if asked is None or asked.origin.trusted or asked.value >= KEEP_FREE:
        return KEEP_FREE if asked is None else asked.value
    place = asked.origin.place or "keepFree"
    notes.append(f"{place} asks for {shown_size(asked.value)}; {shown_size(KEEP_FREE)} are kept free all the same.")
    return KEEP_FREE


def _default_memory(spare: int) -> int:
    return min(MAX_MEMORY, spare) if spare > 0 else MAX_MEMORY


def _reasons(asked: Resources) -> Mapping[str, Reason]:
    return {name: reason(sourced.origin) for name, sourced in _by_field(asked).items()}


def _by_field(asked: Resources) -> Mapping[str, Sourced[Any]]:
    """What was asked for, by the field of the limits that it becomes."""
    named: dict[str, Sourced[Any] | None] = {
        "memory": asked.memory,
        "cpus": asked.cpus,
        "pids": asked.pids,
        "shm": asked.shm,
        "gpus": asked.gpus,
        "time": asked.time_limit,
        "idle": asked.idle_limit,
        "output": asked.output,
        "keep_free": asked.keep_free,
    }
    return {name: sourced for name, sourced in named.items() if sourced is not None}
