"""One volume of a profile, from Docker's short syntax ``source:target[:options]``, before anything is looked at."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from berth.errors import SettingsError
from berth.planning.caches import CACHES
from berth.planning.paths import Places, UnresolvedPath, container_path, host_path, is_path
from berth.settings.origin import Origin, Sourced

_VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,127}")
_MODES = frozenset({"ro", "rw"})
_IGNORED = frozenset({"cached", "delegated", "consistent", "z", "Z"})
_SYSTEM_TARGETS = tuple(PurePosixPath(path) for path in ("/proc", "/sys", "/dev", "/etc/berth"))
_FIXED_TARGETS = frozenset({"/", "/etc", "/etc/passwd", "/etc/group", "/tmp", "/run", "/var", "/usr", "/bin", "/lib"})  # noqa: S108 - names of places in a container


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume as it was meant. ``source`` is a host path or a volume's name; ``ignored`` options that do nothing."""

    written: str
    source: Path | str
    target: PurePosixPath
    read_only: bool
    ignored: tuple[str, ...]
    origin: Origin


def parse_volume(written: Sourced[str], places: Places) -> Volume:
    """Parses a volume.

    Raises:
        SettingsError: ``bad-mount``.
    """
    parts = _split(written.value)
    if not 2 <= len(parts) <= 3:
        raise bad_mount(written, f"is not of the form source:target[:options], and no cache ({', '.join(CACHES)})")
    source, target, *rest = parts
    options = rest[0].split(",") if rest else []
    _check_options(written, options)
    try:
        return Volume(
            written=written.value,
            source=_source(written, source, places),
            target=_target(written, target, places),
            read_only="ro" in options,
            ignored=tuple(option for option in options if option in _IGNORED),
            origin=written.origin,
        )
    except UnresolvedPath as error:
        raise bad_mount(written, str(error)) from error


def bad_mount(written: Sourced[str], what: str, hint: str = "") -> SettingsError:
    """The error about a volume. Quotes it as it was written: values of variables are not in it."""
    shown = "".join(c if c.isprintable() else "?" for c in written.value[:200])
    return SettingsError("bad-mount", f"The volume “{shown}” ({written.origin.place}) {what}.", hint)


def is_system_target(path: PurePosixPath) -> bool:
    """Whether a place in the container is none to mount anything at."""
    return str(path) in _FIXED_TARGETS or any(path.is_relative_to(tree) for tree in _SYSTEM_TARGETS)


def _split(text: str) -> list[str]:
    """Splits at colons outside ``${…}``."""
    return [part.replace("\0", ":") for part in re.sub(r"\$\{[^}]*\}", _hide_colons, text).split(":")]


def _hide_colons(match: re.Match[str]) -> str:
    return match[0].replace(":", "\0")


def _check_options(written: Sourced[str], options: list[str]) -> None:
    unknown = [option for option in options if option not in _MODES | _IGNORED]
    if unknown:
        raise bad_mount(written, "has an option other than ro, rw, z, Z, cached, delegated and consistent")
    if set(options) >= _MODES:
        raise bad_mount(written, "is both ro and rw")


def _source(written: Sourced[str], source: str, places: Places) -> Path | str:
    if is_path(source):
        return host_path(source, places)
    if not _VOLUME_NAME.fullmatch(source):
        raise bad_mount(written, "has a source that is neither a path nor the name of a volume")
    if source.startswith("berth-"):
        raise bad_mount(written, "names a volume of Berth's own, which may hold an agent's login")
    return source


def _target(written: Sourced[str], target: str, places: Places) -> PurePosixPath:
    path = container_path(target, places)
    if not path.is_absolute() or "," in target or not target.isprintable():
        raise bad_mount(written, "has a target that is not an absolute path without commas")
    if is_system_target(path):
        raise bad_mount(written, "has a target that belongs to the system in the container")
    return path
