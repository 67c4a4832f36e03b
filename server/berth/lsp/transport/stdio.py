"""Opens the two ends of the wire in the way the platform allows."""

import asyncio
import os
import selectors
import sys
import threading
from collections.abc import AsyncIterator
from io import FileIO

from berth.lsp.transport.outlet import Outlet
from berth.lsp.transport.pipe_outlet import PipeOutlet
from berth.lsp.transport.thread_outlet import ThreadOutlet

CHUNK = 64 * 1024
"""Bytes read at once: what a pipe holds on Linux."""


async def open_outlet(file: FileIO) -> Outlet:
    """The writing end; takes over the file."""
    return await PipeOutlet.open(file) if _can_poll(file, selectors.EVENT_WRITE) else ThreadOutlet(file)


def read_chunks(file: FileIO) -> AsyncIterator[bytes]:
    """What the client sends, cut anywhere, until it closes its end; takes over the file. Never blocks the loop."""
    return _read_in_loop(file) if _can_poll(file, selectors.EVENT_READ) else _read_in_thread(file)


def _can_poll(file: FileIO, event: int) -> bool:
    """Whether the loop can wait for it: pipes, sockets and terminals, but no regular files, and nothing on Windows."""
    if sys.platform == "win32":
        return False
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(file, event)
    except OSError:
        return False
    return True


async def _read_in_loop(file: FileIO) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=CHUNK)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    try:
        while chunk := await _read_some(reader):
            yield chunk
    finally:
        transport.close()


async def _read_some(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(CHUNK)
    except OSError:
        return b""  # a reset socket or a hung-up terminal is an end like any other


async def _read_in_thread(file: FileIO) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue(maxsize=8)

    def read_all() -> None:
        chunk = b"-"
        while chunk:
            try:
                chunk = os.read(file.fileno(), CHUNK)
            except OSError:
                chunk = b""
            try:
                asyncio.run_coroutine_threadsafe(chunks.put(chunk), loop).result()
            except (RuntimeError, asyncio.CancelledError):
                return  # the loop is over: nobody listens

    threading.Thread(target=read_all, name="lsp-reader", daemon=True).start()
    while chunk := await chunks.get():
        yield chunk
