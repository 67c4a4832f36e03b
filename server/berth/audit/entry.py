"""One line of the audit: what is said by whoever did something, and what is added when it is written."""

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

VERSION = 1

LONGEST = 512
"""Characters of one text; what is longer is cut, so that a line stays below 8 KiB."""


def _time() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was decided or done. Never a value, a body or a prompt: names, kinds, ids, digests and paths.

    Attributes:
        event: What it is about, in two words: ``session.created``, ``gate.answered``.
        decision: What was decided: ``asked``, ``allowed``, an option's id, a state.
        code: The stable kind of an error, or which sort of thing it is.
        actor: Who: the name of a client, or ``berth``.
        session: The session's id.
        workspace: The workspace's path.
        request_digest: Digest of what was asked for.
        policy_digest: Digest of the user's ceilings that held.
        subject: What it was done to: a container, an image, a name.
        bytes: How much or how many, where there is a number.
        ts: When, in UTC.
        mono: The same in seconds on a clock that nobody sets.
    """

    event: str
    decision: str = ""
    code: str = ""
    actor: str = "berth"
    session: str = ""
    workspace: str = ""
    request_digest: str = ""
    policy_digest: str = ""
    subject: str = ""
    bytes: int = 0
    ts: str = field(default_factory=_time)
    mono: float = field(default_factory=time.monotonic)

    def fields(self, seq: int, prev: str) -> dict[str, object]:
        """All fields of the line, in their order."""
        texts = ("actor", "session", "workspace", "event", "decision", "code")
        digests = ("request_digest", "policy_digest", "subject")
        return {
            "v": VERSION,
            "seq": seq,
            "ts": self.ts,
            "mono": round(self.mono, 3),
            "boot": _boot(),
            "pid": os.getpid(),
            **{name: _plain(getattr(self, name)) for name in (*texts, *digests)},
            "bytes": self.bytes,
            "prev": prev,
        }


def _plain(text: str) -> str:
    """One line of what can be printed, not endless; what cannot be encoded is replaced."""
    shown = "".join(c if c.isprintable() else "?" for c in text[: LONGEST + 1])
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


@cache
def _boot() -> str:
    """Which run of the machine this is; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
