"""The editor's streams, handed to the host."""

import os
import socket
from collections.abc import Mapping

from berth import __version__
from berth.sharing.line import Line, introduction
from berth.sharing.preamble import preamble


class HandedOver:
    """See :class:`berth.sharing.transports.Streams`."""

    def introduce(self, line: Line) -> None:
        """See :class:`~berth.sharing.transports.Streams`."""
        say_with(line, introduction("serve", __version__), (0, 1))

    def begin(self) -> None:
        """Lets go of the streams: if the host dies, the editor shall notice at once."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)

    def end(self) -> None:
        """See :class:`~berth.sharing.transports.Streams`. The host has written everything itself."""


def say_with(line: Line, content: Mapping[str, object], descriptors: tuple[int, int]) -> None:
    """Sends a preamble, and descriptors beside its first byte. Raises ``OSError`` when the host is gone."""
    data = preamble(content)
    socket.send_fds(line.socket, [data[:1]], list(descriptors))
    line.socket.sendall(data[1:])
