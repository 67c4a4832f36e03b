"""One HTTP request to a server on this machine, from a worker thread."""

import asyncio
import http.client
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A response. ``events`` are the data of its server-sent events."""

    status: int
    body: bytes

    @property
    def events(self) -> list[dict[str, object]]:
        lines = self.body.decode().splitlines()
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]


async def ask(port: int, method: str, path: str, body: object = None) -> Said:
    """Asks with a JSON body, bounded by ten seconds."""

    def once() -> Said:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body).encode() if body is not None else None)
            response = connection.getresponse()
            return Said(response.status, response.read())
        finally:
            connection.close()

    return await asyncio.to_thread(once)
