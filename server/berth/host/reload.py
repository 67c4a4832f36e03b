"""Follows the settings while they change: what is wrong in them, and which sessions they no longer fit."""

import logging
from collections.abc import Iterable
from pathlib import Path

import anyio
from anyio import to_thread

from berth.errors import BerthError
from berth.host.build_findings import build_findings
from berth.host.checking import check_settings
from berth.host.commands import Commands
from berth.host.connections import Connection
from berth.host.findings import Finding
from berth.host.host import Host
from berth.host.prebuild import prebuild
from berth.planning.hollow import hollow
from berth.planning.substance import substance
from berth.protocol.session import SessionInfo
from berth.sessions.session import Session
from berth.settings.files import user_file
from berth.settings.watched import concerns

logger = logging.getLogger(__name__)

COALESCE_SECONDS = 0.1
"""How long further changes are waited for: editors write a file in several steps, and report it in several ways."""


class Reload:
    """Reads the settings of one connection's folders again when something changed. Polls nothing.

    Sessions are looked at and marked (:attr:`berth.protocol.session.SessionInfo.outdated`), and otherwise left alone.
    """

    def __init__(self, host: Host, commands: Commands, connection: Connection) -> None:
        self._host = host
        self._commands = commands
        self._connection = connection
        self._files: dict[Path, frozenset[Path]] = {}
        self._changed: set[Path] = set()
        self._said: dict[str, object] = {}
        self._outdated: set[str] = set()
        self._findings: dict[Path, tuple[Finding, ...]] = {}
        self._failed: dict[Path, Finding | None] = {}
        self._building: dict[Path, anyio.CancelScope] = {}
        self._news = anyio.Event()

    def settings_changed(self) -> None:
        """The editor's settings changed, or its folders, or nobody knows what: every open folder is looked at."""
        self._mark(self._connection.folders())
        self._news.set()  # also where none is left: what was said of closed folders is taken back

    def file_changed(self, path: Path) -> None:
        """A file was written, made or removed; one that no settings stand in changes nothing."""
        self._mark(folder for folder in self._connection.folders() if self._concerns(path, folder))

    def session_changed(self, info: SessionInfo) -> None:
        """A session changed: what it says about its Dockerfile may be another thing now."""
        says = (info.error.file, info.error.line, info.error.message) if info.error and info.error.file else None
        if says != self._said.get(info.id) or info.outdated != (info.id in self._outdated):
            self._said[info.id] = says
            self._outdated.discard(info.id)
            if info.outdated:
                self._outdated.add(info.id)
            self._mark(folder for folder in self._connection.folders() if str(folder) == info.workspace_folder)

    def session_removed(self, session: str) -> None:
        """A session is gone, and what it said of its Dockerfile with it."""
        if self._said.pop(session, None) or session in self._outdated:
            self._outdated.discard(session)
            self._mark(self._connection.folders())

    async def run(self) -> None:
        """Works until it is cancelled."""
        async with anyio.create_task_group() as tasks:
            while True:
                await self._news.wait()
                await anyio.sleep(COALESCE_SECONDS)
                folders, self._changed, self._news = self._changed, set(), anyio.Event()
                self._close_others()
                for folder in sorted(folders):
                    prebuilds = await self._look_safely(folder)
                    self._leave_build(folder)
                    if prebuilds:
                        tasks.start_soon(self._prebuild, folder)

    async def _look_safely(self, folder: Path) -> bool:
        try:
            return await self._look(folder)
        except Exception:
            logger.exception("The settings of a folder could not be looked at.")
            return False

    def _leave_build(self, folder: Path) -> None:
        """What was being built is no longer what is wanted, or is found in the builder's cache by the next build."""
        if folder in self._building:
            self._building.pop(folder).cancel()

    async def _prebuild(self, folder: Path) -> None:
        """Builds what may be built before it is needed. A mistake of ours here must not end the looking."""
        with anyio.CancelScope() as scope:
            self._building[folder] = scope
            try:
                failed = await prebuild(self._host, self._connection, folder)
            except Exception:
                logger.exception("Building ahead failed.")
                failed = None
            if self._building.get(folder) is scope:
                del self._building[folder]
                self._tell_failed(folder, failed)

    def _tell_failed(self, folder: Path, failed: Finding | None) -> None:
        if failed != self._failed.get(folder) and folder in self._files:
            self._failed[folder] = failed
            self._tell(folder)

    def _tell(self, folder: Path) -> None:
        failed = self._failed.get(folder)
        self._connection.problems(folder, (*self._findings.get(folder, ()), *([failed] if failed else [])))

    def _mark(self, folders: Iterable[Path]) -> None:
        before = len(self._changed)
        self._changed.update(folders)
        if len(self._changed) > before:
            self._news.set()

    def _concerns(self, path: Path, folder: Path) -> bool:
        return path == user_file() or concerns(path, folder) or path in self._files.get(folder, ())

    def _close_others(self) -> None:
        for folder in self._files.keys() - set(self._connection.folders()):
            del self._files[folder]
            self._findings.pop(folder, None)
            self._failed.pop(folder, None)
            self._connection.problems(folder, ())

    async def _look(self, folder: Path) -> bool:
        """Checks the files, then the sessions. Whatever cannot be said now leaves everything as it was.

        Answers whether images of the folder are to be built ahead.
        """
        try:
            given = await self._connection.configuration(folder)
            environment = self._connection.environment
            checked = await to_thread.run_sync(check_settings, folder, given, environment)
            real = await to_thread.run_sync(folder.resolve)
        except BerthError as error:
            logger.warning("The settings of a folder could not be looked at: %s", error.kind)
            return False
        if folder not in self._connection.folders():
            return False
        self._files[folder] = checked.files
        self._connection.watch(folder, checked.files)
        await self._compare_all(real)
        sessions = [session for session in self._host.sessions() if session.plan.workspace == real]
        self._findings[folder] = (*checked.findings, *build_findings(sessions, folder))
        if not checked.prebuild:
            self._failed.pop(folder, None)
        self._tell(folder)
        return checked.prebuild

    async def _compare_all(self, folder: Path) -> None:
        for session in self._host.sessions():
            if session.plan.workspace == folder and self._host.judges.may_judge(self._connection, session.info):
                await self._compare(session)

    async def _compare(self, session: Session) -> None:
        try:
            plan = await self._commands.plan_again(self._connection, session.info.id)
        except BerthError as error:
            logger.info("Session %s cannot be planned with the settings as they are: %s", session.info.id, error.kind)
            return
        self._host.spares.planned(session.plan, plan)
        present = session.next_plan or session.plan
        outdated = substance(hollow(plan) if session.is_hollow else plan) != substance(present)
        if outdated is not session.info.outdated and session in self._host.sessions():
            session.record.update(outdated=outdated)
