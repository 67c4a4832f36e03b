"""How files are opened and read where systems differ. Descriptors are never inherited: Python sees to that."""

import os
import sys

EXACT = getattr(os, "O_BINARY", 0)
"""A flag of ``os.open`` for whoever uses ``os.write`` itself: the C library of Windows changes ends of lines."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A flag of ``os.open``: what is there must not be a link. Making links takes an administrator on Windows."""


def write_at(descriptor: int, data: bytes | memoryview, place: int) -> int:
    """Writes some of it at a place and says how much. Not for two threads at once on one file. Raises ``OSError``."""
    if sys.platform == "win32":
        os.lseek(descriptor, place, os.SEEK_SET)
        return os.write(descriptor, data)
    return os.pwrite(descriptor, data, place)


def read_at(descriptor: int, count: int, place: int) -> bytes:
    """At most so many bytes from a place on. Not for two threads at once on one file. Raises ``OSError``."""
    if sys.platform == "win32":
        os.lseek(descriptor, place, os.SEEK_SET)
        return os.read(descriptor, count)
    return os.pread(descriptor, count, place)
