"""What a container may use, as it is written and as it comes out of all layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from berth.settings.entries import Entry, highest
from berth.settings.origin import Sourced
from berth.settings.quantities import Gpus, parse_cpus, parse_duration, parse_gpus, parse_size
from berth.settings.written import UNSET_IF_EMPTY, Written

LEAST_MEMORY = 64 * 1024**2
"""Less, and no agent starts: a bare Node process takes some 45 MiB."""

LONGEST = 30 * 86_400
"""Seconds. A longer time limit is a mistake rather than a limit."""


def _between(least: float, most: float, sentence: str) -> Callable[[float], float]:
    def check(value: float) -> float:
        if not least <= value <= most:
            raise ValueError(sentence)
        return value

    return check


_SIZE = {"type": ["string", "integer"], "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*[kKmMgGtT]?([iI]?[bB])?\s*$"}
Memory = Annotated[
    int,
    AfterValidator(_between(LEAST_MEMORY, 2**50, "must be at least 64m")),
    BeforeValidator(parse_size),
    WithJsonSchema(_SIZE),
]
SharedMemory = Annotated[
    int,
    AfterValidator(_between(1024**2, 2**50, "must be at least 1m")),
    BeforeValidator(parse_size),
    WithJsonSchema(_SIZE),
]
Output = Annotated[
    int,
    AfterValidator(_between(64 * 1024, 2**40, "must be at least 64k")),
    BeforeValidator(parse_size),
    WithJsonSchema(_SIZE),
]
KeepFree = Annotated[
    int,
    AfterValidator(_between(0, 2**50, "is more than any disk")),
    BeforeValidator(parse_size),
    WithJsonSchema(_SIZE),
]
Cpus = Annotated[
    float,
    AfterValidator(_between(0.01, 4096, "must be at least 0.01 and at most 4096")),
    BeforeValidator(parse_cpus),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0.01, "maximum": 4096}),
]
Pids = Annotated[int, Field(ge=16, le=4_194_304)]
"""The launcher, the init and a Node agent's threads need some 16; the kernel knows no more than 2^22."""
GpuChoice = Annotated[
    Gpus,
    BeforeValidator(parse_gpus),
    WithJsonSchema({"type": ["string", "integer", "array"], "minimum": 1, "items": {"type": "string"}}),
]
TimeLimit = Annotated[
    float,
    AfterValidator(_between(10, LONGEST, "must be at least 10s and at most 30d")),
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?[dhmsDHMS])+$"}),
]


class CeilingsSection(Written):
    """Limits that can be ceilings too."""

    memory: Annotated[Memory | None, UNSET_IF_EMPTY] = Field(
        default=None, description="Memory, swap included, such as `4g` or `512m`.", examples=["4g"]
    )
    cpus: Annotated[Cpus | None, UNSET_IF_EMPTY] = Field(
        default=None, description="CPUs, such as `2` or `1.5`.", examples=[2]
    )
    pids: Annotated[Pids | None, UNSET_IF_EMPTY] = Field(
        default=None, description="Processes and threads, at least 16.", examples=[512]
    )
    shm: Annotated[SharedMemory | None, UNSET_IF_EMPTY] = Field(
        default=None, description="Size of `/dev/shm`; browsers want `1g`.", examples=["1g"]
    )
    time_limit: Annotated[TimeLimit | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long a session may run from each start of its container, such as `90m` or `2h`.",
        examples=["2h"],
    )
    idle_limit: Annotated[TimeLimit | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long a session may wait without a turn and without an open question, such as `30m`.",
        examples=["30m"],
    )
    output: Annotated[Output | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="What a session may print a second; one that prints more for some seconds is paused.",
        examples=["8m"],
    )


class ResourcesSection(CeilingsSection):
    """What a container may use."""

    gpus: Annotated[GpuChoice | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="Graphics cards: `all`, a number, or a list of indexes or UUIDs. The user's own settings only.",
        examples=["all"],
    )
    keep_free: Annotated[KeepFree | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="What is to stay free on the disks that a session writes to; with less it is paused. `0`: nothing.",
        examples=["1g"],
    )


C = TypeVar("C", bound=CeilingsSection)


@dataclass(frozen=True, slots=True)
class Resources:
    """What was asked for, all layers merged. Sizes in bytes, times in seconds; None: nobody said."""

    memory: Sourced[int] | None = None
    cpus: Sourced[float] | None = None
    pids: Sourced[int] | None = None
    shm: Sourced[int] | None = None
    gpus: Sourced[Gpus] | None = None
    time_limit: Sourced[float] | None = None
    idle_limit: Sourced[float] | None = None
    output: Sourced[int] | None = None
    keep_free: Sourced[int] | None = None

    def over(self, lower: "Resources") -> "Resources":
        """These, and what they leave open from lower ones."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return Resources(**{name: getattr(lower, name) if value is None else value for name, value in mine.items()})


def merged_resources(entries: Sequence[Entry[ResourcesSection]]) -> Resources:
    """What the layers come to, lowest first."""
    gpus, keep_free = highest(entries, "gpus", lambda entry: entry.gpus), highest(entries, "keep_free", _keep_free)
    return replace(merged_ceilings(entries), gpus=gpus, keep_free=keep_free)


def _keep_free(entry: ResourcesSection) -> int | None:
    return entry.keep_free


def merged_ceilings(entries: Sequence[Entry[C]]) -> Resources:
    """What the layers come to, lowest first, without graphics cards."""
    return Resources(
        memory=highest(entries, "memory", lambda entry: entry.memory),
        cpus=highest(entries, "cpus", lambda entry: entry.cpus),
        pids=highest(entries, "pids", lambda entry: entry.pids),
        shm=highest(entries, "shm", lambda entry: entry.shm),
        time_limit=highest(entries, "time_limit", lambda entry: entry.time_limit),
        idle_limit=highest(entries, "idle_limit", lambda entry: entry.idle_limit),
        output=highest(entries, "output", lambda entry: entry.output),
    )
