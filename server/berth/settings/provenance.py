"""Finds where the editor has its values from: a value that a file has under the same key came from that file.

Editors hand over values without places, and most hand over the user's and the workspace's merged into one. The files
of the workspace can be read, so what is equal there is known to be the workspace's, with its line.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from berth.settings.layers import DEEPEST, Layer, folded

KeyPath = tuple[str, ...]


def placed(layer: Layer, files: Sequence[Layer]) -> list[Layer]:
    """Layers that come to the same as one layer, lowest first: what is in a file is in a layer of that file.

    Args:
        layer: What an editor gave.
        files: Layers of the workspace's files, lowest first. Of several that have a value the highest counts.
    """
    section = layer.section()
    if not isinstance(section, dict):
        return [layer]
    known = [_leaves_of(file) for file in files]
    rest: dict[str, Any] = {}
    pieces: list[dict[str, Any]] = [{} for _ in files]
    for path, value in _leaves(section):
        found = [index for index, leaves in enumerate(known) if leaves.get(folded(path)) == _text(value)]
        _put(pieces[found[-1]] if found else rest, path, value)
    layers = [replace(file, raw=piece) for file, piece in zip(files, pieces, strict=True) if piece]
    return [replace(layer, raw=rest), *layers] if rest else layers


def _leaves_of(file: Layer) -> Mapping[KeyPath, str]:
    section = file.section()
    return {folded(path): _text(value) for path, value in _leaves(section)} if isinstance(section, dict) else {}


def _leaves(section: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value that is no object with something in it, with its path of keys."""
    for key, value in section.items():
        inner = (*path, str(key))
        if isinstance(value, dict) and value and len(inner) <= DEEPEST:
            yield from _leaves(value, inner)
        else:
            yield inner, value


def _put(section: dict[str, Any], path: KeyPath, value: Any) -> None:
    for key in path[:-1]:
        section = section.setdefault(key, {})
    section[path[-1]] = value


def _text(value: object) -> str:
    """A value such that equal texts are equal values: in Python, ``True`` equals ``1``."""
    return json.dumps(value, sort_keys=True)
