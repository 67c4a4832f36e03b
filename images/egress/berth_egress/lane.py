"""One session's way out: its rules, which may change at any time, and who waits for that."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from berth_egress.credentials import Credential
from berth_egress.events import Told
from berth_egress.names import Target
from berth_egress.rules import Entry, Rules

MOST_VISITS = 256
"""Connections of one lane at a time. npm opens some 50."""

MOST_HELD = 64
"""Connections of one lane that may wait for a person."""


class Lane:
    """Nothing is let through before the first rules. ``door`` is what its holder saw of other ways out, ``-`` none."""

    def __init__(self, name: str, tell: Callable[[dict[str, object]], None]) -> None:
        self.name = name
        self.told = Told(name, tell)
        self.visits = 0
        self.door = ""
        self.rules = Rules()
        self.credentials: Mapping[str, Credential] = {}
        self._held = 0
        self._changed = asyncio.Event()
        self._once: dict[Entry, float] = {}

    def change(self, rules: Rules) -> None:
        """New rules. They count for connections that are made from now on, and for those that wait."""
        self.rules = rules
        self._wake()

    def entrust(self, credentials: Iterable[Credential]) -> None:
        """The credentials that it has from now on. One without its key keeps the key that is known here, if any is."""
        known = self.credentials
        self.credentials = {it.sentinel: it if it.key else known.get(it.sentinel, it) for it in credentials}

    def allow_once(self, entry: Entry, seconds: float) -> None:
        """Lets an entry through for so long."""
        self._once[entry] = time.monotonic() + seconds
        self._wake()

    def entry(self, target: Target) -> Entry | None:
        """The entry that lets a target through now."""
        found = self.rules.entry(target)
        if found is not None or self.rules.denies(target):
            return found
        now = time.monotonic()
        return next((entry for entry, until in self._once.items() if now < until and entry.covers(target)), None)

    async def admit(self, target: Target) -> Entry | None:
        """The entry that lets a target through; waits for a person where one may be asked."""
        entry = self.entry(target)
        if entry is not None or self.rules.denies(target):
            return entry
        hold = self.rules.hold if self._held < MOST_HELD else 0.0
        self.told.tell("unknown", host=target.host, port=target.port, held=hold > 0)
        self._held += 1
        try:
            async with asyncio.timeout(hold):
                while entry is None and not self.rules.denies(target):
                    await self._changed.wait()
                    entry = self.entry(target)
        except TimeoutError:
            return None
        finally:
            self._held -= 1
        return entry

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
