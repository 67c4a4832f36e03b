"""One connection to the broker in this process, and a vendor behind it that writes down what reaches it."""

import asyncio
import contextlib
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from berth_egress.credentials import read_credentials
from berth_egress.errand import Errand
from berth_egress.lane import Lane
from tests.egress.client_end import SECONDS, client_of

CERTIFICATES = Path(__file__).parent / "certificates"
"""An authority of the tests' own, whose key is gone, and a certificate of it for ``localhost``."""

KEY = "sk-canary-0123456789abcdef0123456789"
SENTINEL = "berth-fedcba9876543210"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
CUT_OFF = (b"",)
"""Pieces after which the vendor leaves in the middle of its answer."""

ROUTES = ("POST /v1/messages", "GET /v1/models", "GET /v1/models/*", "POST /v1/models/*:generate")


@dataclass
class Vendor:
    """A server on loopback that answers everything with the same bytes, in the pieces that they are given in."""

    answers: Sequence[bytes] = (OK,)
    scheme: str = "http"
    port: int = 0
    heard: bytes = b""
    connections: int = 0
    told: list[dict[str, object]] = field(default_factory=list)
    authority: str = ""
    let_on: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def lane(self, **changes: Any) -> Lane:
        """A session that may use one key here."""
        lane = Lane("test", self.told.append)
        lane.entrust(read_credentials({"credentials": [self.credential(**changes)], "authority": self.authority}))
        return lane

    def credential(self, **changes: Any) -> dict[str, Any]:
        sentinel = hashlib.sha256(SENTINEL.encode()).hexdigest()
        known = {
            "name": "THE_KEY",
            "sentinel": sentinel,
            "key": KEY,
            "origin": f"{self.scheme}://localhost:{self.port}",
        }
        return {**known, "inside": True, "base": "", "routes": ROUTES, "header": "x-api-key", "prefix": "", **changes}

    def whys(self) -> list[object]:
        return [told.get("why", told["event"]) for told in self.told]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.tasks.update(filter(None, [asyncio.current_task()]))
        with contextlib.suppress(ConnectionError):
            self.heard += await reader.readuntil(b"\r\n\r\n")
            for number, answer in enumerate(self.answers):
                if number:
                    await self.let_on.wait()
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
            while answer and (data := await reader.read(65_536)):
                self.heard += data
        writer.close()


@asynccontextmanager
async def vendor(*answers: bytes, tls: bool = False) -> AsyncIterator[Vendor]:
    made = Vendor(answers or (OK,), scheme="https" if tls else "http")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if tls else None
    if context:
        context.load_cert_chain(CERTIFICATES / "localhost.pem")
    server = await asyncio.start_server(made.serve, "localhost", 0, family=socket.AF_INET, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield made
        finally:
            made.let_on.set()
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(*made.tasks)


def at_the_broker(lane: Lane) -> AbstractAsyncContextManager[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to the broker."""
    return client_of(lambda theirs: Errand(lane, theirs).run())


async def answered(lane: Lane, data: bytes) -> bytes:
    """All that the broker answers to some bytes."""
    async with at_the_broker(lane) as (reader, writer):
        writer.write(data)
        return await reader.read()


def ask(
    line: bytes = b"POST /v1/messages HTTP/1.1",
    *fields: bytes,
    shown: bytes = b"x-api-key: " + SENTINEL.encode(),
    body: bytes = b"{}",
) -> bytes:
    """A request as the agents write it, but for what is given."""
    length = b"Content-Length: %d" % len(body) if body else b""
    lines = [line, b"Host: 127.0.0.1:19129", shown, b"Content-Type: application/json", length, *fields]
    return b"\r\n".join([line for line in lines if line]) + b"\r\n\r\n" + body
