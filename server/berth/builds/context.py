"""The tar stream of a listing: the same bytes for the same files, and never others than were hashed."""

import hashlib
import os
import stat
import tarfile
from collections.abc import Iterator, Mapping

from berth.builds.folders import Folders
from berth.builds.listing import Listing, context_changed
from berth.builds.walk import WIDTH

STAMP = 315_619_200
"""1980-01-02 in seconds since 1970, the modification time of everything: zip takes nothing older.

Docker's cache looks at no times, so that a layer's times are those of whoever built it first; one stamp for all makes
the layer the same everywhere.
"""

PIECE = 256 * 1024


def stream(listing: Listing, extra: Mapping[str, bytes] | None = None) -> Iterator[bytes]:
    """The tar, piece by piece; files of ``extra`` (name in the context → content) replace those of the listing. Blocks.

    Raises:
        ImageError: ``context-changed`` as soon as a file is not what was hashed; what was sent so far is to be thrown
            away, and the context to be listed again.
    """
    extra = extra or {}
    with Folders(listing.root) as folders:
        for at, path in enumerate(listing.found.paths):
            if path not in extra:
                try:
                    yield from _entry(listing, folders, at)
                except OSError:
                    raise context_changed(path) from None
    for name, content in sorted(extra.items()):
        yield _header(name, stat.S_IFREG | 0o644, size=len(content))
        yield content + _padding(len(content))
    yield bytes(tarfile.RECORDSIZE)


def _entry(listing: Listing, folders: Folders, at: int) -> Iterator[bytes]:
    path, mode = listing.found.paths[at], listing.found.mode(at)
    if stat.S_ISDIR(mode):
        yield _header(path, mode)
    elif stat.S_ISLNK(mode):
        target = folders.link(path)
        if hashlib.sha256(os.fsencode(target)).digest() != listing.hash(at):
            raise context_changed(path)
        yield _header(path, mode, target=target)
    else:
        size = listing.found.stats[at * WIDTH + 1]
        yield _header(path, mode, size=size)
        yield from _content(listing, folders, at)
        yield _padding(size)


def _content(listing: Listing, folders: Folders, at: int) -> Iterator[bytes]:
    """Exactly as many bytes as the header says; the hash is compared before the last of them is let go."""
    path, left = listing.found.paths[at], listing.found.stats[at * WIDTH + 1]
    descriptor = folders.file(path)
    try:
        digest = hashlib.sha256()
        while left:
            piece = os.read(descriptor, min(PIECE, left))
            if not piece:
                raise context_changed(path)
            digest.update(piece)
            left -= len(piece)
            if left or (digest.digest() == listing.hash(at) and not os.read(descriptor, 1)):
                yield piece
            else:
                raise context_changed(path)
        if digest.digest() != listing.hash(at):
            raise context_changed(path)
    finally:
        os.close(descriptor)


def _header(path: str, mode: int, *, size: int = 0, target: str = "") -> bytes:
    entry = tarfile.TarInfo(path)
    entry.mode, entry.mtime, entry.size, entry.linkname = stat.S_IMODE(mode), STAMP, size, target
    entry.type = {stat.S_IFDIR: tarfile.DIRTYPE, stat.S_IFLNK: tarfile.SYMTYPE}.get(stat.S_IFMT(mode), tarfile.REGTYPE)
    return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
