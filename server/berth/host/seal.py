"""Whose a container is. Labels are inherited from images and copied with them, so a label alone proves nothing.

Every container of a session carries, beside the session's id, a keyed digest (HMAC-SHA-256) over it. The key is 32
random bytes, in hexadecimal, in the state folder, readable by its user alone: no image can carry a digest that fits.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from berth.engine.base import ContainerFacts
from berth.planning.labels import LABEL, SEAL_LABEL, SESSION_LABEL

HOST_LABEL = f"{LABEL}.host"


class Seal:
    """The key of one state folder. ``host`` is the folder's public name, for finding its containers."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.host = self._digest("host")[:12]

    @classmethod
    def of(cls, folder: Path) -> "Seal":
        """The seal of a state folder; its key is made when there is none. Blocks for a moment. Raises ``OSError``."""
        path = folder / "key"
        if not path.exists():
            _make(path)
        return cls(path.read_bytes())

    @classmethod
    def found(cls, folder: Path) -> "Seal | None":
        """The seal of a state folder, None where there is none yet."""
        return cls.of(folder) if (folder / "key").exists() else None

    def labels(self, session: str) -> dict[str, str]:
        """What a container of this session carries."""
        return {HOST_LABEL: self.host, SEAL_LABEL: self._digest(f"session {session}")}

    def session_of(self, facts: ContainerFacts) -> str | None:
        """The session that a container was made for; None when it is none of ours.

        One made from a copy of ours has our labels too, but not our name: names are unique on an engine.
        """
        session = facts.labels.get(SESSION_LABEL, "")
        fits = hmac.compare_digest(facts.labels.get(SEAL_LABEL, ""), self._digest(f"session {session}"))
        return session if fits and session and facts.name.endswith(f"-{session}") else None

    def _digest(self, of: str) -> str:
        return hmac.new(self._key, of.encode(), hashlib.sha256).hexdigest()[:32]


def _make(path: Path) -> None:
    """Two hosts at once make one key: the first that is whole in its place counts."""
    fresh = path.with_name(f"key.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
