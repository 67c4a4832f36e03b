"""Who calls, and what for: the preamble taken from a socket that was just accepted."""

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from io import FileIO

from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.claim import Claimed
from berth.sharing.peer import check_peer
from berth.sharing.preamble import LONGEST_HEADER, BadPreamble, read_content, read_header

GREETING_SECONDS = 10.0
"""Whoever calls says who it is at once; a stopped process does not hold its place for ever."""

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Caller:
    """A process that called, and what it wants: ``serve``, ``status``, ``stop`` or ``retire``.

    ``stdio`` is the editor's, and there only where it is to be served.
    """

    want: str
    version: str
    surroundings: Surroundings
    stdio: Claimed | None


async def greet(connection: socket.socket) -> Caller:
    """Takes the preamble.

    Raises:
        BadPreamble: It is none, took too long, or lacks what belongs to it.
        Unreachable: The caller is another user.
        OSError: The caller left.
    """
    check_peer(connection)
    descriptors: list[int] = []
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            content = read_content(await _read(connection, descriptors))
        return _caller(content, descriptors)
    except TimeoutError:
        raise BadPreamble("The preamble took too long.") from None
    finally:
        for descriptor in descriptors:  # those that nobody took
            os.close(descriptor)


def tell(connection: socket.socket, content: Mapping[str, object]) -> None:
    """Sends one line. It is short and the socket empty, so this does not block; a caller that left is no matter."""
    try:
        connection.sendall(json.dumps(content).encode() + b"\n")
    except OSError:
        return


async def hung_up(connection: socket.socket) -> None:
    """Waits until the caller says no more, as a relay does that is told to end, or that was killed."""
    loop = asyncio.get_running_loop()
    try:
        while await loop.sock_recv(connection, CHUNK):
            pass
    except OSError:
        return


async def _read(connection: socket.socket, descriptors: list[int]) -> bytes:
    buffer = b""
    while b"\n" not in buffer:
        if len(buffer) > LONGEST_HEADER:
            raise BadPreamble("The first line is no preamble.")
        buffer += await _receive(connection, descriptors)
    line, _, body = buffer.partition(b"\n")
    length, parts = read_header(line), [body]
    missing = length - len(body)
    while missing > 0:
        parts.append(await asyncio.get_running_loop().sock_recv(connection, CHUNK))
        if not parts[-1]:
            raise BadPreamble("The preamble ends too early.")
        missing -= len(parts[-1])
    return b"".join(parts)[:length]


async def _receive(connection: socket.socket, descriptors: list[int]) -> bytes:
    """Some bytes, and the descriptors that came with them."""
    await _readable(connection)
    data, passed, _, _ = socket.recv_fds(connection, CHUNK, 4)
    for descriptor in passed:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - it takes no keywords
        descriptors.append(descriptor)
    if not data:
        raise BadPreamble("The preamble ends too early.")
    return data


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def can_read() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(connection, can_read)
    try:
        await ready
    finally:
        loop.remove_reader(connection)


def _caller(content: Mapping[str, object], descriptors: list[int]) -> Caller:
    want, version, folder, pid = (content.get(name) for name in ("want", "version", "folder", "pid"))
    environment = content.get("environment")
    if not (isinstance(want, str) and isinstance(version, str) and isinstance(folder, str) and isinstance(pid, int)):
        raise BadPreamble("The preamble lacks a field.")
    if not isinstance(environment, dict) or not all(isinstance(value, str) for value in environment.values()):
        raise BadPreamble("The preamble has no environment.")
    stdio = None
    if want == "serve":
        if len(descriptors) != 2:
            raise BadPreamble("Standard input and output did not come with the preamble.")
        stdio = Claimed(FileIO(descriptors.pop(0), "r"), FileIO(descriptors.pop(0), "w"))
    return Caller(want, version, Surroundings(environment, folder, pid), stdio)
