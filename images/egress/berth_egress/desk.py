"""The host's desk: it leads to services that listen on this machine's loopback address, where no container gets."""

import asyncio
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOST = "host.docker.internal"
"""What this machine is called inside of containers."""

FOLDER = "/run/berth-desk"
"""Where the host's folder with its socket is mounted; in no session."""

ANSWER_SECONDS = 10.0
CONNECTED, NOBODY = b"y", b"n"
"""What the desk answers, before anything that the service says; anything else: it does not lead there."""

NO_WAY = "Berth has no way of its own to this machine's loopback address here"
_NO_FOLDER = b"-"

_SOCKET, _TOKEN = re.compile(r"[0-9a-f]{16}", re.ASCII), re.compile(r"[0-9a-f]{32}", re.ASCII)


class NotLed(Exception):
    """Why the desk leads nowhere, as a clause."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of the host that a lane belongs to. ``token`` says to it which lane asks."""

    path: str
    token: str = field(repr=False)

    async def connection(self, port: int) -> socket.socket:
        """A connection to what listens at a port of this machine's loopback address.

        Raises:
            NotLed: Nothing does, or the host is gone.
        """
        loop = asyncio.get_running_loop()
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await loop.sock_connect(made, self.path)
                await loop.sock_sendall(made, f"{self.token} {port}\n".encode())
                answer = await loop.sock_recv(made, 1)
        except (OSError, TimeoutError):
            answer = _silence(self.path)
        if answer != CONNECTED:
            made.close()
            raise NotLed(_WHY.get(answer, "Berth does not lead to this machine's loopback address for this session"))
        return made


_WHY: Mapping[bytes, str] = {
    NOBODY: "nothing listens there on this machine's loopback address either",
    b"": "services on this machine's loopback address are reached only while Berth runs",
    _NO_FOLDER: NO_WAY,
}


def read_desk(wire: Mapping[str, Any]) -> Desk:
    """Reads what the host sends. Raises ``ValueError`` or ``KeyError`` on anything else."""
    name, token = str(wire["socket"]), str(wire["token"])
    if not _SOCKET.fullmatch(name) or not _TOKEN.fullmatch(token):
        raise ValueError("no desk")
    return Desk(f"{FOLDER}/{name}", token)


def _silence(path: str) -> bytes:
    """What nobody's answer means: a host that is gone, or an engine to which the folder could not be given."""
    return b"" if os.path.isdir(os.path.dirname(path)) else _NO_FOLDER  # noqa: PTH112, PTH120 - as in serve.py
