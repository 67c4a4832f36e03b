"""The editor's streams, copied between standard input and output and a second connection to the host.

Two threads with one buffer each: whoever does not read is waited for, and nobody else. Threads, for a pipe on Windows
cannot be waited for in any other way, and asyncio takes longer to import than everything else here.
"""

import os
import socket
import threading

from berth import __version__
from berth.sharing.limits import ANSWER_SECONDS
from berth.sharing.line import Line, introduction
from berth.sharing.loopback.knocking import dial

CHUNK = 64 * 1024
"""Bytes on their way at once in each direction, beside what the system holds."""

REST_SECONDS = 2.0
"""How long the editor may take to read what the host said last. VS Code gives a server 2 s to end."""


class Copied:
    """See :class:`berth.sharing.transports.Streams`."""

    def __init__(self) -> None:
        self._stream: socket.socket | None = None
        self._down = threading.Thread(target=self._copy_down, name="to the editor", daemon=True)
        self._up = threading.Thread(target=self._copy_up, name="from the editor", daemon=True)

    def introduce(self, line: Line) -> None:
        """See :class:`~berth.sharing.transports.Streams`."""
        if self._stream is not None:
            self._stream.close()  # of a host that ended
        self._stream, name = open_stream(line)
        line.say(introduction("serve", __version__) | {"stream": name})

    def begin(self) -> None:
        """See :class:`~berth.sharing.transports.Streams`."""
        self._down.start()
        self._up.start()

    def end(self) -> None:
        """See :class:`~berth.sharing.transports.Streams`."""
        self._down.join(REST_SECONDS)

    def _copy_up(self) -> None:
        stream = self._opened()
        try:
            while data := os.read(0, CHUNK):
                stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)  # the editor said its last, and may still listen
        except OSError:
            return  # the host has hung up, which the line tells

    def _copy_down(self) -> None:
        stream = self._opened()
        try:
            while data := stream.recv(CHUNK):
                _write(data)
        except OSError:
            pass  # one of them is gone; closing tells the other
        shut(stream)

    def _opened(self) -> socket.socket:
        if self._stream is None:
            raise RuntimeError("the host was not called")
        return self._stream


def open_stream(line: Line) -> tuple[socket.socket, str]:
    """A second connection to the host of a line, and the name by which the line speaks of it.

    Raises:
        ConnectionError: The host is about to end.
        TimeoutError: It does not answer.
    """
    stream = dial(line.path, ANSWER_SECONDS)
    if stream is None:
        raise ConnectionResetError
    stream.settimeout(None)
    name = os.urandom(16).hex()
    Line(stream, line.path).say(
        {"want": "stream", "version": __version__, "pid": os.getpid(), "folder": "/", "environment": {}, "stream": name}
    )
    return stream, name


def shut(connection: socket.socket) -> None:
    """Ends both directions at once, whoever else still uses it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other end was faster


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
