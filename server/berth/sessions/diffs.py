"""A change to a file as people read it."""

import difflib

from berth.protocol.tool_events import DiffContent

MAX_CHARACTERS = 200_000
"""Larger files are summarised: a diff of megabytes takes seconds and nobody reads it."""


def unified(change: DiffContent, path: str) -> str:
    """The change as a unified diff without time stamps. ``path`` is what the file is called in it."""
    old, new = change.old or "", change.new
    if len(old) + len(new) > MAX_CHARACTERS:
        return f"--- {path}\n+++ {path}\n@@ {len(old)} characters became {len(new)} @@"
    path = path.lstrip("/")
    before = f"a/{path}" if change.old is not None else "/dev/null"
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), before, f"b/{path}", lineterm="")
    return "\n".join(lines)
