"""The files of an audit: one that is appended to, older ones beside it, and a lock. Blocking.

Any number of processes may append: each takes the lock, reads where the chain ends and goes on from there.
"""

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from berth.audit.chain import TORN, End, digest_of, line_of, parsed
from berth.audit.entry import Entry
from berth.errors import BerthError
from berth.system.files import EXACT, NO_LINK, read_at
from berth.system.locks import wait_for_lock
from berth.system.users import is_private

MOST_BYTES = 8 * 1024 * 1024
"""Of one file: some 20,000 lines, more than a year of one person's sessions."""

MOST_FILES = 16
"""The oldest is removed when there are more, and the chain says so."""

_TAIL = 64 * 1024
"""How far back the end of the chain is looked for; a line is at most 8 KiB long."""


class AuditFolder:
    """An audit in a folder that is private to the user (0700); its files are 0600."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        """Looks at nothing yet."""
        self.folder = folder
        self.file = folder / "audit.jsonl"
        self._most_bytes = most_bytes

    def append(self, entries: Sequence[Entry]) -> None:
        """Writes lines at the chain's end.

        Raises:
            OSError: They cannot be written. Whatever was torn is mended by the next call.
            BerthError: ``state-unsafe``: a file is a link, or somebody else's.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            rotated = self._rotated()
            with _opened(self.file) as file:
                lines, end = self._mended(file)
                for entry in (*rotated, *entries):
                    line, end = line_of(entry, end)
                    lines += line
                _write(file, lines)

    def files(self) -> list[Path]:
        """All files, the oldest first."""
        older = sorted(self.folder.glob("audit-*.jsonl"))
        return [*older, self.file] if self.file.exists() else older

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Every line with its place, the oldest first."""
        for file in self.files():
            with file.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    yield f"{file.name}:{number}", line.removesuffix(b"\n")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with _opened(self.folder / "audit.lock") as lock:
            wait_for_lock(lock)
            yield

    def _rotated(self) -> list[Entry]:
        """Puts a full file aside; what is to be said about it."""
        if not self.file.exists() or self.file.stat().st_size < self._most_bytes:
            return []
        with self.file.open("rb") as stream:
            first = parsed(stream.readline()) or {}
        aside = self.folder / f"audit-{first.get('seq', 0):012d}.jsonl"
        if aside.exists():
            return []  # only where its first line cannot be read: nothing is written over
        self.file.rename(aside)
        said = [Entry("audit.rotated", subject=aside.name)]
        for gone in self.files()[: -MOST_FILES + 1]:
            gone.unlink()
            said.append(Entry("audit.removed", subject=gone.name))
        return said

    def _mended(self, file: int) -> tuple[bytes, End]:
        """What has to stand before the next line, and the end that it follows."""
        tail = _tail(file)
        if not tail:
            older = self.files()[:-1]
            return b"", _end(older[-1].read_bytes()[-_TAIL:]) if older else End()
        last = tail.rpartition(b"\n")[2]
        if not last:
            return b"", _end(tail)
        if parsed(last) is not None:
            return b"\n", _end(tail)
        torn = End(_end(tail[: -len(last)]).seq, digest_of(last))
        line, end = line_of(Entry(TORN, bytes=len(last)), torn)
        return b"\n" + line, end


def _end(text: bytes) -> End:
    """Where complete lines end. A last line that cannot be read has a digest all the same."""
    lines = text.removesuffix(b"\n").split(b"\n") if text else []
    numbers = (fields["seq"] for line in reversed(lines) if (fields := parsed(line)) is not None)
    return End(next(numbers, 0), digest_of(lines[-1])) if lines else End()


def _tail(file: int) -> bytes:
    size = os.fstat(file).st_size
    return read_at(file, _TAIL, max(0, size - _TAIL))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINK | EXACT, 0o600)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or not is_private(found):
            message = f"{path} is not a private file of yours."
            raise BerthError("state-unsafe", message, "Move it away; Berth makes a new one.")
        yield file
    finally:
        os.close(file)


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
