"""Settings files read and replaced whole. Blocking.

A file is replaced by a finished one beside it, so that nobody ever reads half of it, and only while it is still the one
that was read.
"""

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from berth.errors import SettingsError
from berth.settings.json_files import MAX_BYTES
from berth.settings.observe import Unreadable, read_text
from berth.settings.problems import Problem, bad_settings


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A settings file, which need not exist.

    Attributes:
        path: Where it is, as people call it.
        within: The folder that it must be in, wherever links lead; None for the user's own, which may lead anywhere
            (people keep such files in one repository of theirs and link to it).
    """

    path: Path
    within: Path | None

    def read(self) -> str:
        """Its text; empty when it is absent.

        Raises:
            SettingsError: ``bad-settings``: it is there and cannot be used.
        """
        try:
            return read_text(self.path, MAX_BYTES) or ""
        except Unreadable as error:
            raise bad_settings([Problem(str(self.path), "", str(error))]) from error

    def replace(self, before: str, after: str) -> bool:
        """Writes it; False, and nothing was written, when it no longer says what it said before.

        Its folder is made where it is missing. The file keeps its mode and its owner; a new one of the user's own can
        be read by nobody else, since profiles may hold values of variables.

        Raises:
            SettingsError: ``settings-elsewhere``: a link leads out of the workspace; ``settings-unwritable``.
        """
        target = self._target()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _finished(target, after, mode=0o666 if self.within else 0o600) as finished:
                if self.read() != before:
                    return False
                finished.replace(target)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return True

    def _target(self) -> Path:
        target = Path(os.path.realpath(self.path))
        if self.within is not None and not target.is_relative_to(os.path.realpath(self.within)):
            raise SettingsError(
                "settings-elsewhere",
                f"{self.path} leads out of the workspace, to {target}, and is not changed.",
                "Change that file yourself, or put a file in the link's place.",
            )
        return target


@contextmanager
def _finished(target: Path, text: str, *, mode: int) -> Iterator[Path]:
    """A new file with this text beside the target, gone afterwards unless it was moved."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _take_over(target, descriptor)
            file.write(text.encode())
            file.flush()
            os.fsync(descriptor)
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _take_over(target: Path, descriptor: int) -> None:
    """Gives a new file the mode and owner of the one whose place it takes; a file that may not be written stays."""
    if not target.exists():
        return
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    old, new = target.stat(), os.fstat(descriptor)
    if sys.platform != "win32":
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            os.fchown(descriptor, old.st_uid, old.st_gid)
        os.fchmod(descriptor, old.st_mode & 0o7777)


def _unwritable(path: Path, error: OSError) -> SettingsError:
    why = os.strerror(error.errno) if error.errno else "it could not be written"
    hint = "Make the file and its folder writable, or change it yourself."
    return SettingsError("settings-unwritable", f"{path} cannot be changed: {why}.", hint)
