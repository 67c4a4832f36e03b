"""Joins the user's hosts as their client, through the very door that editors come through."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from berth.demo.client import Client, RequestRefused, ServerLeft
from berth.sharing.dialling import call, dial
from berth.sharing.keys import code_key
from berth.sharing.line import Line
from berth.sharing.place import Place, find_place
from berth.sharing.unreachable import Unreachable
from berth.terminal.ends import ends_for

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
    own = place.door(code)
    async with AsyncExitStack() as stack:
        hosts = [await stack.enter_async_context(_joined(own, lambda speak: call(place, code, start, speak)))]
        others = [await _other(stack, path) for path in place.doors() if path != own]
        yield [*hosts, *filter(None, others)]


async def _other(stack: AsyncExitStack, path: str) -> Joined | None:
    try:
        async with asyncio.timeout(OTHERS_SECONDS):
            return await stack.enter_async_context(_joined(path, lambda speak: _call_other(path, speak)))
    except (Unreachable, TimeoutError, ServerLeft, RequestRefused):
        return None


def _call_other(path: str, speak: Callable[[Line], None]) -> tuple[Line, dict[str, object]]:
    connection = dial(path, OTHERS_SECONDS)
    if connection is None:
        raise Unreachable("There is no host behind this door.")
    line = Line(connection, path)
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
async def _joined(path: str, reach: Call) -> AsyncIterator[Joined]:
    ends = ends_for(path)
    with contextlib.closing(ends):
        line, answer = await asyncio.to_thread(reach, ends.introduce)
        with line.socket:
            reader, writer = await ends.open()
            async with _conversation(Client(reader, writer)) as client:
                yield Joined(client, int(str(answer.get("pid"))), str(answer.get("version")))


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
