"""The files that a build is given, each with its hash: looked at whole or not at all."""

import hashlib
import stat
import time
from array import array
from dataclasses import dataclass

from berth.builds.folders import Folders
from berth.builds.go_text import shown
from berth.builds.hashing import Changed, hashes_of
from berth.builds.ignore import Ignore
from berth.builds.patterns import has_wildcards
from berth.builds.roots import roots_of
from berth.builds.stage_use import Copied
from berth.builds.stat_cache import HASH_BYTES, UNKNOWN, Remembered, StatCache
from berth.builds.walk import WIDTH, Found, Walk
from berth.errors import BuildFailed, ImageError

ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of which folder. ``root`` is its real path; ``dockerfile`` is how errors call the Dockerfile."""

    root: str
    copied: tuple[Copied, ...]
    ignore: Ignore
    dockerfile: str = "Dockerfile"


@dataclass(frozen=True, slots=True)
class Listing:
    """``found`` with ``hashes``, 32 bytes an entry; ``read`` tells how many files and links were read for it.

    ``digest`` is what decides whether two contexts are the same: kind, permissions, path and content of each entry in
    order, and neither times nor owners, as in Docker's own cache key.
    """

    root: str
    found: Found
    hashes: bytes
    digest: bytes
    read: int

    def hash(self, at: int) -> bytes:
        """The SHA-256 of entry ``at``."""
        return self.hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES]


def list_context(wanted: Wanted, cache: StatCache | None = None) -> Listing:
    """Looks at every entry, and reads those of which the cache does not know the content. Blocks.

    Raises:
        ImageError: ``bad-context``: a source that is missing, a file that may not be read, too much;
            ``context-changed``: files kept changing while they were read.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _listed(wanted, cache)
        except (Changed, FileNotFoundError, NotADirectoryError) as changed:
            if attempt == ATTEMPTS:
                path = changed.args[0] if isinstance(changed, Changed) else changed.filename
                raise context_changed(str(path)) from None
        except OSError as error:
            message = (
                f"{shown(str(error.filename or wanted.root))} in the build context cannot be read: {error.strerror}."
            )
            raise ImageError("bad-context", message, "Change its permissions, or name it in .dockerignore.") from None
    raise AssertionError("the last attempt returns or raises")


def context_changed(path: str) -> ImageError:
    """``context-changed``, for a file that is not what it was when the context was looked at."""
    message = f"{shown(path)} changed while the build context was read."
    return ImageError("context-changed", message, "Start again once nothing writes there any more.")


def _listed(wanted: Wanted, cache: StatCache | None) -> Listing:
    read_at = time.time_ns()
    found = _found(wanted)
    names = "\0".join(found.paths).encode("utf-8", "surrogateescape")
    key = "\0".join([wanted.root, wanted.dockerfile, *sorted({copied.path for copied in wanted.copied})])
    old = cache.load(key) if cache else None
    if old is not None and old.stats == found.stats and old.names == names:
        return Listing(wanted.root, found, old.hashes, old.digest, 0)
    hashes = _known(found, names, old)
    unknown = [at for at, digest in enumerate(hashes) if digest is None]
    for at, digest in zip(unknown, hashes_of(wanted.root, found, unknown), strict=True):
        hashes[at] = digest
    joined = b"".join(digest for digest in hashes if digest is not None)
    read = sum(not stat.S_ISDIR(found.mode(at)) for at in unknown)
    listing = Listing(wanted.root, found, joined, _digest(found, joined), read)
    if cache:
        cache.save(key, Remembered(names, found.stats, joined, listing.digest), read_at=read_at)
    return listing


def _known(found: Found, names: bytes, old: Remembered | None) -> list[bytes | None]:
    """The hash of each entry that is as it was, None of the others."""
    if old is None:
        return [None] * len(found.paths)
    rows = _rows(old.stats)
    hashes = [old.hashes[at : at + HASH_BYTES] for at in range(0, len(old.hashes), HASH_BYTES)]
    if old.names == names:
        pairs = zip(_rows(found.stats), rows, hashes, strict=True)
        return [digest if now == then else None for now, then, digest in pairs]
    by_path = dict(
        zip(old.names.decode("utf-8", "surrogateescape").split("\0"), zip(rows, hashes, strict=True), strict=True)
    )
    nothing = ((UNKNOWN,) * WIDTH, b"")
    then_of = [by_path.get(path, nothing) for path in found.paths]
    return [digest if now == then else None for now, (then, digest) in zip(_rows(found.stats), then_of, strict=True)]


def _rows(stats: "array[int]") -> list[tuple[int, ...]]:
    return list(zip(*(stats[column::WIDTH] for column in range(WIDTH)), strict=True))


def _digest(found: Found, hashes: bytes) -> bytes:
    pieces = [
        b"%o %s\0%s" % (mode, path.encode("utf-8", "surrogateescape"), hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES])
        for at, (mode, path) in enumerate(zip(found.stats[::WIDTH], found.paths, strict=True))
    ]
    return hashlib.sha256(b"".join(pieces)).digest()


def _found(wanted: Wanted) -> Found:
    with Folders(wanted.root) as folders:
        roots = roots_of(wanted.copied, folders, wanted.dockerfile)
        walk = Walk(folders, wanted.ignore)
        walk.take([path for paths in roots.paths.values() for path in paths])
        for link in sorted(roots.links):
            walk.link(link)
        there = {"", *walk.found.paths}
        for source, paths in roots.paths.items():
            if not has_wildcards(source.path) and there.isdisjoint(paths):
                raise _missing(wanted, source, ignored=bool(paths))
        return walk.found


def _missing(wanted: Wanted, source: Copied, *, ignored: bool) -> ImageError:
    why = "which an ignore pattern leaves out" if ignored else "which is not in the build context"
    hint = (
        f"Add !{shown(source.path)} to .dockerignore."
        if ignored
        else "Correct the path; it counts from the context folder."
    )
    message = f"{wanted.dockerfile}:{source.line} copies {shown(source.written)}, {why}."
    return BuildFailed("bad-context", message, hint, file=wanted.dockerfile, line=source.line)
