"""What the files of a context held when they were last read, kept with what ``stat`` said of them then.

A file whose size, mode, times and inode are as they were is not read again. A file touched so shortly before it was
read that a second change could have left its times alone is kept as unknown, and read again next time (git calls such
entries racy). A cache that cannot be read is no cache; one that cannot be written is only slow.
"""

import contextlib
import hashlib
import logging
import os
import struct
import sys
import tempfile
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from berth.builds.walk import WIDTH

RACY = 2_000_000_000
"""Nanoseconds: the coarsest timestamps in use (FAT) are two seconds apart, the kernel's own a few milliseconds."""

MOST_CACHES = 64
MOST_BYTES = 256 * 1024 * 1024

HASH_BYTES = 32
UNKNOWN = -1
"""As size of an entry: to be read again whatever ``stat`` says."""

_MAGIC = b"berth context 1 " + sys.byteorder.encode()[:1]
_HEAD = struct.Struct("=QQI32s")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One context as it was: ``names`` are all paths with a NUL between; ``digest`` is over the whole listing."""

    names: bytes
    stats: "array[int]"
    hashes: bytes
    digest: bytes


class StatCache:
    """Caches in a folder of their own, one file a key; written whole or not at all. Blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> Remembered | None:
        """What was kept under a key; None where that is nothing, cut off, changed or of another version."""
        try:
            raw = self._file(key).read_bytes()
        except OSError:
            return None
        return _unpacked(raw)

    def save(self, key: str, remembered: Remembered, *, read_at: int) -> None:
        """Keeps a context whose files were looked at no earlier than ``read_at`` (nanoseconds since 1970).

        Never raises ``OSError``: without a cache everything is read again.
        """
        stats = _without_racy(remembered.stats, read_at - RACY)
        body = b"".join((remembered.names, stats.tobytes(), remembered.hashes))
        if len(body) > MOST_BYTES:
            return
        head = _HEAD.pack(len(remembered.names), len(stats), zlib.crc32(body), remembered.digest)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(key, _MAGIC + head + body)
            self._trim()
        except OSError as error:
            _log.warning("a build context's cache could not be written: %s", error.strerror)

    def _file(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode('utf-8', 'backslashreplace')).hexdigest()[:32]}.context"

    def _write(self, key: str, raw: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
            Path(name).replace(self._file(key))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _trim(self) -> None:
        """The oldest go where there are too many, and what a killed writer left."""
        files = [*self._folder.glob("*.context"), *self._folder.glob("*.new")]
        if len(files) <= MOST_CACHES:
            return
        files.sort(key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for file in files[MOST_CACHES:]:
            with contextlib.suppress(FileNotFoundError):
                file.unlink()


def _unpacked(raw: bytes) -> Remembered | None:
    start = len(_MAGIC) + _HEAD.size
    if not raw.startswith(_MAGIC) or len(raw) < start:
        return None
    names_size, numbers, checksum, digest = _HEAD.unpack_from(raw, len(_MAGIC))
    stats_at = start + names_size
    hashes_at = stats_at + numbers * 8
    body = memoryview(raw)[start:]
    entries = numbers // WIDTH
    if len(raw) != hashes_at + entries * HASH_BYTES or zlib.crc32(body) != checksum:
        return None
    stats = array("q")
    stats.frombytes(raw[stats_at:hashes_at])
    return Remembered(raw[start:stats_at], stats, raw[hashes_at:], digest)


def _without_racy(stats: "array[int]", since: int) -> "array[int]":
    """The same rows, but the size unknown where a time is ``since`` or later."""
    kept = array("q", stats)
    for column in (2, 3):
        times = stats[column::WIDTH]
        if times and max(times) >= since:
            for at in _late(times, since):
                kept[at * WIDTH + 1] = UNKNOWN
    return kept


def _late(times: Sequence[int], since: int) -> list[int]:
    return [at for at, time in enumerate(times) if time >= since]
