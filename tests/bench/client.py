"""A client as lean as can be: it must not be what is measured."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
BERTH = (sys.executable, "-m", "berth.cli", "--log-level", "error", "serve", "--no-share")
SECONDS = 90.0

Hear = Callable[[bytes, float], None]
"""Takes a message that is no answer, and when it was read (Unix seconds)."""


class Client:
    """Frames in, frames out. Answers are parsed, everything else goes to ``hear`` as bytes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.hear: Hear = lambda _body, _at: None
        self.reading = asyncio.Event()
        self.reading.set()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._next = 0

    @property
    def pid(self) -> int:
        return self.process.pid

    async def request(self, method: str, params: object) -> Any:
        """The result."""
        self._next += 1
        self._waiting[self._next] = answer = asyncio.get_running_loop().create_future()
        self.send({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        return await asyncio.wait_for(answer, SECONDS)

    async def command(self, name: str, argument: object = None) -> Any:
        arguments = [] if argument is None else [argument]
        return await self.request("workspace/executeCommand", {"command": name, "arguments": arguments})

    async def initialize(self, options: object = None, folder: Path | None = None) -> None:
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        params: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}, "workspaceFolders": folders}
        await self.request("initialize", params | {"initializationOptions": options})
        self.send({"jsonrpc": "2.0", "method": "initialized", "params": {}})

    def send(self, message: object) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def read(self) -> None:
        assert self.process.stdout is not None
        buffer = b""
        while data := await self.process.stdout.read(1 << 20):
            at = time.time()
            buffer = self._split(buffer + data, at)
            await self.reading.wait()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RuntimeError("the server has left"))

    def _split(self, buffer: bytes, at: float) -> bytes:
        position = 0
        while (end := buffer.find(b"\r\n\r\n", position)) >= 0:
            head = buffer[position:end].lower()
            length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            if len(buffer) < end + 4 + length:
                break
            position = end + 4 + length
            self._take(buffer[end + 4 : position], at)
        return buffer[position:]

    def _take(self, body: bytes, at: float) -> None:
        if b'"method"' in body[:60]:
            self.hear(body, at)
            return
        message = json.loads(body)
        waiting = self._waiting.pop(message.get("id"), None)
        if waiting is None or waiting.done():
            return
        if "error" in message:
            waiting.set_exception(RuntimeError(str(message["error"])))
        else:
            waiting.set_result(message["result"])


@asynccontextmanager
async def spawned(
    command: Sequence[str] = BERTH, *, state: Path | None = None, errors: int | None = None
) -> AsyncIterator[Client]:
    """A server that is gone after the block. Its stderr goes where ours does, unless ``errors`` says otherwise."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)} | ({"BERTH_STATE_DIR": str(state)} if state else {})
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=errors, env=environment, cwd=REPOSITORY, limit=1 << 17
    )
    client = Client(process)
    reader = asyncio.create_task(client.read())
    try:
        yield client
    finally:
        reader.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()
