"""Folders that only their user may look into: what was allowed, and what agents said, is kept there."""

import logging
import os
import stat
from pathlib import Path

from berth.errors import BerthError

logger = logging.getLogger(__name__)


def make_private(folder: Path) -> None:
    """Makes a folder 0700 where others could only read it.

    Raises:
        BerthError: ``state-unsafe``: it is another user's, or others could write in it, and what is in there may not be
            the user's own word.
    """
    if not hasattr(os, "geteuid"):
        return  # Windows: the user's profile is private by its own means
    found = folder.stat()
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid():
        message = f"{folder}, where Berth keeps what it writes, belongs to another user."
        raise BerthError("state-unsafe", message, "Name another folder with BERTH_STATE_DIR, or take this one back.")
    if mode & 0o022:
        message = f"{folder}, where Berth keeps what it writes, can be written by other users."
        hint = "Look at what is in there, then: chmod -R go-rwx, or name another folder with BERTH_STATE_DIR."
        raise BerthError("state-unsafe", message, hint)
    if mode & 0o077:
        folder.chmod(0o700)
        logger.warning("%s could be read by other users, and is private now.", folder)
