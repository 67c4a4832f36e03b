"""Asks the client to tell of changed settings files, where it lets servers ask."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from lsprotocol import types

from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.settings.files import user_file
from berth.settings.watched import ABOVE, IN_FOLDER

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
        self._numbers = count(1)
        self._turn = asyncio.Lock()

    async def follow_folders(self) -> None:
        """Registers for the folders that are open now, instead of for those before."""
        offers = self._editor.offers
        if not offers.watch_files:
            return
        async with self._turn:
            folders = self._editor.folders.paths()
            before, name = self._registered, f"berth-files-{next(self._numbers)}"
            watchers = list(_relative(folders) if offers.relative_patterns else _absolute())
            await self._ask(types.CLIENT_REGISTER_CAPABILITY, _registration(name, watchers))
            self._registered = name
            if before is not None:
                await self._ask(types.CLIENT_UNREGISTER_CAPABILITY, _end_of(before))

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


def _relative(folders: Sequence[Path]) -> Iterator[types.FileSystemWatcher]:
    patterns = [(folder, pattern) for folder in folders for pattern in IN_FOLDER]
    patterns += [(folder, ABOVE) for folder in dict.fromkeys(folder.parent for folder in folders)]
    own = user_file()
    for folder, pattern in (*patterns, (own.parent, own.name)):
        yield types.FileSystemWatcher(types.RelativePattern(base_uri=folder.as_uri(), pattern=pattern))


def _absolute() -> Iterator[types.FileSystemWatcher]:
    """Globs of whole paths, in whatever folder: a folder's own path may have characters that mean something in one."""
    for pattern in IN_FOLDER:
        yield types.FileSystemWatcher(f"**/{pattern}")
    own = user_file().as_posix()
    if not _SPECIAL.intersection(own):
        yield types.FileSystemWatcher(own)
