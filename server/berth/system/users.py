"""Which user this is."""

import os
import stat
import sys

UNNUMBERED = 1000
"""Who acts for a user without a number: Docker Desktop lets any user of a container write in folders of Windows, and
says that they are root's; an agent needs no root."""


def own_uid() -> int | None:
    """The user id that files are made with; None where users have no numbers (Windows)."""
    if sys.platform == "win32":
        return None
    return os.geteuid()


def acting_uid() -> int:
    """The user id to be in a container, so that its files are the user's."""
    uid = own_uid()
    return UNNUMBERED if uid is None else uid


def owner_of(found: os.stat_result) -> tuple[int, int]:
    """User and group that a file belongs to, as a container has to know them."""
    if sys.platform == "win32":
        return UNNUMBERED, UNNUMBERED
    return found.st_uid, found.st_gid


def is_private(found: os.stat_result) -> bool:
    """Whether a file or folder is this user's and nobody else can open it.

    On Windows a user's profile is private by its access lists, which are not looked at.
    """
    if sys.platform == "win32":
        return True
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077


def give(path: str | os.PathLike[str], uid: int, gid: int) -> None:
    """Makes a file somebody else's, which only root can; without effect on Windows. Raises ``OSError``."""
    if sys.platform != "win32":
        os.chown(path, uid, gid, follow_symlinks=False)
