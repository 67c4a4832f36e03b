"""Looks into the files of package tools for the registries they name. Blocking.

Such files hold passwords. Of what stands in them nothing is kept but hosts, ports and lines.
"""

import functools
import os
from collections.abc import Iterable
from pathlib import Path

from berth.planning.registry_files.files import RegistryFile
from berth.planning.registry_files.named import NOT_LISTED, Registries, registries_in
from berth.settings.observe import Unreadable, check_plain, read_text

MAX_BYTES = 64 * 1024
KEPT = 256
"""Files that are not read again while they are as they were: of each workspace a few, and the user's."""


def look_at_registries(files: Iterable[RegistryFile], workspace: Path) -> Registries:
    """What the files name that exist. Never raises: what cannot be used is a note.

    Args:
        files: Where to look.
        workspace: The real path of the workspace folder.
    """
    found = [_look(file, workspace) for file in files]
    return Registries(
        tuple(one for each in found for one in each.named), tuple(note for each in found for note in each.notes)
    )


def _look(file: RegistryFile, workspace: Path) -> Registries:
    try:
        seen = file.path.stat() if file.is_users else file.path.lstat()
    except (OSError, ValueError):
        return Registries()
    try:
        _check(file, workspace)
        return _read(file, (seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns))
    except Unreadable as error:
        return Registries(notes=(f"{file.path} {error}: {NOT_LISTED}",))


def _check(file: RegistryFile, workspace: Path) -> None:
    """What leads out of the workspace is not the workspace's, and what leads into it is not the user's."""
    if not file.is_users:
        check_plain(file.path, workspace)
    elif Path(os.path.realpath(file.path)).is_relative_to(workspace):
        raise Unreadable("leads into the workspace, where an agent can write")


@functools.lru_cache(maxsize=KEPT)
def _read(file: RegistryFile, _: tuple[int, ...]) -> Registries:
    return registries_in(file, read_text(file.path, MAX_BYTES) or "")
