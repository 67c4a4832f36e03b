"""A layer: what one place says, unread, still knowing where it stands.

Keys may be nested (``{"docker": {"defaultImage": …}}``) or dotted as editors write them in their files
(``"berth.docker.defaultImage"``), with or without ``berth``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from berth.settings.origin import LayerName, Origin

LAYER_ORDER: tuple[LayerName, ...] = ("built-in", "user", "editor", "workspace", "request")

CLIENT_KEYS = frozenset({"server", "trace"})
"""Settings of the editor's own client (where the server is, what to trace). They are not for the server."""

DEEPEST = 5
"""Levels under ``berth`` at which settings stand (``docker.profiles.web.env.NAME``)."""

_TRUSTED: frozenset[LayerName] = frozenset({"built-in", "user", "request"})
"""An editor hands over settings in which a workspace's may already be merged, so they are not the user's word."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of settings.

    Attributes:
        name: Which layer.
        raw: The object as it was written, keys not yet taken apart. Kept out of ``repr``: it may hold secrets.
        file: The file it stands in, empty when there is none.
        lines: The line of each key by its path of keys as written.
    """

    name: LayerName
    raw: object = field(repr=False)
    file: str = ""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False)

    @property
    def trusted(self) -> bool:
        """Whether only the user can have written it."""
        return self.name in _TRUSTED

    def section(self) -> object:
        """The section ``berth`` as one nested object; what is not an object is answered as it is."""
        if not isinstance(self.raw, dict):
            return self.raw
        section: dict[str, object] = {}
        for key, value in self.raw.items():
            path = _setting_path(str(key))
            if not path and isinstance(value, dict):
                _merge(section, _own(value))
            else:
                _merge(section, _own(_nest(path or (str(key),), value)))
        return section

    def origin(self, path: tuple[str, ...]) -> Origin:
        """Where the setting at this path of keys stands, as exactly as it is known."""
        setting = ".".join(("berth", *path))
        if not self.file:
            return Origin(self.name, setting, self.trusted)
        line = _line(self.lines, path)
        return Origin(self.name, f"{self.file}:{line}" if line else self.file, self.trusted)


def editor_layer(raw: object) -> Layer | None:
    """The editor's layer from what it answered for the section ``berth``; None when it gave nothing."""
    return None if raw is None or raw == {} else Layer("editor", raw)


def _setting_path(key: str) -> tuple[str, ...]:
    """The path of a key that may be dotted, without ``berth``; empty for ``berth`` itself."""
    parts = tuple(key.split("."))
    return parts[1:] if parts[0] == "berth" else parts


def _nest(path: tuple[str, ...], value: object) -> dict[str, object]:
    for part in reversed(path[1:]):
        value = {part: value}
    return {path[0]: value}


def _own(section: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in section.items() if key not in CLIENT_KEYS}


def _merge(target: dict[str, Any], source: dict[str, object], depth: int = DEEPEST) -> None:
    """Puts objects into one another by key; later values replace earlier ones, and all do below the deepest setting."""
    for key, value in source.items():
        present = target.get(key)
        if depth and isinstance(present, dict) and isinstance(value, dict):
            target[key] = dict(present)
            _merge(target[key], value, depth - 1)
        else:
            target[key] = value


def _line(lines: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
    wanted = _folded(path)
    while wanted:
        for written, line in lines.items():
            if _folded(written) == wanted:
                return line
        wanted = wanted[:-1]
    return None


def _folded(path: tuple[str, ...]) -> tuple[str, ...]:
    """One spelling for ``berth.docker.default_image`` and ``docker: {defaultImage}``."""
    parts = [part.replace("_", "").casefold() for key in path for part in key.split(".")]
    return tuple(parts[1:] if parts[:1] == ["berth"] else parts)
