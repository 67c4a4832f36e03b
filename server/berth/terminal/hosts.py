"""Joins the user's hosts as their client, over the very socket that editors come through."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from berth import __version__
from berth.demo.client import Client, RequestRefused, ServerLeft
from berth.sharing.dialling import Line, call, dial, introduction
from berth.sharing.keys import code_key
from berth.sharing.place import Place, find_place
from berth.sharing.unreachable import Unreachable

Start = Callable[[Place, str], None]
"""Starts a host, see :func:`berth.sharing.starting.starter`."""

OTHERS_SECONDS = 5.0
"""How long a host of another version may take to answer; its sessions are left out then."""

_OWN = {"notifications": True, "questions": False}
"""We draw sessions and questions by ourselves."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A host with a client of ours. ``pid`` and ``version`` are as it says."""

    client: Client
    pid: int
    version: str

    async def sessions(self) -> list[dict[str, Any]]:
        """Every session, as ``agent.list`` tells them."""
        found: list[dict[str, Any]] = await self.client.command("agent.list", {})
        return found


@asynccontextmanager
async def joined_hosts(start: Start) -> AsyncIterator[list[Joined]]:
    """The host of this version, which is started when there is none, and then those of others.

    Raises:
        Unreachable: The own one cannot be started.
    """
    place, code = find_place(os.environ), code_key()
    own = place.socket(code)
    async with AsyncExitStack() as stack:
        hosts = [await stack.enter_async_context(_joined(lambda speak: call(place, code, start, speak)))]
        others = [await _other(stack, path) for path in place.sockets() if path != own]
        yield [*hosts, *filter(None, others)]


async def _other(stack: AsyncExitStack, path: str) -> Joined | None:
    try:
        async with asyncio.timeout(OTHERS_SECONDS):
            return await stack.enter_async_context(_joined(lambda speak: _call_other(path, speak)))
    except (Unreachable, TimeoutError, ServerLeft, RequestRefused):
        return None


def _call_other(path: str, speak: Callable[[Line], None]) -> tuple[Line, dict[str, object]]:
    connection = dial(path)
    if connection is None:
        raise Unreachable("There is no host at this socket.")
    connection.settimeout(OTHERS_SECONDS)
    line = Line(connection)
    try:
        speak(line)
        answer = line.hear()
    except OSError:
        answer = None
    if answer is None:
        connection.close()
        raise Unreachable("This host does not answer.")
    return line, answer


Call = Callable[[Callable[[Line], None]], tuple[Line, dict[str, object]]]


@asynccontextmanager
async def _joined(reach: Call) -> AsyncIterator[Joined]:
    """A conversation over two pairs of sockets, whose far ends the host gets as our standard input and output."""
    (ours_in, their_out), (their_in, ours_out) = socket.socketpair(), socket.socketpair()
    with ours_in, ours_out:
        with their_in, their_out:
            speak = partial(_introduce, descriptors=(their_in.fileno(), their_out.fileno()))
            line, answer = await asyncio.to_thread(reach, speak)
        with line.socket:
            reader, unused = await asyncio.open_connection(sock=ours_in)
            _, writer = await asyncio.open_connection(sock=ours_out)
            async with _conversation(Client(reader, writer)) as client:
                yield Joined(client, int(str(answer.get("pid"))), str(answer.get("version")))
            for each in (unused, writer):
                each.close()


def _introduce(line: Line, descriptors: tuple[int, int]) -> None:
    line.say(introduction("serve", __version__), descriptors)


@asynccontextmanager
async def _conversation(client: Client) -> AsyncIterator[Client]:
    listening = asyncio.create_task(client.listen())
    try:
        await client.request(
            "initialize",
            {
                "processId": None,
                "clientInfo": {"name": "Terminal"},
                "rootUri": None,
                "capabilities": {},
                "initializationOptions": {"berth": _OWN},
            },
        )
        client.notify("initialized", {})
        yield client
        with contextlib.suppress(ServerLeft, RequestRefused, ConnectionError):
            await client.request("shutdown", None)
            client.notify("exit")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
