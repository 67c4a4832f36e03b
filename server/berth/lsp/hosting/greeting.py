"""Who calls, and what for: the preamble taken from a socket that was just accepted."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.wire import Wire
from berth.sharing.preamble import LONGEST_HEADER, BadPreamble, read_content, read_header

GREETING_SECONDS = 10.0
"""Whoever calls says who it is at once; a stopped process does not hold its place for ever."""

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Caller:
    """A process that called, and what it wants: ``serve``, ``status``, ``stop`` or ``retire``.

    ``wire`` leads to the editor, and is there only where that is to be served.
    """

    want: str
    version: str
    surroundings: Surroundings
    wire: Wire | None = None


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


async def read_preamble(receive: Callable[[], Awaitable[bytes]]) -> dict[str, object]:
    """Takes a preamble out of what comes piece by piece, an empty one at the end.

    Raises:
        BadPreamble: It is none.
    """
    buffer = b""
    while b"\n" not in buffer:
        if len(buffer) > LONGEST_HEADER:
            raise BadPreamble("The first line is no preamble.")
        buffer += await _some(receive)
    line, _, body = buffer.partition(b"\n")
    length, parts = read_header(line), [body]
    missing = length - len(body)
    while missing > 0:
        parts.append(await _some(receive))
        missing -= len(parts[-1])
    return read_content(b"".join(parts)[:length])


def caller_of(content: Mapping[str, object]) -> Caller:
    """Whom a preamble is of, without a wire.

    Raises:
        BadPreamble: It lacks something.
    """
    want, version, folder, pid = (content.get(name) for name in ("want", "version", "folder", "pid"))
    environment = content.get("environment")
    if not (isinstance(want, str) and isinstance(version, str) and isinstance(folder, str) and isinstance(pid, int)):
        raise BadPreamble("The preamble lacks a field.")
    if not isinstance(environment, dict) or not all(isinstance(value, str) for value in environment.values()):
        raise BadPreamble("The preamble has no environment.")
    return Caller(want, version, Surroundings(environment, folder, pid))


async def _some(receive: Callable[[], Awaitable[bytes]]) -> bytes:
    data = await receive()
    if not data:
        raise BadPreamble("The preamble ends too early.")
    return data
