"""Caches of package managers, asked for by one word among the volumes, kept for a workspace in named volumes.

They are a workspace's and not a user's: in a cache that all projects share, an agent of one could leave code for the
agents of another (npm and pip run what they find there). Whoever wants to share one names a volume of their own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Cache:
    """The folders of a cache below HOME, by the name of their volume, and the variables that point there.

    The variables are for images that keep these things elsewhere (``/usr/local/cargo``, ``/go``). No folder is deeper
    than one level: engines make the folders above a mount as root, and then nothing else can be written beside it. So
    what belongs in ``~/.cache`` gets all of that.
    """

    folders: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)


_XDG = {"cache": ".cache"}

CACHES: Mapping[str, Cache] = {
    "npm": Cache({"npm": ".npm"}),
    "pip": Cache(_XDG),
    "cargo": Cache({"cargo": ".cargo"}, {"CARGO_HOME": ".cargo"}),
    "go": Cache({"go": "go", **_XDG}, {"GOPATH": "go"}),
    "zig": Cache(_XDG),
    "maven": Cache({"maven": ".m2"}),
    "gradle": Cache({"gradle": ".gradle"}, {"GRADLE_USER_HOME": ".gradle"}),
}
"""Every cache by the word that asks for it."""


def cache_folders(word: str, *, home: str, workspace: Path) -> Mapping[PurePosixPath, str]:
    """The volumes of a cache by where they are in the container."""
    digest = hashlib.sha256(str(workspace).encode()).hexdigest()[:12]
    folders = CACHES[word].folders
    return {PurePosixPath(home) / folder: f"berth-cache-{digest}-{name}" for name, folder in folders.items()}


def cache_variables(word: str, *, home: str) -> Mapping[str, str]:
    """The variables of a cache."""
    return {name: f"{home}/{folder}" for name, folder in CACHES[word].variables.items()}
