"""When a host that nobody needs ends."""

import asyncio
import logging
import os
from collections.abc import Callable

from berth.lsp.hosting.guests import Guests
from berth.lsp.hosting.waiting import first_of

logger = logging.getLogger(__name__)

IDLE_SECONDS = 15 * 60.0
"""Long enough to restart an editor or to come back from lunch; a host holds some 70 MB, and starts in half a second."""

VARIABLE = "BERTH_IDLE_EXIT"
"""Seconds to stay instead, in the environment of whoever starts the host."""

FIRST_SECONDS = 60.0
"""How long the one who started the host may take to call."""

LOOK_SECONDS = 5.0
"""How often a host that is to end looks whether its last session has."""


class Idling:
    """Watches for a time without guests, at the end of which there are no live sessions either.

    Sessions are looked at when the time is over, so that a host may stay for twice as long.
    """

    def __init__(self, guests: Guests, live_sessions: Callable[[], int]) -> None:
        self._guests = guests
        self._live_sessions = live_sessions
        self._seconds = idle_seconds(os.environ.get(VARIABLE, ""))
        self._retired = asyncio.Event()

    def retire(self) -> None:
        """A newer host is there: this one ends as soon as nobody is left, and nothing runs."""
        self._retired.set()

    async def over(self) -> None:
        """Waits until the host may end."""
        await first_of(self._guests.change(), within=FIRST_SECONDS)
        while True:
            while self._guests:
                await self._guests.change()
            if await self._rested() and not self._guests and not self._live_sessions():
                return

    async def _rested(self) -> bool:
        """Whether the time to stay has passed, or there is none."""
        live = self._live_sessions()
        if self._retired.is_set():
            await first_of(self._guests.change(), within=LOOK_SECONDS if live else 0)
            return True
        seconds = max(self._seconds, LOOK_SECONDS if live else 0)
        happened = await first_of(self._guests.change(), self._retired.wait(), within=seconds)
        return not happened


def idle_seconds(written: str) -> float:
    """The time to stay; the usual one, with a line in the log, where what was written is no number."""
    try:
        seconds = float(written) if written else IDLE_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 10**9:
        logger.warning("%s is no number of seconds; the host stays for %d.", VARIABLE, IDLE_SECONDS)
        return IDLE_SECONDS
    return seconds
