"""Where Berth keeps what it writes, and where its own image recipes are."""

import functools
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from berth.host.private import make_private

KEPT_DIGESTS = 16
"""Build contexts that are not read again while none of their files is touched."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The folder for everything Berth writes; private to the user (mode 0700).

    ``$BERTH_STATE_DIR``, else the platform's state folder (``~/.local/state/berth`` on Linux).
    """

    root: Path

    @classmethod
    def of_user(cls) -> "StateFolder":
        """The folder of the user who runs this process, made when it is missing.

        Raises:
            BerthError: ``state-unsafe``: it is somebody else's, or others could have written in it.
        """
        named = os.environ.get("BERTH_STATE_DIR")
        folder = cls(Path(named) if named else Path(platformdirs.user_state_dir("berth", appauthor=False)))
        for path in (folder.root, folder.sessions, folder.accounts, folder.trust, folder.modes):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(path)
        return folder

    @property
    def sessions(self) -> Path:
        """One folder a session: ``events.jsonl`` and ``transcript.md``."""
        return self.root / "sessions"

    @property
    def accounts(self) -> Path:
        """Generated ``passwd`` and ``group`` files that containers mount."""
        return self.root / "accounts"

    @property
    def trust(self) -> Path:
        """What the user allowed which workspace."""
        return self.root / "trust"

    @property
    def contexts(self) -> Path:
        """What was hashed of build contexts, so that it is not read again."""
        return self.root / "contexts"

    @property
    def modes(self) -> Path:
        """One file for each workspace that was toggled: where its agents run."""
        return self.root / "modes"

    @property
    def spares(self) -> Path:
        """One locked file for each host that keeps containers waiting."""
        return self.root / "spares"

    @property
    def desk(self) -> Path:
        """The sockets of hosts that lead proxies to services of this machine. Proxies have it, and no session."""
        return self.root / "desk"

    @property
    def audit(self) -> Path:
        """What was decided and done, as a chain of lines."""
        return self.root / "audit"

    @property
    def log(self) -> Path:
        """The log file, rotated."""
        return self.root / "berth.log"


@functools.cache
def images_folder() -> Path:
    """Where Berth's Dockerfiles are: beside the installed package, or at the top of a source checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "images"
    return installed if installed.is_dir() else package.parent.parent / "images"


def recipe_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a build context; call it in a worker thread.

    They are read again when one of them was touched: reading them took a third of the time of a plan.
    """
    return _digest(folder, frozenset(_stamps(folder)))


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for root, _, names in os.walk(folder):
        for name in names:
            status = os.stat(f"{root}/{name}")  # noqa: PTH116 - a path object for each would be half of the work
            yield f"{root}/{name}", status.st_size, max(status.st_mtime_ns, status.st_ctime_ns)


@functools.lru_cache(maxsize=KEPT_DIGESTS)
def _digest(folder: Path, _: frozenset[tuple[str, int, int]]) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".md", ".pyc"):
            content = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
