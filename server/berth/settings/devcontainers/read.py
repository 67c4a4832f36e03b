"""Reads ``devcontainer.json``. Blocking."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from berth.errors import SettingsError
from berth.settings.devcontainers.written import IGNORED, WrittenDevContainer
from berth.settings.jsonc import BadJson, parse_jsonc
from berth.settings.layers import Layer, fold_lines
from berth.settings.observe import Unreadable, read_text
from berth.settings.origin import Origin

MAX_BYTES = 1024 * 1024
"""As for every settings file."""


@dataclass(frozen=True, slots=True)
class DevContainerText:
    """The file as it was written, with the line of every key. ``unknown`` are keys that no specification has."""

    path: Path
    written: WrittenDevContainer
    layer: Layer = field(repr=False)
    unknown: tuple[str, ...] = ()

    def origin(self, *keys: str) -> Origin:
        """Where something stands. Whoever asked for the file, a repository wrote it."""
        return self.layer.origin(keys)


def read_devcontainer(path: Path) -> DevContainerText:
    """Reads the file.

    Raises:
        SettingsError: ``bad-devcontainer``: it cannot be read, or a key that Berth uses has a value of another kind.
    """
    try:
        raw, lines = parse_jsonc(read_text(path, MAX_BYTES) or "")
    except Unreadable as error:
        raise _bad(f"{path} {error}.") from error
    except BadJson as error:
        raise _bad(f"{path}:{error.line} is not JSON with comments: {error}.") from error
    if not isinstance(raw, dict):
        raise _bad(f"{path} is not a JSON object.")
    layer = Layer("workspace", raw, str(path), fold_lines(lines))
    try:
        written = WrittenDevContainer.model_validate(raw)
    except ValidationError as error:
        raise _wrong(layer, error) from None
    unknown = tuple(str(key) for key in (written.model_extra or {}) if key not in IGNORED)
    return DevContainerText(path, written, layer, unknown)


def _wrong(layer: Layer, error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    keys = tuple(str(part) for part in first["loc"] if isinstance(part, str))[:2]
    # pydantic adds the name of a union's member; only keys of the file are shown
    known = keys if len(keys) > 1 and isinstance(_value(layer.raw, keys[:1]), dict) else keys[:1]
    shown = "".join(c if c.isprintable() else "?" for c in ".".join(known)[:100])
    return _bad(f"{shown} ({layer.origin(known).place}) has a value of a kind that it cannot have.")


def _value(raw: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def _bad(message: str) -> SettingsError:
    return SettingsError("bad-devcontainer", message, "See https://containers.dev/implementors/json_reference/.")
