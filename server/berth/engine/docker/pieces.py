"""Blocking iterators of bytes, read in worker threads."""

from collections.abc import AsyncGenerator, Generator, Iterator

import anyio
import anyio.to_thread

BATCH = 1024 * 1024
"""Bytes at a time: a file of a few bytes is three pieces, and a thread costs more than those."""


async def in_threads(pieces: Iterator[bytes]) -> AsyncGenerator[bytes]:
    """The same bytes in larger pieces; closes the iterator at its end."""
    try:
        while batch := await anyio.to_thread.run_sync(_batch, pieces):
            yield batch
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(close, pieces)


def close(pieces: Iterator[bytes]) -> None:
    """Has a generator let go of its files. Blocks."""
    if isinstance(pieces, Generator):
        pieces.close()


def _batch(pieces: Iterator[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size >= BATCH:
            break
    return b"".join(parts)
