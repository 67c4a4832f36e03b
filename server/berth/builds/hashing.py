"""The SHA-256 of files and links of a context, on several threads, proven to be of what ``stat`` described."""

import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from berth.builds.folders import Folders
from berth.builds.walk import WIDTH, Found

LARGE = 256 * 1024
"""Bytes from which a file is hashed on a thread of its own: below, threads only wait for the interpreter's lock."""

PIECE = 1024 * 1024
_THREADS = min(4, os.cpu_count() or 1)
_NOTHING = bytes(32)
_INODE = 2**63 - 1


class Changed(Exception):
    """Something is no longer what it was a moment ago; ``args[0]`` is its path."""


def hashes_of(root: str, found: Found, wanted: Sequence[int]) -> list[bytes]:
    """One hash for each wanted entry: of a file's bytes or a link's text; zeroes for a folder. Blocks.

    Raises:
        Changed: An entry vanished, became something else, or changed while it was read.
        PermissionError: A file may not be read.
    """
    sizes = found.stats[1::WIDTH]
    large = [at for at in wanted if sizes[at] >= LARGE]
    if not large:
        return _together(root, found, wanted)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="berth-hash") as pool:
        coming = {at: pool.submit(_alone, root, found, at) for at in large}
        small = iter(_together(root, found, [at for at in wanted if sizes[at] < LARGE]))
        return [coming[at].result() if at in coming else next(small) for at in wanted]


def _alone(root: str, found: Found, at: int) -> bytes:
    with Folders(root) as folders:
        return _entry(folders, found, at)


def _together(root: str, found: Found, wanted: Sequence[int]) -> list[bytes]:
    with Folders(root) as folders:
        return [_entry(folders, found, at) for at in wanted]


def _entry(folders: Folders, found: Found, at: int) -> bytes:
    mode, size, modified, changed, inode = found.stats[at * WIDTH : at * WIDTH + WIDTH]
    if stat.S_ISDIR(mode):
        return _NOTHING
    path = found.paths[at]
    try:
        if stat.S_ISLNK(mode):
            return sha256(os.fsencode(folders.link(path))).digest()
        descriptor = folders.file(path)
    except PermissionError as error:
        error.filename = path
        raise
    except OSError:
        raise Changed(path) from None
    try:
        digest = _content(descriptor, size)
        now = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    # The mode is in this as well: changing it changes the ctime.
    if (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino & _INODE) != (size, modified, changed, inode):
        raise Changed(path)
    return digest


def _content(descriptor: int, size: int) -> bytes:
    """The hash of an open file up to its size; whether that is all of it, ``fstat`` says afterwards."""
    if size < PIECE:
        return sha256(os.read(descriptor, size)).digest()
    digest = sha256()
    while size > 0 and (piece := os.read(descriptor, min(size, PIECE))):
        digest.update(piece)
        size -= len(piece)
    return digest.digest()
