"""The least that speaks the Engine API: what Berth is measured against. Shares no code with ``berth.engine``."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from tests.bench.absent import Absent

READ = 1 << 18


class RawConnection:
    """One connection after its request was answered; the body is still to be read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.chunked = False
        self.length: int | None = None

    async def read_head(self) -> None:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        self.status = int(head.split(" ", 2)[1])
        self.chunked = "transfer-encoding: chunked" in head
        marker = "content-length: "
        if marker in head:
            self.length = int(head.split(marker, 1)[1].split("\r\n", 1)[0])

    async def body(self) -> bytes:
        if self.chunked:
            return b"".join([chunk async for chunk in self.chunks()])
        return await self.reader.readexactly(self.length) if self.length else b""

    async def chunks(self) -> AsyncIterator[bytes]:
        """The payload of a chunked body, as much at a time as has arrived."""
        rest = b""
        while True:
            found: list[bytes] = []
            position = 0
            while (end := rest.find(b"\r\n", position)) >= 0:
                size = int(rest[position:end], 16)
                if not size:
                    yield b"".join(found)
                    return
                if len(rest) < end + 2 + size + 2:
                    break
                found.append(rest[end + 2 : end + 2 + size])
                position = end + 2 + size + 2
            if found:
                yield b"".join(found)
            data = await self.reader.read(READ)
            if not data:
                return
            rest = rest[position:] + data

    def close(self) -> None:
        self.writer.transport.abort()


class RawEngine:
    """One request a connection, as ``docker`` does it."""

    def __init__(self) -> None:
        host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
        if not host.startswith("unix://"):
            raise Absent(f"the raw client speaks to Unix sockets only, not {host}")
        self.path = host.removeprefix("unix://")

    async def open(
        self, method: str, path: str, *, body: object = None, headers: Mapping[str, str] | None = None
    ) -> RawConnection:
        try:
            connection = RawConnection(*await asyncio.open_unix_connection(self.path, limit=READ))
        except OSError as error:
            raise Absent(f"no container engine answers at {self.path}") from error
        payload = b"" if body is None else json.dumps(body).encode()
        fields = {"Host": "docker", "Content-Type": "application/json", "Content-Length": len(payload)}
        lines = [f"{method} /v1.41{path} HTTP/1.1", *(f"{k}: {v}" for k, v in (fields | dict(headers or {})).items())]
        connection.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + payload)
        await connection.read_head()
        return connection

    async def call(self, method: str, path: str, *, body: object = None) -> Any:
        connection = await self.open(method, path, body=body)
        try:
            answer = await connection.body()
        finally:
            connection.close()
        assert connection.status < 400, (method, path, connection.status, answer)
        return json.loads(answer) if answer else None

    async def attach(self, container: str, *, streams: Sequence[str] = ("stdin", "stdout", "stderr")) -> RawConnection:
        """One hijacked connection: stdin in, and out comes what else was asked for, multiplexed."""
        upgrade = {"Connection": "Upgrade", "Upgrade": "tcp"}
        path = f"/containers/{container}/attach?" + urlencode({"stream": 1} | dict.fromkeys(streams, 1))
        connection = await self.open("POST", path, headers=upgrade)
        assert connection.status == 101, connection.status
        return connection

    async def follow(self, container: str) -> RawConnection:
        """The log stream as Berth asks for it."""
        query = urlencode({"stdout": 1, "stderr": 1, "timestamps": 1, "follow": 1})
        return await self.open("GET", f"/containers/{container}/logs?{query}")

    async def remove(self, container: str) -> None:
        await self.call("DELETE", f"/containers/{container}?force=1&v=1")


async def frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One multiplexed frame: which stream, and its bytes."""
    header = await reader.readexactly(8)
    return header[0], await reader.readexactly(int.from_bytes(header[4:], "big"))
