"""Where a build has its context folder, Dockerfile and ignore file, none of them outside a boundary."""

import os
from dataclasses import dataclass
from pathlib import Path

from berth.builds.folders import Folders
from berth.builds.ignore import Ignore, read_ignore
from berth.builds.source_lines import MOST_BYTES
from berth.errors import ImageError


@dataclass(frozen=True, slots=True)
class Place:
    """``root`` is the context's real path. ``dockerfile`` holds the bytes that everything else works on.

    ``name`` is the Dockerfile's path below the boundary, as errors call it.
    """

    root: str
    name: str
    dockerfile: bytes
    ignore: Ignore


def find_place(boundary: Path, context: Path, dockerfile: Path) -> Place:
    """Reads Dockerfile and ignore file once; nothing else may read them again. Blocks.

    The ignore file is ``<Dockerfile>.dockerignore`` beside the Dockerfile, as BuildKit has it, else the context's own.

    Raises:
        ImageError: ``bad-dockerfile``: missing, unreadable, or the Dockerfile or context really lies outside of
            ``boundary``, whatever links say; ``bad-context``: a pattern in the ignore file.
    """
    real = Path(os.path.realpath(boundary))
    root, file = _inside(real, context), _inside(real, dockerfile)
    raw = _content(real, file)
    if raw is None or not root.is_dir():
        message = f"{dockerfile if raw is None else context} does not exist or cannot be read."
        raise ImageError("bad-dockerfile", message, "Correct the path in the profile's build, or create the file.")
    for ignore in (file.with_name(file.name + ".dockerignore"), root / ".dockerignore"):
        lines = _content(real, _inside(real, ignore))
        if lines is not None:
            return Place(str(root), _name(real, file), raw, read_ignore(lines, _name(real, ignore)))
    return Place(str(root), _name(real, file), raw, read_ignore(b"", ".dockerignore"))


def _inside(real: Path, path: Path) -> Path:
    """The real path of something that has to be below the boundary."""
    really = Path(os.path.realpath(path))
    if not really.is_relative_to(real):
        message = f"{path} leads outside of {real}."
        raise ImageError("bad-dockerfile", message, "Keep the Dockerfile and its context inside the workspace.")
    return really


def _content(real: Path, file: Path) -> bytes | None:
    """The file's bytes, one more than may be at most; None where there is no such file."""
    if not file.is_file():
        return None
    try:
        with Folders(str(real)) as folders:
            descriptor = folders.file(str(file.relative_to(real)))
            with os.fdopen(descriptor, "rb") as opened:
                return opened.read(MOST_BYTES + 1)
    except OSError:
        return None


def _name(real: Path, file: Path) -> str:
    return str(file.relative_to(real))
