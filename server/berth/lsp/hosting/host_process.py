"""The host as a process: lets callers in, and ends when it is told to or nobody needs it."""

import asyncio
import contextlib
import logging
import os
import socket
import time
from typing import TYPE_CHECKING

from berth import __version__
from berth.lsp.chores import Chores
from berth.lsp.conversation import converse
from berth.lsp.host_life import HostLife, OpenHost
from berth.lsp.hosting.entrances import entrance_of
from berth.lsp.hosting.greeting import Caller, hung_up, tell
from berth.lsp.hosting.guests import Guest, Guests
from berth.lsp.hosting.idling import Idling
from berth.lsp.hosting.neighbours import tell_of_neighbours
from berth.lsp.hosting.waiting import first_of
from berth.lsp.serve import on_signals, quieten_pygls
from berth.lsp.server import Server
from berth.sharing.limits import BACKLOG
from berth.sharing.place import place_of
from berth.sharing.preamble import BadPreamble
from berth.sharing.starting import locked
from berth.sharing.unreachable import Unreachable

if TYPE_CHECKING:
    from berth.sharing.transports import Door

logger = logging.getLogger(__name__)

ENDED_STATES = frozenset({"stopped", "failed"})
"""Sessions in them need no host. The words, since the states themselves come with pydantic."""

GOODBYE_SECONDS = 3.0
"""How long conversations may take to end when the host does."""


async def serve_host(door: "Door", open_host: OpenHost) -> int:
    """Serves whoever calls until the host is told to end, breaks, or was idle for long enough; answers the status.

    Args:
        door: Listens already; taken away at the end.
        open_host: As :func:`berth.lsp.serve.serve` takes it; called when the first client was greeted.
    """
    quieten_pygls()
    async with Chores() as chores:
        process = HostProcess(door, life=HostLife(open_host), chores=chores)
        return await process.run()


class HostProcess:
    """One host and its guests."""

    def __init__(self, door: "Door", *, life: HostLife, chores: Chores) -> None:
        self._door = door
        self._listener = door.listener
        self._entrance = entrance_of(door)
        self._life = life
        self._chores = chores
        self._guests = Guests()
        self._idling = Idling(self._guests, self._live_sessions)
        self._started = int(time.time() * 1000)
        self._told = asyncio.Event()

    async def run(self) -> int:
        """See :func:`serve_host`."""
        on_signals(self._told.set)
        self._listener.settimeout(0)
        self._listener.listen(BACKLOG)  # again, so that the system knows this process as the one that listens
        accepting = self._chores.begin(self._accept())
        await first_of(self._told.wait(), self._idling.over(), self._broken())
        broken = self._life.failed.done()
        logger.info("The host ends.")
        await asyncio.to_thread(self._take_away)
        accepting.cancel()
        self._listener.close()
        if broken and not self._told.is_set():
            await self._last_words()
        await self._end()
        return 1 if broken else 0

    async def _last_words(self) -> None:
        """A host that could not be opened tells every command why, until its editors have left."""
        while self._guests and not self._told.is_set():
            await first_of(self._guests.change(), self._told.wait())

    async def _broken(self) -> None:
        await asyncio.shield(self._life.failed)

    async def _end(self) -> None:
        for guest in self._guests:
            guest.leave(1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                while self._guests:
                    await self._guests.change()
        await self._life.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError as error:
                logger.warning("A caller could not be let in: %s", error.strerror)
                await asyncio.sleep(1)  # no descriptors are left: some may become free
                continue
            self._chores.spawn(self._receive(connection))

    async def _receive(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        with contextlib.ExitStack() as closing:
            closing.enter_context(connection)
            try:
                caller = await self._entrance.greet(connection)
            except (BadPreamble, Unreachable) as refusal:
                logger.warning("A caller was turned away. %s", refusal)
            except OSError:
                logger.debug("A caller left before it said what it wants.")
            else:
                if caller is None:
                    closing.pop_all()
                    return
                await self._carry_out(connection, caller)

    async def _carry_out(self, connection: socket.socket, caller: Caller) -> None:
        match caller.want:
            case "serve":
                await self._serve(connection, caller)
            case "stop":
                tell(connection, self._about())
                self._told.set()
            case "retire":
                tell(connection, self._about())
                self._idling.retire()
            case "status":
                tell(connection, self._about())
            case _:
                logger.warning("A caller of version %.20s wants something that is not known here.", caller.version)

    async def _serve(self, connection: socket.socket, caller: Caller) -> None:
        """One conversation. It ends when the client leaves, or the process that stands for it."""
        if caller.wire is None:
            return
        guest = Guest(caller)
        self._guests.enter(guest)
        tell(connection, {"pid": os.getpid(), "version": __version__})

        def begun(server: Server) -> None:
            guest.server = server
            watching.append(self._chores.begin(self._watch(connection, server)))
            self._chores.spawn(tell_of_neighbours(server, self._door.path))

        watching: list[asyncio.Task[None]] = []
        try:
            status = await converse(caller.wire, caller.surroundings, life=self._life, begun=begun)
            if not self._told.is_set():
                tell(connection, {"status": status})
        finally:
            for task in watching:
                task.cancel()
            self._guests.left(guest)

    async def _watch(self, connection: socket.socket, server: Server) -> None:
        await hung_up(connection)
        server.leave(0)

    def _live_sessions(self) -> int:
        host = self._life.host
        return 0 if host is None else sum(session.info.state not in ENDED_STATES for session in host.sessions())

    def _about(self) -> dict[str, object]:
        host = self._life.host
        return {
            "pid": os.getpid(),
            "version": __version__,
            "started": self._started,
            "connections": [guest.described() for guest in self._guests],
            "sessions": 0 if host is None else len(host.sessions()),
            "live": self._live_sessions(),
        }

    def _take_away(self) -> None:
        """Removes the door. Callers that wait are cut off, and call again."""
        try:
            with locked(place_of(self._door.path)):
                self._door.take_away()
        except (Unreachable, OSError) as error:
            logger.warning("The host's door could not be removed: %s", error)
