"""An editor made of nothing but bytes: it starts the real server as a process, and remembers what that says."""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import Process

REPOSITORY = Path(__file__).parents[2]
SERVER = (sys.executable, "-m", "tests.lsp.serve_fake")
Message = dict[str, Any]
SHOWN = 700
"""Of each message that is shown where something did not happen, so much."""


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def encode(message: object) -> bytes:
    return frame(json.dumps(message).encode())


class Editor:
    """Speaks raw JSON-RPC. ``answers`` maps a method of the server's to what is answered; no entry, no answer."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.messages: list[Message] = []
        self.errors = b""
        self.answers: dict[str, Callable[[Message], object]] = {}
        self.reading = anyio.Event()
        self.reading.set()
        self.closed = anyio.Event()
        self._news = anyio.Event()
        self._next = 0

    async def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        await self.process.stdin.send(data)

    async def send(self, message: object) -> None:
        await self.write(encode(message))

    async def notify(self, method: str, params: object = None) -> None:
        await self.send({"jsonrpc": "2.0", "method": method, "params": params or {}})

    async def ask(self, method: str, params: object = None) -> str:
        """Sends a request and answers its id."""
        self._next += 1
        identity = f"e{self._next}"
        await self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params or {}})
        return identity

    async def request(self, method: str, params: object = None, *, seconds: float = 15) -> Message:
        """Sends a request and waits for the whole reply."""
        return await self.reply(await self.ask(method, params), seconds=seconds)

    async def reply(self, identity: object, *, seconds: float = 15) -> Message:
        return await self.one(lambda m: "method" not in m and m.get("id") == identity, seconds=seconds)

    async def command(self, name: str, argument: object = None) -> Any:
        """Carries out a command that must succeed."""
        params = {"command": name, "arguments": [] if argument is None else [argument]}
        reply = await self.request("workspace/executeCommand", params)
        assert "error" not in reply, reply
        return reply["result"]

    async def refused(self, name: str, argument: object = None) -> Message:
        """Carries out a command that must fail, and answers its error."""
        params = {"command": name, "arguments": [] if argument is None else [argument]}
        error: Message = (await self.request("workspace/executeCommand", params))["error"]
        return error

    async def initialize(self, capabilities: object = None, **params: object) -> Message:
        offered = {"processId": None, "rootUri": None, "capabilities": capabilities or {}} | params
        reply = await self.request("initialize", offered)
        await self.notify("initialized")
        result: Message = reply["result"]
        return result

    async def one(self, predicate: Callable[[Message], object], *, seconds: float = 15) -> Message:
        """The first message that the predicate holds for, waiting for it if need be."""
        await self.until(lambda: any(predicate(message) for message in self.messages), seconds=seconds)
        return next(message for message in self.messages if predicate(message))

    async def until(self, predicate: Callable[[], object], *, seconds: float = 15) -> None:
        """Waits until something holds; a server that leaves meanwhile, or too many seconds, are a failure."""
        with anyio.move_on_after(seconds):
            while not predicate():
                if self.closed.is_set():
                    break
                self._news = anyio.Event()
                await self._news.wait()
            else:
                return
        newest = "\n".join(str(message)[:SHOWN] for message in self.messages[-8:])
        raise AssertionError(f"did not happen; {newest}\n{self.errors.decode()[-3000:]}")

    def all(self, method: str) -> list[Message]:
        return [message for message in self.messages if message.get("method") == method]

    async def alive(self) -> None:
        """The server still answers."""
        reply = await self.request("no/suchMethod")
        assert reply["error"]["code"] in (-32601, -32002)

    async def leave(self) -> int:
        """Says goodbye as the specification says, and answers the exit status."""
        await self.request("shutdown")
        await self.notify("exit")
        return await self.status()

    async def status(self, *, seconds: float = 15) -> int:
        with anyio.fail_after(seconds):
            return await self.process.wait()

    async def read(self) -> None:
        buffer = b""
        assert self.process.stdout is not None
        async for chunk in self.process.stdout:
            buffer = await self._take(buffer + chunk)
            await self.reading.wait()
        self.closed.set()
        self._news.set()

    async def collect_errors(self) -> None:
        assert self.process.stderr is not None
        async for chunk in self.process.stderr:
            self.errors += chunk
            self._news.set()

    async def _take(self, buffer: bytes) -> bytes:
        while True:
            head, separator, rest = buffer.partition(b"\r\n\r\n")
            if not separator:
                return buffer
            assert head.startswith(b"Content-Length: "), f"not a header: {head[:200]!r}"
            length = int(head.removeprefix(b"Content-Length: "))
            if len(rest) < length:
                return buffer
            buffer = rest[length:]
            await self._hear(json.loads(rest[:length]))

    async def _hear(self, message: Message) -> None:
        self.messages.append(message)
        self._news.set()
        if "method" in message and "id" in message and (answer := self.answers.get(message["method"])) is not None:
            await self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)})


@asynccontextmanager
async def open_editor(
    *flags: str, state: Path, command: tuple[str, ...] = SERVER, environment: dict[str, str] | None = None
) -> AsyncIterator[Editor]:
    """Starts the server; whatever happens, it is gone afterwards."""
    variables = os.environ | {"PYTHONPATH": str(REPOSITORY), "BERTH_STATE_DIR": str(state)} | (environment or {})
    process = await anyio.open_process([*command, *flags], cwd=REPOSITORY, env=variables)
    editor = Editor(process)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(editor.read)
            tasks.start_soon(editor.collect_errors)
            try:
                yield editor
            finally:
                tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.aclose()
