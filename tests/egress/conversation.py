"""One connection to the proxy, and a server behind it, in this process."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from berth_egress.lane import Lane
from berth_egress.rules import Entry, Rules
from berth_egress.visit import Visit
from tests.egress.client_end import client_of


@dataclass
class Stand:
    """A server on loopback that says back what it hears, and a lane. ``told`` is what the proxy said."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    told: list[dict[str, object]] = field(default_factory=list)
    greets: bytes = b""
    connections: int = 0

    def lane(self, *entries: Entry, hold: float = 0.0, deny: tuple[Entry, ...] = ()) -> Lane:
        lane = Lane("test", self.told.append)
        lane.change(Rules(allow=entries, deny=deny, hold=hold))
        return lane

    def here(self, *, opaque: bool = True, inside: bool = True, host: str = "localhost") -> Entry:
        return Entry(host, self.port, opaque=opaque, inside=inside)

    def kinds(self) -> list[object]:
        return [told["event"] for told in self.told]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self.greets)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                self.heard.append(data)
                writer.write(b"heard " + data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def stand(greets: bytes = b"") -> AsyncIterator[Stand]:
    made = Stand(greets=greets)
    server = await asyncio.start_server(made.serve, "localhost", 0, family=socket.AF_INET)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


def visiting(lane: Lane) -> AbstractAsyncContextManager[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the proxy."""
    return client_of(lambda theirs: Visit(lane, theirs).run())


async def asked(lane: Lane, data: bytes) -> bytes:
    """All that the proxy answers to some bytes, once the client has said all."""
    async with visiting(lane) as (reader, writer):
        writer.write(data)
        writer.write_eof()
        return await reader.read()
