"""The proxy and broker of one host: takes doors from holders and orders from stdin, and serves who comes in."""

import asyncio
import contextlib
import fcntl
import os
import re
import signal
import socket
import stat
from collections.abc import Coroutine
from typing import Any

from berth_egress.errand import Errand
from berth_egress.events import print_line
from berth_egress.holder import MEETING
from berth_egress.lane import MOST_VISITS, Lane
from berth_egress.lanes import Lanes
from berth_egress.visit import Visit

IDLE_MINUTES = 10
MOST_LINE = 1024 * 1024
_SERVED: tuple[type[Visit | Errand], ...] = (Visit, Errand)
"""What each connection at a holder's doors is, in the order in which it hands them over."""

_WORD = re.compile(r"[a-z0-9-]{1,64} [a-z0-9.,:*-]{1,200}\n")


def serve() -> int:
    """Runs until its stdin ends or it is told to end."""
    return asyncio.run(Proxy().run())


class Proxy:
    """Every lane of one host."""

    def __init__(self) -> None:
        self._lanes = Lanes(print_line)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop

    async def run(self) -> int:
        """Serves; answers the exit status."""
        self._loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, ended.set)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(MEETING)  # noqa: PTH108 - pathlib costs 5 ms of a start
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as meeting:
            meeting.bind(MEETING)
            meeting.listen(64)
            parts = [self._spawn(part) for part in (self._meet(meeting), self._read(ended), self._idle(ended))]
            print_line({"event": "up"})
            await ended.wait()
            for part in parts:
                part.cancel()
        return 0

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _idle(self, ended: asyncio.Event) -> None:
        """Ends a proxy that nobody has needed for a while; its host starts it again."""
        quiet = 0
        while quiet < IDLE_MINUTES:
            await asyncio.sleep(60)
            quiet = 0 if self._lanes else quiet + 1
        ended.set()

    async def _read(self, ended: asyncio.Event) -> None:
        """Obeys until there is nobody any more; a proxy that cannot hear is none."""
        mode = os.fstat(0).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            return ended.set()
        try:
            reader = await self._orders()
            while line := await self._line(reader):
                if line.strip():
                    self._lanes.obey(line)
        finally:
            ended.set()
        return None

    async def _orders(self) -> asyncio.StreamReader:
        reader = asyncio.StreamReader(limit=MOST_LINE)
        # Podman closes the pipe when a writer leaves; who holds its other end himself sees no end of it.
        kept = os.open("/proc/self/fd/0", os.O_RDWR) if stat.S_ISFIFO(os.fstat(0).st_mode) else 0
        fcntl.fcntl(kept, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        pipe = os.fdopen(kept, "rb", 0)
        await self._loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        return reader

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        """The next line; one that is too long is a blank one."""
        try:
            return await reader.readline()
        except ValueError:
            print_line({"event": "bad-order"})
            return b"\n"

    async def _meet(self, meeting: socket.socket) -> None:
        while True:
            holder, _ = await self._loop.sock_accept(meeting)
            _ = self._spawn(self._keep(holder))

    async def _keep(self, holder: socket.socket) -> None:
        """One holder, as long as it is there."""
        with holder:
            await self._readable(holder)
            said, descriptors, *_ = socket.recv_fds(holder, 512, len(_SERVED))
            doors = [socket.socket(fileno=descriptor) for descriptor in descriptors]
            with contextlib.ExitStack() as stack:
                for door in doors:
                    stack.enter_context(door)
                if len(doors) != len(_SERVED) or not _WORD.fullmatch(said.decode("ascii", "replace")):
                    return
                name, escapes = said.decode().split()
                lane = self._lanes.open(name, escapes)
                serving = [self._spawn(self._serve(lane, *pair)) for pair in zip(doors, _SERVED, strict=True)]
                with contextlib.suppress(OSError):
                    await self._loop.sock_recv(holder, 1)
                lane.door = ""
                for each in serving:
                    each.cancel()

    async def _readable(self, holder: socket.socket) -> None:
        holder.settimeout(0.0)
        seen = asyncio.Event()
        self._loop.add_reader(holder, seen.set)
        try:
            await seen.wait()
        finally:
            self._loop.remove_reader(holder)

    async def _serve(self, lane: Lane, door: socket.socket, served: type[Visit | Errand]) -> None:
        door.settimeout(0.0)
        while True:
            client, _ = await self._loop.sock_accept(door)
            if lane.visits >= MOST_VISITS:
                client.close()
                continue
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lane.visits += 1
            visit = self._spawn(served(lane, client).run())
            visit.add_done_callback(lambda _: _left(lane))


def _left(lane: Lane) -> None:
    lane.visits -= 1
