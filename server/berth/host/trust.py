"""What the user allowed which workspace, kept in the state folder where no container reaches. File calls block."""

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from berth.planning.breach import Consent

MOST = 64
"""So many yeses are kept for one workspace; the oldest is forgotten first."""


class Grant(BaseModel):
    """One yes: what was shown, and from when to when it holds, in Unix seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    workspace: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    asks: tuple[str, ...]
    receives: tuple[str, ...]
    at: float
    until: float


_GRANTS = TypeAdapter(list[Grant])


class Trust:
    """One file a workspace, readable by the user only (0600), always replaced as a whole."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Keeps them in ``folder``, which is private to the user."""
        self._folder = folder
        self._clock = clock

    def allows(self, workspace: Path, consent: Consent) -> bool:
        """Whether there is a yes to exactly this that still holds."""
        return any(grant.digest == consent.digest for grant in self.grants(workspace))

    def allow(self, workspace: Path, consent: Consent) -> None:
        """Keeps a yes for as long as it says.

        Raises:
            OSError: It cannot be written.
        """
        at = self._clock()
        grant = Grant(
            workspace=str(workspace),
            digest=consent.digest,
            asks=consent.asks,
            receives=consent.receives,
            at=at,
            until=at + consent.seconds,
        )
        others = [other for other in self.grants(workspace) if other.digest != consent.digest]
        self._write(workspace, [*others, grant][-MOST:])

    def grants(self, workspace: Path) -> tuple[Grant, ...]:
        """Every yes to this workspace that still holds, oldest first. A file that cannot be read holds none."""
        now = self._clock()
        # a clock that was set back must not prolong a yes: one from the future does not count
        return tuple(grant for grant in self._read(self._file(workspace)) if grant.at <= now < grant.until)

    def all(self) -> tuple[Grant, ...]:
        """Every yes to any workspace that still holds."""
        now = self._clock()
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return tuple(grant for file in files for grant in self._read(file) if grant.at <= now < grant.until)

    def revoke(self, workspace: Path, digest: str | None = None) -> int:
        """Takes one yes back, or all of the workspace; answers how many there were.

        Raises:
            OSError: It cannot be written.
        """
        grants = self.grants(workspace)
        kept = [grant for grant in grants if digest is not None and grant.digest != digest]
        if len(kept) == len(grants):
            return 0
        self._write(workspace, kept)
        return len(grants) - len(kept)

    def _file(self, workspace: Path) -> Path:
        return self._folder / f"{hashlib.sha256(str(workspace).encode(errors='surrogateescape')).hexdigest()}.json"

    def _read(self, file: Path) -> Sequence[Grant]:
        try:
            return _GRANTS.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return []

    def _write(self, workspace: Path, grants: Sequence[Grant]) -> None:
        file = self._file(workspace)
        if not grants:
            file.unlink(missing_ok=True)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_suffix(f".{secrets.token_hex(4)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(json.dumps([grant.model_dump() for grant in grants], indent=1).encode())
            draft.replace(file)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
