"""Looks at the files and paths that planning asks for. Blocking, and the only place where they are looked at."""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from berth.settings.environment_files import MAX_BYTES, bad_environment_file


class Unreadable(Exception):
    """A file is there and cannot be used; the message is the rest of a sentence that begins with its path."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found.

    Attributes:
        files: The text of the files that exist.
        existing: The paths that exist.
        links: Where the existing paths that lead through symbolic links really are.
    """

    files: Mapping[Path, str] = field(repr=False)
    existing: frozenset[Path]
    links: Mapping[Path, Path]


def observe(files: Iterable[Path], paths: Iterable[Path], *, workspace: Path) -> Observed:
    """Reads the env files and looks at the paths that exist.

    An env file inside the workspace must be a plain file there: not a symbolic link, not a second name of another
    file (hard link), since a repository could otherwise hand over any file of the user.

    Raises:
        berth.errors.SettingsError: ``bad-env-file``: a file is there and cannot be used.
    """
    texts = {path: text for path in files if (text := _environment_file(path, workspace)) is not None}
    # Path.exists() raises where a folder on the way may not be entered or a name is too long.
    # Path.exists raises where looking is not permitted; os.path.exists says that nothing is to be had there.
    existing = frozenset(path for path in paths if os.path.exists(path))  # noqa: PTH110 - see above
    real = {path: Path(os.path.realpath(path)) for path in existing}
    return Observed(texts, existing, {path: target for path, target in real.items() if path != target})


def read_text(path: Path, limit: int) -> str | None:
    """Reads a regular file of at most ``limit`` bytes as UTF-8; None when there is none.

    Raises:
        Unreadable: It is there and cannot be used.
    """
    data = read_bytes(path, limit)
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8 text") from error


def read_bytes(path: Path, limit: int) -> bytes | None:
    """Reads a regular file of at most ``limit`` bytes; None when there is none.

    Raises:
        Unreadable: It is there and cannot be used.
    """
    try:
        # A FIFO or a device would hold an open for ever without O_NONBLOCK.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unreadable(f"cannot be read: {os.strerror(error.errno or 0)}") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable("is not a plain file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise Unreadable(f"is larger than {limit // 1024} KiB")
    return data


def check_plain(path: Path, workspace: Path) -> None:
    """Sees that a file in the workspace is there itself: a repository could otherwise hand over any file of the user.

    Raises:
        Unreadable: It is a symbolic link, lies behind one, or has a second name (hard link).
    """
    if not os.path.lexists(path):
        return
    if Path(os.path.realpath(path)) != Path(os.path.realpath(workspace)) / path.relative_to(workspace):
        raise Unreadable("is a symbolic link or lies behind one")
    if path.lstat().st_nlink > 1 and path.is_file():
        raise Unreadable("has more than one hard link")


def _environment_file(path: Path, workspace: Path) -> str | None:
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir() raises where a name is too long
        return None  # a Python environment is often a folder called .env
    try:
        if path.is_relative_to(workspace):
            check_plain(path, workspace)
        return read_text(path, MAX_BYTES)
    except Unreadable as error:
        raise bad_environment_file(str(path), str(error)) from error
