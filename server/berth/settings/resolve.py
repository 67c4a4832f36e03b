"""Layers in, settings out: validated one by one, then merged.

Objects merge by key; ``env``, ``forwardEnv`` and ``volumes`` add up; everything else is replaced by the higher layer.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from berth.settings.layers import LAYER_ORDER, Layer
from berth.settings.model import AgentEntry, BerthSection, ProfileEntry, Written
from berth.settings.origin import Origin, Sourced
from berth.settings.problems import Problem, bad_settings, problems_of
from berth.settings.settings import AgentSettings, Profile, Settings

T = TypeVar("T")
W = TypeVar("W", bound=Written)
V = TypeVar("V", bound=Written)

_camel = functools.lru_cache(to_camel)

DEFAULT_AGENT = Sourced("claude", Origin("built-in"))


def resolve_settings(layers: Sequence[Layer]) -> Settings:
    """Validates and merges layers, given in any order.

    Raises:
        berth.settings.problems.BadSettings: Kind ``bad-settings``; names every problem of every layer with its place.
    """
    problems: list[Problem] = []
    sections = [
        _Entry(layer, (), section)
        for layer in sorted(layers, key=lambda layer: LAYER_ORDER.index(layer.name))
        if (section := _read(layer, problems)) is not None
    ]
    if problems:
        raise bad_settings(problems)
    dockers = [
        _Entry(section.layer, ("docker",), section.written.docker) for section in sections if section.written.docker
    ]
    return Settings(
        agent=_last(sections, "agent", lambda entry: entry.agent) or DEFAULT_AGENT,
        agents={
            name: _agent(name, entries)
            for name, entries in _named(sections, "agents", lambda entry: entry.agents).items()
        },
        default_profile=_last(dockers, "default_profile", lambda entry: entry.default_profile),
        default_image=_last(dockers, "default_image", lambda entry: entry.default_image),
        default_env_file=_last(dockers, "default_env_file", lambda entry: entry.default_env_file),
        forward_env=_all(dockers, "forward_env", lambda entry: entry.forward_env),
        profiles={
            name: _profile(name, found)
            for name, found in _named(dockers, "profiles", lambda entry: entry.profiles).items()
        },
    )


@dataclass(frozen=True, slots=True)
class _Entry(Generic[W]):
    """One object of one layer, with its path in the section."""

    layer: Layer
    path: tuple[str, ...]
    written: W

    def origin(self, *keys: str) -> Origin:
        return self.layer.origin((*self.path, *keys))


def _read(layer: Layer, problems: list[Problem]) -> BerthSection | None:
    try:
        return BerthSection.model_validate(layer.section())
    except ValidationError as error:
        problems += problems_of(layer, error)
        return None


def _agent(name: str, entries: Sequence[_Entry[AgentEntry]]) -> AgentSettings:
    command = _last(entries, "command", lambda entry: entry.command)
    return AgentSettings(
        name=name,
        origin=entries[-1].origin(),
        command=Sourced(tuple(command.value), command.origin) if command else None,
        dialect=_last(entries, "dialect", lambda entry: entry.dialect),
        forward_env=_all(entries, "forward_env", lambda entry: entry.forward_env),
        home=_last(entries, "home", lambda entry: entry.home),
    )


def _profile(name: str, entries: Sequence[_Entry[ProfileEntry]]) -> Profile:
    return Profile(
        name=name,
        origin=entries[-1].origin(),
        image=_last(entries, "image", lambda entry: entry.image),
        env=_variables(entries),
        env_file=_last(entries, "env_file", lambda entry: entry.env_file),
        volumes=_all(entries, "volumes", lambda entry: entry.volumes),
        agent=_last(entries, "agent", lambda entry: entry.agent),
    )


def _variables(entries: Sequence[_Entry[ProfileEntry]]) -> Mapping[str, Sourced[str]]:
    return {
        name: Sourced(value, entry.origin("env", name))
        for entry in entries
        for name, value in (entry.written.env or {}).items()
    }


def _last(entries: Sequence[_Entry[W]], key: str, value_of: Callable[[W], T | None]) -> Sourced[T] | None:
    """The value of the highest layer that has one."""
    for entry in reversed(entries):
        value = value_of(entry.written)
        if value is not None:
            return Sourced(value, entry.origin(_camel(key)))
    return None


def _all(
    entries: Sequence[_Entry[W]], key: str, values_of: Callable[[W], Sequence[T] | None]
) -> tuple[Sourced[T], ...]:
    """The values of all layers, lowest first."""
    return tuple(
        Sourced(value, entry.origin(_camel(key))) for entry in entries for value in values_of(entry.written) or ()
    )


def _named(
    entries: Sequence[_Entry[W]], key: str, entries_of: Callable[[W], Mapping[str, V] | None]
) -> dict[str, list[_Entry[V]]]:
    """What each name means in each layer that has it, lowest layer first."""
    named: dict[str, list[_Entry[V]]] = {}
    for entry in entries:
        for name, written in (entries_of(entry.written) or {}).items():
            named.setdefault(name, []).append(_Entry(entry.layer, (*entry.path, key, name), written))
    return named
