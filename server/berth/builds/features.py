"""Features that are folders of a project: read once, for their digest and for the build. Blocking."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from berth.errors import ImageError

MOST_FILES, MOST_BYTES = 2_000, 32 * 1024 * 1024
"""Of one feature; real ones have two or three small files."""


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """A plain file of a feature. ``path`` is as seen from the folder of ``devcontainer.json``."""

    path: PurePosixPath
    executable: bool
    content: bytes = field(repr=False)


def feature_files(folder: Path, names: Iterable[str], boundary: Path) -> tuple[FeatureFile, ...]:
    """The files of all features whose names begin with a dot, in their order; links are passed over.

    Args:
        folder: Where ``devcontainer.json`` is.
        names: The features.
        boundary: The workspace.

    Raises:
        ImageError: ``bad-context``: a folder is not there, leads out of the workspace, or is too large.
    """
    local = sorted(name for name in names if name.startswith("."))
    return tuple(file for name in local for file in _files(folder, name, boundary))


def content_digest(files: Iterable[FeatureFile]) -> str:
    """64 hexadecimal digits over paths, modes and contents."""
    digest = hashlib.sha256()
    for file in files:
        head = f"{file.path}\0{int(file.executable)}\0{len(file.content)}\0"
        digest.update(head.encode(errors="surrogateescape") + file.content)
    return digest.hexdigest()


def _files(folder: Path, name: str, boundary: Path) -> Iterator[FeatureFile]:
    top = Path(os.path.normpath(folder / name))
    real = Path(os.path.realpath(top))
    if not real.is_dir() or not real.is_relative_to(os.path.realpath(boundary)) or not top.is_relative_to(folder):
        message = f"The feature {name[:100]!r} is no folder beside devcontainer.json."
        raise ImageError("bad-context", message, "Correct its name.")
    size = 0
    found = [path for path in sorted(real.rglob("*")) if path.is_file() and not path.is_symlink()]
    for path in found:
        size += path.stat().st_size
        if size > MOST_BYTES or len(found) > MOST_FILES:
            message = f"The feature {name[:100]!r} has more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB."
            raise ImageError("bad-context", message, "Take out what it does not need.")
        inside = PurePosixPath(top.relative_to(folder).as_posix(), path.relative_to(real).as_posix())
        yield FeatureFile(inside, bool(path.stat().st_mode & 0o100), path.read_bytes())
