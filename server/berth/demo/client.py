"""A small LSP client over a server's stdin and stdout: what the demo and the benchmarks drive the real server with."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

LEAVING_SECONDS = 10.0
"""A server that has not left this long after ``exit`` is killed."""


class RequestRefused(Exception):
    """The server answered with an error. ``data`` is Berth's ``{kind, message, hint}`` where it gave one."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("message", "")))
        self.code = int(error.get("code", 0))
        self.data: Mapping[str, Any] = error.get("data") or {}


class ServerLeft(Exception):
    """The server closed its stdout while something was expected of it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A notification, or a request of the server's that was answered with null."""

    method: str
    params: Any


class Client:
    """One conversation. Everything the server says by itself is put into :attr:`heard`, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._left = False
        self.heard: asyncio.Queue[Heard | None] = asyncio.Queue()

    async def request(self, method: str, params: object) -> Any:
        """Asks and waits for the answer.

        Raises:
            RequestRefused: The server answered with an error.
            ServerLeft: It left before it answered.
        """
        if self._left:
            raise ServerLeft
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        await self._writer.drain()
        return await answer

    async def command(self, name: str, arguments: Mapping[str, object]) -> Any:
        """Carries out one of the server's commands."""
        return await self.request("workspace/executeCommand", {"command": name, "arguments": [arguments]})

    def notify(self, method: str, params: object = None) -> None:
        """Tells the server something."""
        self._send({"method": method} if params is None else {"method": method, "params": params})

    async def listen(self) -> None:
        """Reads until the server leaves; then nothing more is heard and every open request fails."""
        try:
            while (message := await self._read()) is not None:
                self._take(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it left in the middle of a message
        finally:
            self._left = True
            self.heard.put_nowait(None)
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ServerLeft())

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message:
            if "id" in message:
                self._send({"id": message["id"], "result": None})
            self.heard.put_nowait(Heard(message["method"], message.get("params")))
            return
        answer = self._waiting.pop(message["id"], None)
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(RequestRefused(message["error"]))
        else:
            answer.set_result(message.get("result"))

    async def _read(self) -> dict[str, Any] | None:
        length = 0
        while line := (await self._reader.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(await self._reader.readexactly(length)) if length else None

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


@asynccontextmanager
async def server(argv: Sequence[str], *, folder: Path, stderr: IO[bytes]) -> AsyncIterator[Client]:
    """Starts a language server and initializes it for one folder; leaving the block shuts it down.

    Args:
        argv: The program and its arguments.
        folder: The workspace folder.
        stderr: Where its log goes.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=pipe,
        stdout=pipe,
        stderr=stderr,
        start_new_session=True,  # Ctrl-C in the terminal is for us; the server must live on to clear up
    )
    if process.stdin is None or process.stdout is None:
        raise ServerLeft
    client = Client(process.stdout, process.stdin)
    listening = asyncio.create_task(client.listen())
    try:
        await client.request("initialize", _introduction(folder))
        client.notify("initialized", {})
        yield client
    finally:
        await _leave(client, process)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def _introduction(folder: Path) -> dict[str, object]:
    """Says who we are, and that we draw sessions and questions by ourselves."""
    own = {"notifications": True, "questions": False}
    return {
        "processId": None,
        "clientInfo": {"name": "berth demo"},
        "rootUri": folder.as_uri(),
        "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
        "capabilities": {},
        "initializationOptions": {"berth": own},
    }


async def _leave(client: Client, process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(LEAVING_SECONDS):
            with contextlib.suppress(ServerLeft, RequestRefused, ConnectionError):
                await client.request("shutdown", None)
                client.notify("exit")
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
