"""Which user this is."""

import os
import sys


def own_uid() -> int | None:
    """The user id that files are made with; None where users have no numbers (Windows)."""
    return None if sys.platform == "win32" else os.geteuid()
