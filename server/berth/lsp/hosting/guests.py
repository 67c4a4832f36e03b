"""The conversations of a host, and how many there are."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from berth.lsp.hosting.greeting import Caller
from berth.lsp.server import Server


@dataclass(eq=False, slots=True)
class Guest:
    """One editor or terminal. ``server`` is there as soon as its conversation has begun."""

    caller: Caller
    server: Server | None = None

    def described(self) -> dict[str, object]:
        """For people: what it calls itself, its process and its folder."""
        name = self.server.editor.offers.name if self.server is not None else ""
        surroundings = self.caller.surroundings
        return {"name": name, "pid": surroundings.pid, "folder": surroundings.folder, "version": self.caller.version}

    def leave(self, status: int) -> None:
        """Ends its conversation."""
        if self.server is not None:
            self.server.leave(status)


class Guests:
    """Those who are there now."""

    def __init__(self) -> None:
        self._guests: list[Guest] = []
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._guests)

    def __iter__(self) -> Iterator[Guest]:
        return iter(tuple(self._guests))

    def enter(self, guest: Guest) -> None:
        """One more."""
        self._guests.append(guest)
        self._change()

    def left(self, guest: Guest) -> None:
        """One less."""
        self._guests.remove(guest)
        self._change()

    async def change(self) -> None:
        """Waits until somebody comes or goes."""
        await self._changed.wait()

    def _change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
