"""Where the proxy is led to services of this machine that listen on its loopback address only.

The proxy is in a container, and cannot go there. The host can: it connects to ports that a session lists, and to no
others, and carries the bytes. The other side is ``images/egress``; docs/decisions/0036 has the reasons.
"""

import asyncio
import contextlib
import logging
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from berth.sessions.egress.carrying import carry
from berth.sessions.egress.desk_folder import listening
from berth.sessions.egress.permits import MOST_WORDS, Permits

logger = logging.getLogger(__name__)

WORDS_SECONDS, CONNECT_SECONDS = 5.0, 5.0
MOST = 128
"""Connections at a time. Each takes two of the host's descriptors, of which there may be 1,024."""

CONNECTED, NOBODY, REFUSED = b"y", b"n", b"x"
"""The answers, one byte each: the service's own bytes may follow the first at once."""

LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


class Desk:
    """The host's end. Its socket is in a folder that the proxy has, and no session."""

    def __init__(self, folder: Path, tasks: TaskGroup) -> None:
        """Nothing listens yet. Whoever gets into ``folder`` can connect: so it lies where the user alone gets."""
        self._folder = folder
        self._tasks = tasks
        self._permits = Permits()
        self._lock = anyio.Lock()
        self._name = ""
        self._carried = 0

    async def open(self) -> Path | None:
        """Listens from now on; answers the folder of the socket, None where there can be none."""
        async with self._lock:
            if not self._name and sys.platform == "linux":
                try:
                    self._name = await self._listen()
                except OSError as error:
                    logger.warning("Services on this machine's loopback address cannot be led to: %s", error.strerror)
        return self._folder if self._name else None

    async def noted(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """An order to the proxy as it is sent: with the way to this desk, which leads to what the order lists."""
        token = self._permits.note(order)
        if await self.open() is None:
            return dict(order)
        return {**order, "desk": {"socket": self._name, "token": token}}

    def forget(self, lane: str) -> None:
        """Nothing is led anywhere for this lane any more."""
        self._permits.forget(lane)

    async def _listen(self) -> str:
        name = secrets.token_hex(8)
        listener = await to_thread.run_sync(listening, self._folder, name)
        self._tasks.start_soon(self._serve, listener, self._folder / name)
        return name

    async def _serve(self, listener: socket.socket, path: Path) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            try:
                while True:
                    try:
                        caller, _ = await loop.sock_accept(listener)
                    except OSError:
                        await anyio.sleep(0.1)  # no descriptor is left; some connection ends some time
                    else:
                        self._tasks.start_soon(self._attend, caller)
            finally:
                with anyio.CancelScope(shield=True):
                    await anyio.Path(path).unlink(missing_ok=True)

    async def _attend(self, caller: socket.socket) -> None:
        """One connection of the proxy's."""
        self._carried += 1
        try:
            with caller, contextlib.suppress(OSError, TimeoutError):
                await self._lead(caller)
        finally:
            self._carried -= 1

    async def _lead(self, caller: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        port = self._permits.port(await _words(caller))
        if port is None or self._carried > MOST:
            why = "it is not listed" if port is None else "there are too many connections"
            logger.warning("The proxy was not led to a service of this machine: %s.", why)
            await loop.sock_sendall(caller, REFUSED)
            return
        service = await _connected(port)
        if service is None:
            await loop.sock_sendall(caller, NOBODY)
            return
        with service:
            await loop.sock_sendall(caller, CONNECTED)
            await carry(caller, service)


async def _words(caller: socket.socket) -> bytes:
    """What it says first, without the line's end. It says nothing more before it is answered."""
    said = b""
    with anyio.fail_after(WORDS_SECONDS):
        while b"\n" not in said and len(said) < MOST_WORDS:
            more = await asyncio.get_running_loop().sock_recv(caller, MOST_WORDS)
            if not more:
                break
            said += more
    return said.removesuffix(b"\n")


async def _connected(port: int) -> socket.socket | None:
    """A connection to this port of loopback: to these two addresses, whatever any name means; None: nobody listens."""
    for family, address in LOOPBACK:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setblocking(False)  # noqa: FBT003 - the socket's own interface
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with anyio.fail_after(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(made, (address, port))
        except (OSError, TimeoutError):
            made.close()
        else:
            return made
    return None
