"""A change to a file as people read it."""

import difflib

from berth.protocol.events import DiffContent

MAX_CHARACTERS = 200_000
"""Larger files are summarised: a diff of megabytes takes seconds and nobody reads it."""


def unified(change: DiffContent) -> str:
    """The change as a unified diff, without the time stamps."""
    old, new = change.old or "", change.new
    if len(old) + len(new) > MAX_CHARACTERS:
        return f"--- {change.path}\n+++ {change.path}\n@@ {len(old)} characters became {len(new)} @@"
    before = f"a/{change.path.lstrip('/')}" if change.old is not None else "/dev/null"
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), before, f"b/{change.path.lstrip('/')}", lineterm=""
    )
    return "\n".join(lines)
