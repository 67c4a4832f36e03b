"""Takes up what earlier hosts left: sessions by their folders, and containers by their labels.

It happens beside everything else: the host serves editors at once, and each session appears when its journal was read.
A session whose lock another process holds is that one's, and left alone.
"""

import contextlib
import logging
import shutil
from functools import partial
from pathlib import Path
from typing import Protocol

import anyio
from anyio import to_thread

from berth.engine.base import ContainerFacts, Engine
from berth.errors import BerthError
from berth.host.ended_elsewhere import EndedElsewhere
from berth.host.ownership import Ownership
from berth.host.places import StateFolder
from berth.host.seal import HOST_LABEL, Seal
from berth.host.session_file import SessionFile, read_session_file
from berth.sessions.kept import Kept, read_kept

logger = logging.getLogger(__name__)

REMOVING = "removing"
"""A file of this name in a session's folder: it is being removed, and a later host finishes that."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between two questions to an engine that does not answer; each wait is twice the one before."""


LOOK_AGAIN_SECONDS = 15.0
"""Between two looks for sessions that another process had: a lock tells nobody that it was let go."""


class Adopter(Protocol):
    """Who becomes the owner."""

    def take_up(self, folder: Path, file: SessionFile, kept: Kept) -> None:
        """Makes a session of what was read."""
        ...

    def all_read(self) -> None:
        """Every folder was looked at."""
        ...

    def is_over(self, session: str) -> bool:
        """Whether a session has ended, and nothing of it may run."""
        ...

    def owns(self, facts: ContainerFacts, session: str) -> bool:
        """Whether a container is one that a session has or is about to have."""
        ...


class Adoption:
    """One host's taking up."""

    def __init__(self, engine: Engine, folder: StateFolder, ownership: Ownership) -> None:
        """Nothing was looked at."""
        self._engine = engine
        self._folder = folder
        self._ownership = ownership
        self._unusable: set[str] = set()

    async def run(self, adopter: Adopter) -> None:
        """Adopts everything, then removes containers that no session has."""
        try:
            for folder in await to_thread.run_sync(_folders, self._folder.sessions):
                if folder.name not in self._ownership:
                    await self._take_safely(folder, adopter)
        finally:
            adopter.all_read()
        await self._remove_orphans(adopter)

    async def follow(self, adopter: Adopter) -> None:
        """Adopts ended sessions that other processes leave from now on, such as an older version's. Never returns."""
        elsewhere = EndedElsewhere()
        while True:
            await anyio.sleep(LOOK_AGAIN_SECONDS)
            ours = self._unusable | self._ownership.sessions
            found = await to_thread.run_sync(partial(elsewhere.find, self._folder.sessions, but=ours))
            for folder in found:
                await self._take_safely(folder, adopter)

    async def _take_safely(self, folder: Path, adopter: Adopter) -> None:
        """One folder that cannot be used does not keep others from being used; it stays as it is."""
        try:
            await self._take(folder, adopter)
        except (BerthError, OSError, ValueError, KeyError, StopIteration, TypeError):
            self._ownership.release(folder.name)
            self._unusable.add(folder.name)
            logger.exception("Session %s of an earlier host cannot be taken up", folder.name)

    async def _take(self, folder: Path, adopter: Adopter) -> None:
        if not await to_thread.run_sync(self._ownership.take, folder):
            logger.debug("Session %s is another process's", folder.name)
            return
        if (folder / REMOVING).exists():
            await self._removed(folder)
            return
        file = await to_thread.run_sync(read_session_file, folder)
        kept = await to_thread.run_sync(read_kept, folder)
        if file is None or not kept.past.info:
            logger.warning("Session %s of an earlier host had not begun, and is removed", folder.name)
            await self._removed(folder)
            return
        adopter.take_up(folder, file, kept)

    async def _removed(self, folder: Path) -> None:
        """What is left of a removal. Its container is an orphan, and goes with those."""
        await to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))
        self._ownership.release(folder.name)

    async def _remove_orphans(self, adopter: Adopter) -> None:
        """A session's folder is made before its container, and goes after it: one without is what a removal left.

        Where there is no seal yet there never was a container, and the engine is not asked.
        """
        seal = await to_thread.run_sync(Seal.found, self._folder.root)
        for facts in await self._containers(seal.host) if seal else ():
            session = seal.session_of(facts) if seal else None
            if session is None or await self._is_anothers(session):
                continue
            if adopter.owns(facts, session):
                if adopter.is_over(session):
                    await self._end(facts)
                continue
            logger.warning("The container %s belongs to no session, and is removed", facts.name)
            with contextlib.suppress(BerthError):
                await self._engine.remove(facts.id)

    async def _end(self, facts: ContainerFacts) -> None:
        """An earlier host may have ended a session whose engine did not answer, and so its container runs on."""
        if facts.status in ("running", "paused", "restarting"):
            logger.warning("The container %s outlived its session, and is ended", facts.name)
            with contextlib.suppress(BerthError):
                await self._engine.signal(facts.id, "SIGKILL")

    async def _is_anothers(self, session: str) -> bool:
        return session not in self._ownership and await anyio.Path(self._folder.sessions / session).exists()

    async def _containers(self, host: str) -> tuple[ContainerFacts, ...]:
        wait = FIRST_WAIT
        while True:
            try:
                return await self._engine.containers({HOST_LABEL: host})
            except BerthError as error:
                logger.info("What is left of earlier sessions cannot be seen yet: %s", error.kind)
            await anyio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


def _folders(folder: Path) -> list[Path]:
    """All sessions' folders, the newest first."""
    found: dict[Path, float] = {}
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # it is being removed
            if path.is_dir():
                found[path] = path.stat().st_mtime
    return sorted(found, key=lambda path: found[path], reverse=True)
