"""Profiles as the layers have them, one by one, so that a bad one does not hide the others."""

import functools
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from berth.settings.layers import LAYER_ORDER, Layer
from berth.settings.model import ProfileEntry
from berth.settings.origin import Origin
from berth.settings.patterns import Name
from berth.settings.problems import Problem, problems_of


@dataclass(frozen=True, slots=True)
class WrittenProfile:
    """What one layer says about a profile, unread. It may hold secrets, and may be anything."""

    name: str
    layer: Layer
    raw: object = field(repr=False)

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return self.layer.origin(("docker", "profiles", self.name))

    @property
    def parents(self) -> tuple[str, ...]:
        """The profiles that it extends, as far as they can be read."""
        extends = self.raw.get("extends") if isinstance(self.raw, dict) else None
        named = [extends] if isinstance(extends, str) else extends if isinstance(extends, list) else []
        return tuple(name for name in named if isinstance(name, str))

    def problems(self) -> list[Problem]:
        """What is wrong with it by itself."""
        try:
            _named_profile().validate_python({self.name: self.raw})
        except ValidationError as error:
            return problems_of(self.layer, error, ("docker", "profiles"))
        return []


def written_profiles(layers: Sequence[Layer]) -> Mapping[str, Sequence[WrittenProfile]]:
    """What each name means in each layer that has it, lowest layer first."""
    named: dict[str, list[WrittenProfile]] = {}
    for layer in sorted(layers, key=lambda layer: LAYER_ORDER.index(layer.name)):
        for name, raw in profiles_in(layer.section()).items():
            if raw is not None:
                named.setdefault(name, []).append(WrittenProfile(name, layer, raw))
    return named


def profiles_in(section: object) -> Mapping[str, object]:
    """The object ``docker.profiles`` of a section; empty where there is none."""
    profiles = docker_of(section).get("profiles")
    return profiles if isinstance(profiles, dict) else {}


def docker_of(section: object) -> Mapping[str, object]:
    """The object ``docker`` of a section; empty where there is none."""
    docker = section.get("docker") if isinstance(section, dict) else None
    return docker if isinstance(docker, dict) else {}


def without_profiles(layer: Layer, names: AbstractSet[str]) -> Layer:
    """The layer with nothing said in some of its profiles; those whose very name is wrong are left out."""
    section = layer.section()
    found = profiles_in(section)
    if not isinstance(section, dict) or names.isdisjoint(found):
        return layer
    kept = {name: raw for name, raw in found.items() if name not in names}
    kept |= {name: {} for name in found.keys() & names if not WrittenProfile(name, layer, {}).problems()}
    return replace(layer, raw={**section, "docker": {**docker_of(section), "profiles": kept}})


@functools.cache
def _named_profile() -> TypeAdapter[dict[str, ProfileEntry]]:
    return TypeAdapter(dict[Name, ProfileEntry])
