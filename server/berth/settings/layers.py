"""A layer: what one place says, unread, still knowing where it stands.

Keys may be nested (``{"docker": {"defaultImage": …}}``) or dotted as editors write them in their files
(``"berth.docker.defaultImage"``), with or without ``berth``.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from berth.settings.origin import LayerName, Origin

LAYER_ORDER: tuple[LayerName, ...] = ("built-in", "user", "editor", "workspace", "request")

CLIENT_KEYS = frozenset({"serverCommand", "trace"})
"""Settings of the editor's own client (how to start the server, what to trace). They are not for the server."""

DEEPEST = 5
"""Levels under ``berth`` at which settings stand (``docker.profiles.web.env.NAME``)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of settings.

    Attributes:
        name: Which layer.
        raw: The object as it was written, keys not yet taken apart. Kept out of ``repr``: it may hold secrets.
        file: The file it stands in, empty when there is none.
        lines: The line of each key by its folded path (:func:`fold_lines`).
        trusted: Whether only the user can have written it. An editor that does not tell its scopes apart hands over
            settings in which a workspace's may be merged already, so they are not the user's word.
    """

    name: LayerName
    raw: object = field(repr=False)
    file: str = ""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False)
    trusted: bool = False

    def section(self) -> object:
        """The section ``berth`` as one nested object; what is not an object is answered as it is."""
        if not isinstance(self.raw, dict):
            return self.raw
        section = _expanded(self.raw)
        inner = section.pop("berth", None)
        if isinstance(inner, dict):
            _merge(section, _expanded(inner))
        elif inner is not None:
            section["berth"] = inner
        return {key: value for key, value in section.items() if key not in CLIENT_KEYS}

    def origin(self, path: tuple[str, ...]) -> Origin:
        """Where the setting at this path of keys stands, as exactly as it is known."""
        if not self.file:
            return Origin(self.name, readable_path(path), self.trusted)
        line = _line(self.lines, path)
        return Origin(self.name, f"{self.file}:{line}" if line else self.file, self.trusted)


def editor_layer(raw: object) -> Layer | None:
    """The layer of an editor that answered for the section ``berth`` as a whole; None when it gave nothing."""
    return None if raw is None or raw == {} else Layer("editor", raw)


def readable_path(path: Iterable[str]) -> str:
    """A setting's path for people: keys are cut and made printable, since a repository may have written them."""
    return ".".join(["berth", *("".join(c if c.isprintable() else "?" for c in part[:60]) for part in path)])


def _expanded(raw: dict[object, object]) -> dict[str, object]:
    """An object whose dotted keys are taken apart."""
    section: dict[str, object] = {}
    for key, value in raw.items():
        first, *rest = str(key).split(".")
        for part in reversed(rest):
            value = {part: value}  # noqa: PLW2901 - wrapped from the inside out
        _merge(section, {first: value})
    return section


def _merge(target: dict[str, Any], source: dict[str, object], depth: int = DEEPEST) -> None:
    """Puts objects into one another by key; later values replace earlier ones, and all do below the deepest setting."""
    for key, value in source.items():
        present = target.get(key)
        if depth and isinstance(present, dict) and isinstance(value, dict):
            target[key] = dict(present)
            _merge(target[key], value, depth - 1)
        else:
            target[key] = value


def fold_lines(lines: Mapping[tuple[str, ...], int]) -> Mapping[tuple[str, ...], int]:
    """Lines of keys as they were written, made to be found under any spelling of the same setting."""
    return {folded(path): line for path, line in lines.items()}


def _line(lines: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
    """The line of the setting, or of the nearest object around it."""
    wanted = folded(path)
    while wanted and wanted not in lines:
        wanted = wanted[:-1]
    return lines.get(wanted)


def folded(path: tuple[str, ...]) -> tuple[str, ...]:
    """One spelling for ``berth.docker.default_image`` and ``docker: {defaultImage}``."""
    parts = tuple(part for key in path for part in _folded_key(key))
    return parts[1:] if parts[:1] == ("berth",) else parts


@functools.lru_cache(maxsize=4096)
def _folded_key(key: str) -> tuple[str, ...]:
    return tuple(part.replace("_", "").casefold() for part in key.split("."))
