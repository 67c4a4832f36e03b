"""Lets callers in who come through a port of the loopback interface, where anybody on the machine may knock."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from berth.lsp.hosting.greeting import CHUNK, GREETING_SECONDS, Caller, caller_of, read_preamble
from berth.lsp.hosting.streams import Streams
from berth.lsp.transport.socket_wire import SocketWire
from berth.sharing.loopback.proof import HELLO_BYTES, PROOF_BYTES, HostsSide, NotProven
from berth.sharing.preamble import BadPreamble

PROOF_SECONDS = 5.0
"""How long a connection may take to prove that it is the user's. Those that can take a millisecond."""

MOST_UNPROVEN = 64
"""Connections that may be about to; the next one takes the place of the oldest, so that waiting keeps nobody out."""


class PortEntrance:
    """See :class:`berth.lsp.hosting.entrances.Entrance`. Callers know what is in the note, or are sent away.

    An editor comes on two connections: one is all bytes of its conversation (``stream``), the other is for what
    concerns the processes, and names the first.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._unproven: list[asyncio.Timeout] = []
        self._streams = Streams()

    async def greet(self, connection: socket.socket) -> Caller | None:
        """See :class:`berth.lsp.hosting.entrances.Entrance`."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            async with self._proving():
                await self._prove(connection)
            async with asyncio.timeout(GREETING_SECONDS):
                content = await read_preamble(lambda: _receive(connection, CHUNK))
                if content.get("want") == "stream":
                    self._streams.offer(_name(content), connection)
                    return None
                return await self._with_stream(caller_of(content), content)
        except TimeoutError:
            raise BadPreamble("The preamble took too long.") from None
        except NotProven as error:
            raise BadPreamble(str(error)) from None

    @asynccontextmanager
    async def _proving(self) -> AsyncIterator[None]:
        async with asyncio.timeout(PROOF_SECONDS) as limit:
            if len(self._unproven) >= MOST_UNPROVEN:
                self._unproven.pop(0).reschedule(0)
            self._unproven.append(limit)
            try:
                yield
            finally:
                if limit in self._unproven:
                    self._unproven.remove(limit)

    async def _prove(self, connection: socket.socket) -> None:
        side = HostsSide(self._secret, await _exactly(connection, HELLO_BYTES))
        await asyncio.get_running_loop().sock_sendall(connection, side.answer)
        side.check(await _exactly(connection, PROOF_BYTES))

    async def _with_stream(self, caller: Caller, content: dict[str, object]) -> Caller:
        if caller.want != "serve":
            return caller
        return replace(caller, wire=SocketWire(await self._streams.take(_name(content))))


def _name(content: dict[str, object]) -> str:
    name = content.get("stream")
    if not isinstance(name, str):
        raise BadPreamble("The preamble names no stream.")
    return name


async def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = await _receive(connection, count - len(data))
        if not more:
            raise NotProven("The caller left before it had proven anything.")
        data += more
    return data


async def _receive(connection: socket.socket, most: int) -> bytes:
    return await asyncio.get_running_loop().sock_recv(connection, most)
