"""An audience that remembers, for tests of what a session tells."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import anyio

from berth.protocol.event_body import EventBody
from berth.protocol.session import SessionInfo, State
from berth.sessions.published import Published
from berth.sessions.record import Record
from berth.sessions.writer import Writer

Body = TypeVar("Body", bound=EventBody)


class RememberingAudience:
    """Keeps all it is told, and lets a test wait for something to become true."""

    def __init__(self) -> None:
        self.infos: list[SessionInfo] = []
        self.events: list[Published] = []
        self._news = anyio.Event()

    def changed(self, info: SessionInfo) -> None:
        self.infos.append(info)
        self._tell()

    def happened(self, session: str, event: Published) -> None:
        assert session
        self.events.append(event)
        self._tell()

    def bodies(self, kind: type[Body]) -> list[Body]:
        return [event.body for event in self.events if isinstance(event.body, kind)]

    def states(self) -> list[State]:
        """Every state the session was in, without repeats in a row."""
        seen: list[State] = []
        for info in self.infos:
            if not seen or seen[-1] is not info.state:
                seen.append(info.state)
        return seen

    async def until(self, predicate: Callable[[], object], seconds: float = 10) -> None:
        """Waits until the predicate holds; fails with what was told meanwhile."""
        with anyio.move_on_after(seconds):
            while not predicate():
                self._news = anyio.Event()
                await self._news.wait()
            return
        told = "\n".join(event.json.decode()[:300] for event in self.events[-15:])
        message = f"not within {seconds} s; states {self.states()}, last events:\n{told}"
        raise AssertionError(message)

    def _tell(self) -> None:
        self._news.set()


def record_in(folder: Path, audience: RememberingAudience) -> Record:
    """A record of a session that does nothing yet; its writer never runs."""
    info = SessionInfo(id="s", name="test", workspace_folder=str(folder), agent="scripted", started_at=1)
    return Record(info, folder, writer=Writer(), audience=audience)
