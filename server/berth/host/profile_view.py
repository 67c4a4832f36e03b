"""Layers as they are with an edit, also while the editor has not saved it or not yet read it again. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from berth.host.profile_files import EditableFile, Edited
from berth.settings.layers import LAYER_ORDER, Layer
from berth.settings.written_profiles import docker_of, profiles_in

_DEFAULTS = ("defaultProfile", "default_profile")


def layers_with(layers: Sequence[Layer], edited: Edited) -> list[Layer]:
    """The layers with what the edit changed in them. Those that have it already stay as they are."""
    index = _index(layers, edited.file)
    if index is None:
        own = Layer(edited.file.scope, {}, str(edited.file.stored.path))
        return [*layers, _with(own, edited)]
    return [_with(layer, edited) if at == index else layer for at, layer in enumerate(layers)]


def _index(layers: Sequence[Layer], file: EditableFile) -> int | None:
    """The layer that the file is or, where the editor has merged it into its own, the highest that the editor gave."""
    path = str(file.stored.path)
    own = [index for index, layer in enumerate(layers) if layer.file == path]
    if own or file.scope == "user":
        return own[0] if own else None
    given = [index for index, layer in enumerate(layers) if not layer.file]
    return max(given, key=lambda index: LAYER_ORDER.index(layers[index].name), default=None)


def _with(layer: Layer, edited: Edited) -> Layer:
    section, before, after = layer.section(), edited.before.section(), edited.after.section()
    if not isinstance(section, dict):
        return layer
    gone = profiles_in(before).keys() - profiles_in(after).keys()
    kept = {name: raw for name, raw in profiles_in(section).items() if name not in gone}
    docker = {**docker_of(section), "profiles": {**kept, **profiles_in(after)}}
    if _default(before) != _default(after):
        docker = {key: value for key, value in docker.items() if key not in _DEFAULTS}
        docker["defaultProfile"] = _default(after)
    return replace(layer, raw={**section, "docker": docker})


def _default(section: object) -> object:
    docker: Mapping[str, object] = docker_of(section)
    return next((docker[key] for key in _DEFAULTS if key in docker), None)
