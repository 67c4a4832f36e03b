"""The two directions of a conversation with a host, for a program that is its own editor."""

import asyncio
import socket
import sys
from typing import Protocol

from berth import __version__
from berth.sharing.doors import PORT
from berth.sharing.line import Line, introduction
from berth.sharing.loopback.copied import open_stream

if sys.platform != "win32":
    from berth.sharing.unix.handed_over import say_with

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Ends(Protocol):
    """Ours, and how the host gets the others."""

    def introduce(self, line: Line) -> None:
        """Calls the host. Blocks; raises ``OSError`` when it is gone."""
        ...

    async def open(self) -> Streams:
        """The host has answered."""
        ...

    def close(self) -> None:
        """It is over."""
        ...


def ends_for(path: str) -> Ends:
    """Those for a door."""
    return _Port() if path.endswith(PORT) else _Pairs()


class _Port:
    """One connection for both directions."""

    def __init__(self) -> None:
        self._stream: socket.socket | None = None

    def introduce(self, line: Line) -> None:
        self.close()
        self._stream, name = open_stream(line)
        line.say(introduction("serve", __version__) | {"stream": name})

    async def open(self) -> Streams:
        return await asyncio.open_connection(sock=self._stream)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


class _Pairs:
    """Two pairs of sockets, whose far ends the host gets as our standard input and output."""

    def __init__(self) -> None:
        self._ours_in, self._their_out = socket.socketpair()
        self._their_in, self._ours_out = socket.socketpair()
        self._opened: list[asyncio.StreamWriter] = []

    def introduce(self, line: Line) -> None:
        if sys.platform != "win32":
            say_with(line, introduction("serve", __version__), (self._their_in.fileno(), self._their_out.fileno()))

    async def open(self) -> Streams:
        for theirs in (self._their_in, self._their_out):
            theirs.close()
        reader, unused = await asyncio.open_connection(sock=self._ours_in)
        _, writer = await asyncio.open_connection(sock=self._ours_out)
        self._opened = [unused, writer]
        return reader, writer

    def close(self) -> None:
        for writer in self._opened:
            writer.close()
        for end in (self._ours_in, self._ours_out, self._their_in, self._their_out):
            end.close()
