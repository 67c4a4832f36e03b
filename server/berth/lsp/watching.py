"""Asks the client to tell of changed settings files, where it lets servers ask."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path

from lsprotocol import types

from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.settings.files import user_file
from berth.settings.watched import ABOVE, IN_FOLDER, concerns

logger = logging.getLogger(__name__)

REGISTER_SECONDS = 10.0
"""How long a client may take to register; nothing waits for it."""

_SPECIAL = frozenset("*?[]{}!\\")
"""Characters that mean something in a glob, where none can be escaped."""


class Watching:
    """Keeps one registration for all open folders."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._registered: str | None = None
        self._named: dict[Path, frozenset[Path]] = {}
        self._numbers = count(1)
        self._turn = asyncio.Lock()

    def follow_folders(self) -> None:
        """Has the folders watched that are open now, instead of those before."""
        if self._editor.offers.watch_files:
            self._editor.chores.spawn(self._register())

    def name_files(self, folder: Path, files: Iterable[Path]) -> None:
        """Has a folder's files watched that only its settings know of, such as a profile's Dockerfile."""
        named = frozenset(file for file in files if file != user_file() and not concerns(file, folder))
        if named != self._named.get(folder, frozenset()):
            self._named[folder] = named
            self.follow_folders()

    async def _register(self) -> None:
        async with self._turn:
            before, name = self._registered, f"berth-files-{next(self._numbers)}"
            await self._ask(types.CLIENT_REGISTER_CAPABILITY, _registration(name, list(self._watchers())))
            self._registered = name
            if before is not None:
                await self._ask(types.CLIENT_UNREGISTER_CAPABILITY, _end_of(before))

    def _watchers(self) -> Iterator[types.FileSystemWatcher]:
        folders = self._editor.folders.paths()
        named = sorted({file for folder in folders for file in self._named.get(folder, ())})
        plain = [file for file in named if not _SPECIAL.intersection(file.name)]
        return _relative(folders, plain) if self._editor.offers.relative_patterns else _absolute(plain)

    async def _ask(self, method: str, params: object) -> None:
        try:
            await self._editor.client.ask(method, params, within=REGISTER_SECONDS)
        except (TimeoutError, ClientRefused):
            logger.warning("The editor did not answer %s for settings files.", method)


def _registration(name: str, watchers: list[types.FileSystemWatcher]) -> types.RegistrationParams:
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
    return types.RegistrationParams(
        registrations=[
            types.Registration(id=name, method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES, register_options=options)
        ]
    )


def _end_of(name: str) -> types.UnregistrationParams:
    ended = types.Unregistration(id=name, method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    return types.UnregistrationParams(unregisterations=[ended])


def _relative(folders: Sequence[Path], named: Iterable[Path]) -> Iterator[types.FileSystemWatcher]:
    patterns = [(folder, pattern) for folder in folders for pattern in IN_FOLDER]
    patterns += [(folder, ABOVE) for folder in dict.fromkeys(folder.parent for folder in folders)]
    patterns += [(file.parent, file.name) for file in (user_file(), *named)]
    for folder, pattern in patterns:
        yield types.FileSystemWatcher(types.RelativePattern(base_uri=folder.as_uri(), pattern=pattern))


def _absolute(named: Iterable[Path]) -> Iterator[types.FileSystemWatcher]:
    """Globs of whole paths, in whatever folder: a folder's own path may have characters that mean something in one."""
    for pattern in IN_FOLDER:
        yield types.FileSystemWatcher(f"**/{pattern}")
    for file in (user_file(), *named):
        if not _SPECIAL.intersection(file.as_posix()):
            yield types.FileSystemWatcher(file.as_posix())
