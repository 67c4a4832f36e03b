"""A journal is bounded: once it is long, its older events go. Numbers stay what they were."""

import json
import os
from pathlib import Path

from berth.sessions.journal_lines import HEADER, Found, decoded, encoded, scan
from berth.sessions.past import Past

LONG_BYTES = 64 * 1024 * 1024
"""A journal may grow to this: several hundred thousand events, weeks of an agent's talk."""

KEPT_BYTES = LONG_BYTES // 2
"""Then so much of its newest events stays, and every note that a later host needs. Takes a thread about a second."""


def write_shorter(path: Path, fresh: Path) -> Found | None:
    """Writes what is kept of a journal to a fresh file, and answers what is in it; None where it is short enough.

    Call it in a worker thread. Raises ``OSError``.
    """
    size = path.stat().st_size
    if size <= LONG_BYTES:
        return None
    found = scan(path)
    with path.open("rb") as journal, os.fdopen(_private(fresh), "wb") as shorter:
        shorter.write(HEADER)
        for kind, content in Past.told_by(found.notes, found.mark).notes():
            shorter.write(encoded(f"#{kind} {json.dumps(content)}".encode()))
        journal.seek(size - KEPT_BYTES)
        for line in journal:
            payload = decoded(line)
            if payload is not None and payload.startswith(b"{"):
                shorter.write(line)
        shorter.write(encoded(f"={json.dumps(found.mark)}".encode()))
        shorter.flush()
        os.fsync(shorter.fileno())
    return scan(fresh)


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
