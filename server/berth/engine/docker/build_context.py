"""The tar that a build is given: the context folder as ``.dockerignore`` leaves it, and files from elsewhere."""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from berth.errors import ImageError
from berth.planning.image_plan import BuildRecipe

STAMP = 315_619_200
"""1980-01-02, the modification time of everything in a context: what is in it decides, and zip takes nothing older."""


def write_context(recipe: BuildRecipe, target: IO[bytes]) -> None:
    """Writes the context, the same bytes for the same files. Blocks.

    Links stay links and are never followed; sockets, pipes and devices are left out.

    Raises:
        ImageError: ``build-failed``: the folder, the Dockerfile or an extra file cannot be read.
    """
    try:
        with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in _names(recipe):
                if name not in recipe.extra_files:
                    _add(tar, name, recipe.context / name)
            for name, path in sorted(recipe.extra_files.items()):
                _add(tar, name, path.resolve())
    except OSError as error:
        message = f"The build context of {recipe.tag} cannot be read: {error.strerror} ({error.filename})."
        raise ImageError("build-failed", message, "Check the Dockerfile's path and the folder's permissions.") from None


def _names(recipe: BuildRecipe) -> Iterator[str]:
    from docker.utils import exclude_paths  # noqa: PLC0415 - docker is imported by the first call that needs it

    (recipe.context / recipe.dockerfile).stat()
    ignore = recipe.context / ".dockerignore"
    lines = ignore.read_text("utf-8").splitlines() if ignore.is_file() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    names = exclude_paths(str(recipe.context), patterns, dockerfile=recipe.dockerfile)
    yield from sorted(str(name) for name in names)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    entry = tar.gettarinfo(str(path), arcname=name)
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = STAMP
    if entry.isreg():
        with path.open("rb") as content:
            tar.addfile(entry, content)
    elif entry.isdir() or entry.issym():
        tar.addfile(entry)
