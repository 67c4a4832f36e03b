"""What one client is told about one session: gapless, in order, at the client's own pace."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from berth.errors import BerthError
from berth.lsp.chores import Chores
from berth.lsp.protocol import Protocol
from berth.protocol.events import PartDelta, ThoughtDelta
from berth.protocol.names import EVENTS, SESSION
from berth.protocol.session import SessionInfo
from berth.sessions.journal_lines import number_of
from berth.sessions.published import Published

logger = logging.getLogger(__name__)

TICK = 0.016
"""Seconds between two messages about one session: one frame of a screen. The first of a burst goes out at once.

So does the agent's first text since the last tick, so that its first word never waits behind news of its start.
"""

BATCH = 32 * 1024
"""Bytes of events that go out before the tick."""

PULL = 256 * 1024
"""Bytes of events that are read from the host at once for a client that is behind."""

RETRY = 0.02
RETRIES = 250
"""How often, and after how many seconds, an event that was announced is looked for again."""

ReadEvents = Callable[[str, int, int], Awaitable[list[bytes]]]


class Feed:
    """Sends ``agent/events`` and ``agent/session`` of one session.

    It keeps a cursor: the number of the next event the client has to be sent. While the client reads, events go from
    the session straight into a small batch. When the client stalls, the batch is thrown away and nothing is kept at
    all; when it reads again, what it missed is read from the host by number. So memory is bounded, and numbers have no
    gaps.
    """

    def __init__(self, session: str, protocol: Protocol, *, read: ReadEvents, chores: Chores) -> None:
        self._session = session
        self._protocol = protocol
        self._read = read
        self._chores = chores
        self._cursor: int | None = None
        self._newest = 0
        self._batch: list[bytes] = []
        self._size = 0
        self._info: SessionInfo | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._behind: asyncio.Task[None] | None = None
        self._spoke = False

    def happened(self, event: Published) -> None:
        """An event was published. Returns at once."""
        if self._cursor is None:
            self._cursor = event.seq
        self._newest = max(self._newest, event.seq)
        if self._behind is not None:
            return
        due = self._cursor + len(self._batch)
        if event.seq > due:
            self._fall_behind()
        elif event.seq == due:
            self._batch.append(event.json)
            self._size += len(event.json)
            first_text = not self._spoke and isinstance(event.body, PartDelta | ThoughtDelta)
            self._spoke = self._spoke or first_text
            if self._timer is None or self._size >= BATCH or first_text:
                self._flush()

    def changed(self, info: SessionInfo) -> None:
        """The session changed: only its newest state is ever sent. Returns at once."""
        self._info = info
        if self._timer is None and self._behind is None:
            self._flush()

    def end(self) -> None:
        """The session is gone: sends what there is, as far as the client reads, and ends."""
        if self._timer is not None:
            self._timer.cancel()
        if self._behind is None and not self._protocol.outlet.stalled:
            self._send()

    def _flush(self) -> None:
        if self._protocol.outlet.stalled:
            self._fall_behind()
            return
        self._send()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._spoke = bool(self._batch)
        if self._behind is None and (self._batch or self._info):
            self._flush()

    def _send(self) -> None:
        self._send_events(self._batch)
        self._batch, self._size = [], 0
        if self._info is not None:
            info, self._info = self._info, None
            self._protocol.send_encoded(SESSION, info.model_dump_json(by_alias=True, exclude_none=True).encode())

    def _send_events(self, events: list[bytes]) -> None:
        if events and self._cursor is not None:
            head = b'{"session":"%b","first":%d,"events":[' % (self._session.encode(), self._cursor)
            self._protocol.send_encoded(EVENTS, head + b",".join(events) + b"]}")
            self._cursor += len(events)

    def _fall_behind(self) -> None:
        self._batch, self._size = [], 0
        self._behind = self._chores.begin(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            await self._protocol.outlet.writable()
            while self._cursor is not None and self._cursor <= self._newest:
                self._send_events(await self._missed(self._cursor))
                await self._protocol.outlet.writable()
        except BerthError as error:
            logger.info("The events of session %s can no longer be read: %s", self._session, error.kind)
            self._cursor = self._newest + 1
        finally:
            self._behind = None
        self._flush()

    async def _missed(self, first: int) -> list[bytes]:
        for _ in range(RETRIES):
            if events := await self._read(self._session, first, PULL):
                self._cursor = number_of(events[0])  # later than asked for where older events are no longer kept
                return events
            await asyncio.sleep(RETRY)
        logger.error("Session %s announced event %d and does not have it.", self._session, first)
        self._cursor = self._newest + 1  # the client sees the gap by its number, and asks for a replay
        return []
