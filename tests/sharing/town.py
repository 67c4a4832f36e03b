"""A place of a test's own for hosts, editors that call there, and the end of every host that came of it."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from berth.sharing.asking import ask_all
from berth.sharing.place import Place, find_place
from tests.lsp.editor import Editor, Message, open_editor
from tests.lsp.fake_host import SETTINGS

RELAY = (sys.executable, "-m", "tests.sharing.relay_fake")
SECONDS = 15.0


class Town:
    """One user's runtime and state folder."""

    def __init__(self, folder: Path, state: Path, transport: str) -> None:
        self.folder = folder
        self.state = state
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "BERTH_RUNTIME_DIR": "",
            "BERTH_SHARE": "1",
            "BERTH_HOST_TRANSPORT": transport,
        }
        self.command: tuple[str, ...] = RELAY

    @property
    def place(self) -> Place:
        return find_place(os.environ | self.environment | {"BERTH_STATE_DIR": str(self.state)})

    def hosts(self) -> list[dict[str, Any]]:
        """What every host that is there says of itself."""
        return [dict(answer) for answer in ask_all(self.place, "status").values() if answer]

    async def host(self) -> dict[str, Any]:
        """The only host."""
        (found,) = await to_thread.run_sync(self.hosts)
        return found

    @asynccontextmanager
    async def caller(self, *flags: str, **variables: str) -> AsyncIterator[Editor]:
        """An editor that has not said anything yet."""
        environment = self.environment | variables
        async with open_editor(*flags, state=self.state, command=self.command, environment=environment) as editor:
            yield editor

    @asynccontextmanager
    async def editor(self, *flags: str, workspace: Path, **variables: str) -> AsyncIterator[Editor]:
        """An editor that takes notifications and has a folder open."""
        await anyio.Path(workspace).mkdir(exist_ok=True)
        async with self.caller(*flags, **variables) as editor:
            folders = [{"uri": workspace.as_uri(), "name": "w"}]
            options = {"berth": {"notifications": True, **SETTINGS}}
            offered: Message = {"textDocument": {"publishDiagnostics": {}}}
            await editor.initialize(offered, workspaceFolders=folders, initializationOptions=options)
            yield editor


@contextmanager
def open_town(state: Path, transport: str) -> Iterator[Town]:
    """A town whose hosts are gone afterwards. Paths of sockets are short, so its folder is not a test's usual one."""
    folder = Path(tempfile.mkdtemp(prefix="berth-"))
    town = Town(folder, state, transport)
    try:
        yield town
    finally:
        pids = [int(answer["pid"]) for answer in town.hosts()]
        ask_all(town.place, "stop")
        for pid in pids:
            end(pid)
        shutil.rmtree(folder)


def end(pid: int) -> None:
    """Waits until a process is gone, and makes it go when it takes too long."""
    until = time.monotonic() + SECONDS
    while is_there(pid):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until_gone(pid: int) -> None:
    """Fails when a process does not end by itself."""

    def wait() -> bool:
        until = time.monotonic() + SECONDS
        while is_there(pid) and time.monotonic() < until:
            time.sleep(0.02)
        return not is_there(pid)

    assert await to_thread.run_sync(wait)
