"""Paths as people write them in settings: relative, ``~``, ``${workspaceFolder}``, ``${localEnv:NAME}``."""

import os.path
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LEADING = re.compile(r"^//+")
"""POSIX lets two leading slashes mean something of their own, and so path libraries keep them."""
_LOCAL = re.compile(r"localEnv:([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?")


@dataclass(frozen=True, slots=True)
class Places:
    """What a written path may refer to. ``environment`` is the editor's."""

    workspace: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def home(self) -> Path | None:
        """The user's home folder."""
        home = self.environment.get("HOME") or self.environment.get("USERPROFILE")
        return Path(home) if home else None


class UnresolvedPath(ValueError):
    """A path cannot be told from what was written; the message is the rest of a sentence and has no value in it."""


def host_path(written: str, places: Places) -> Path:
    """The absolute path that was meant, without ``.`` and ``..``; relative paths start at the workspace.

    Raises:
        UnresolvedPath: A variable in it has no value, or it cannot be a path.
    """
    return _absolute(_VARIABLE.sub(lambda match: _host_value(match[1], places), written), places)


def file_path(written: str, places: Places) -> Path:
    """Like :func:`host_path` without ``${localEnv:NAME}``: the path of an env file is told when the file is absent.

    Raises:
        UnresolvedPath: A variable in it has no value, or it cannot be a path.
    """
    return _absolute(_VARIABLE.sub(lambda match: _container_value(match[1], places), written), places)


def container_path(written: str, places: Places) -> PurePosixPath:
    """The path in the container that was meant. Only ``${workspaceFolder}`` is resolved: it is the same path there.

    Values of the editor's environment stay out, since a mount's target is visible to everyone who may inspect it.

    Raises:
        UnresolvedPath: Another variable is used.
    """
    text = _VARIABLE.sub(lambda match: _container_value(match[1], places), written)
    return PurePosixPath(posixpath.normpath(_LEADING.sub("/", text)))


def is_path(written: str) -> bool:
    """Whether a mount's source is a path rather than the name of a volume."""
    return written.startswith((".", "~", "$")) or "/" in written or "\\" in written


def _absolute(text: str, places: Places) -> Path:
    if text == "~" or text.startswith("~/"):
        if places.home is None:
            raise UnresolvedPath("uses ~, but the editor's environment has no HOME")
        text = str(places.home) + text[1:]
    if not text.isprintable():
        raise UnresolvedPath("has a character that cannot be printed")
    return Path(os.path.normpath(places.workspace / _LEADING.sub("/", text)))


def _host_value(name: str, places: Places) -> str:
    local = _LOCAL.fullmatch(name)
    if local is None:
        return _container_value(name, places)
    value = places.environment.get(local[1]) or local[2]
    if not value:
        raise UnresolvedPath(f"uses ${{localEnv:{local[1]}}}, which the editor's environment does not have")
    return value


def _container_value(name: str, places: Places) -> str:
    if name == "workspaceFolder":
        return str(places.workspace)
    if name == "workspaceFolderBasename":
        return places.workspace.name
    raise UnresolvedPath(
        "uses a variable other than ${workspaceFolder} and, in the source of a volume, ${localEnv:NAME}"
    )
