"""What layers say about one object of the settings, and how that comes together.

Objects merge by key; the lists that add up are asked for with :func:`added_up`; everything else is replaced by the
higher layer. Entries are always given lowest first.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic.alias_generators import to_camel

from berth.settings.layers import Layer
from berth.settings.origin import Origin, Sourced
from berth.settings.written import Written

T = TypeVar("T")
W = TypeVar("W", bound=Written)
V = TypeVar("V", bound=Written)

_camel = functools.lru_cache(to_camel)


@dataclass(frozen=True, slots=True)
class Entry(Generic[W]):
    """One object of one layer, with its path in the section."""

    layer: Layer
    path: tuple[str, ...]
    written: W

    def origin(self, *keys: str) -> Origin:
        """Where a setting in this object stands."""
        return self.layer.origin((*self.path, *keys))


def highest(entries: Sequence[Entry[W]], key: str, value_of: Callable[[W], T | None]) -> Sourced[T] | None:
    """The value of the highest layer that has one."""
    for entry in reversed(entries):
        value = value_of(entry.written)
        if value is not None:
            return Sourced(value, entry.origin(_camel(key)))
    return None


def added_up(
    entries: Sequence[Entry[W]], key: str, values_of: Callable[[W], Sequence[T] | None]
) -> tuple[Sourced[T], ...]:
    """The values of all layers, lowest first."""
    return tuple(
        Sourced(value, entry.origin(_camel(key))) for entry in entries for value in values_of(entry.written) or ()
    )


def within(entries: Sequence[Entry[W]], key: str, inner_of: Callable[[W], V | None]) -> list[Entry[V]]:
    """What each layer says about an object inside the object."""
    found = ((entry, inner_of(entry.written)) for entry in entries)
    return [Entry(entry.layer, (*entry.path, _camel(key)), inner) for entry, inner in found if inner is not None]


def by_name(
    entries: Sequence[Entry[W]], key: str, entries_of: Callable[[W], Mapping[str, V] | None]
) -> dict[str, list[Entry[V]]]:
    """What each name means in each layer that has it."""
    named: dict[str, list[Entry[V]]] = {}
    for entry in entries:
        for name, written in (entries_of(entry.written) or {}).items():
            named.setdefault(name, []).append(Entry(entry.layer, (*entry.path, key, name), written))
    return named
