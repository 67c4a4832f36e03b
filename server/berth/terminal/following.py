"""``berth attach``: the transcript as it grows, prompts and answers from the keyboard."""

import asyncio
import codecs
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from berth.demo.client import Client, Heard, RequestRefused, ServerLeft
from berth.protocol.names import EVENTS, REMOVED, SESSION
from berth.terminal.asking import Questions
from berth.terminal.ending import ENDED
from berth.terminal.finding import Info, find
from berth.terminal.hosts import Start, joined_hosts
from berth.terminal.plain import plain

HINT = "Type a prompt, or the number of an answer. Ctrl-D leaves; the session goes on.\n"


async def attach(start: Start, wanted: str) -> int:
    """Follows a session until it ends, or the person leaves; 0, or 1 when it failed."""
    async with joined_hosts(start) as hosts:
        host, info = await find(hosts, wanted)
        following = Following(host.client, info)
        try:
            return await following.run()
        except ServerLeft:
            sys.stderr.write("berth: Berth's host has ended.\n")
            return 1


class Following:
    """One session on one terminal. Without a keyboard it is only shown."""

    def __init__(self, client: Client, info: Info) -> None:
        self._client = client
        self._session = str(info["id"])
        self._info = info
        self._questions = Questions(client, self._session)
        self._read = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed: asyncio.Queue[str] = asyncio.Queue()

    async def run(self) -> int:
        """See :func:`attach`."""
        if sys.stdin.isatty():
            sys.stderr.write(HINT)
        await self._show()
        async with keyboard(self._typed):
            typing = asyncio.create_task(self._take_typed())
            hearing = asyncio.create_task(self._hear())
            await asyncio.wait([typing, hearing], return_when=asyncio.FIRST_COMPLETED)
            for task in (typing, hearing):
                task.cancel()
            await asyncio.gather(typing, hearing, return_exceptions=True)
        if not hearing.cancelled():
            hearing.result()
        return 1 if self._info["state"] == "failed" else 0

    async def _hear(self) -> None:
        """Until the session has ended, or is gone."""
        self._questions.changed(self._info)
        while self._info["state"] not in ENDED:
            heard = await self._client.heard.get()
            if heard is None:
                raise ServerLeft
            if self._is_removal(heard):
                return
            await self._take(heard)
        await self._show()

    async def _take(self, heard: Heard) -> None:
        if heard.method == EVENTS and heard.params["session"] == self._session:
            await self._show()
        if heard.method == SESSION and heard.params["id"] == self._session:
            self._info = dict(heard.params)
            await self._show()
            self._questions.changed(self._info)

    def _is_removal(self, heard: Heard) -> bool:
        return heard.method == REMOVED and bool(heard.params["session"] == self._session)

    async def _show(self) -> None:
        """Prints what the transcript has grown by: nothing that was written to it is ever changed."""
        answer = await self._client.command("agent.transcript", {"session": self._session, "show": False})
        data = await asyncio.to_thread(_read_from, _path(str(answer["uri"])), self._read)
        self._read += len(data)
        sys.stdout.write(plain(self._decoder.decode(data)))
        sys.stdout.flush()

    async def _take_typed(self) -> None:
        """Until the keyboard's end. What is refused is told and forgotten."""
        while line := await self._typed.get():
            try:
                if line.strip() and not await self._questions.answered(line.strip()):
                    await self._client.command("agent.prompt", {"session": self._session, "text": line.strip()})
            except RequestRefused as refused:
                sys.stderr.write(f"berth: {refused.data.get('message', refused)}\n")


@asynccontextmanager
async def keyboard(lines: asyncio.Queue[str]) -> AsyncIterator[None]:
    """Puts typed lines into a queue while the block lasts, and an empty one at the end; nothing without a terminal."""
    if not sys.stdin.isatty():
        yield
        return
    loop, descriptor = asyncio.get_running_loop(), sys.stdin.fileno()

    def ready() -> None:
        line = sys.stdin.readline()
        lines.put_nowait(line)
        if not line:
            loop.remove_reader(descriptor)

    loop.add_reader(descriptor, ready)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


def _read_from(path: Path, start: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read()
