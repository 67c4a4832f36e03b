"""How many containers wait for the next session, as it is written and as it comes out of all layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from berth.settings.entries import Entry, highest
from berth.settings.origin import Sourced
from berth.settings.quantities import parse_duration
from berth.settings.written import UNSET_IF_EMPTY, Written

SHORTEST, LONGEST = 10, 86_400
"""Seconds that a spare may wait. A day: longer than that nobody thinks of it as the start of a moment ago."""


def _wait(seconds: float) -> float:
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError("must be at least 10s and at most 24h")
    return seconds


Wait = Annotated[
    float,
    AfterValidator(_wait),
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?[dhmsDHMS])+$"}),
]


class SparesSection(Written):
    """Containers that wait for the next session."""

    count: Annotated[int, Field(ge=0, le=4)] | None = Field(
        default=None,
        description="Containers that wait for the next session like the last one; `0`: none.",
        json_schema_extra={"default": 1},
    )
    total: Annotated[int, Field(ge=0, le=8)] | None = Field(
        default=None,
        description="Containers that wait in all, whatever workspace and profile they are for; the oldest make room.",
        json_schema_extra={"default": 3},
    )
    expire_after: Annotated[Wait | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="How long a container waits, from `10s` to `24h`.",
        json_schema_extra={"default": "30m"},
    )
    paused: bool | None = Field(
        default=None,
        description="Whether those that wait are paused: no processor time at all, and a slower start.",
        json_schema_extra={"default": False},
    )


@dataclass(frozen=True, slots=True)
class Spares:
    """What was asked for, all layers merged. ``expire_after`` in seconds; None: nobody said."""

    count: Sourced[int] | None = None
    total: Sourced[int] | None = None
    expire_after: Sourced[float] | None = None
    paused: Sourced[bool] | None = None


def merged_spares(entries: Sequence[Entry[SparesSection]]) -> Spares:
    """What the layers come to, lowest first."""
    return Spares(
        count=highest(entries, "count", lambda entry: entry.count),
        total=highest(entries, "total", lambda entry: entry.total),
        expire_after=highest(entries, "expire_after", lambda entry: entry.expire_after),
        paused=highest(entries, "paused", lambda entry: entry.paused),
    )
