"""A user's state folder and workspace, over the deaths of hosts: what every scenario works with."""

import contextlib
import json
import os
import re
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import docker
from anyio import to_thread
from docker.utils import kwargs_from_env

from berth.sharing.asking import ask_all
from berth.sharing.place import find_place
from tests.faults.account import Account
from tests.faults.agent import COUNTER
from tests.faults.orphans import Orphans
from tests.lsp.editor import Editor, Message, open_editor

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
"""Anything with ``sh`` and ``perl``."""

SECONDS = 60.0
ENDING = 10.0
OWN_SETTINGS = {
    "agents": {"counter": {"command": ["perl", "-e", COUNTER], "dialect": "acp"}},
    "policy": {"workspaces": "allow"},
    "docker": {"spares": {"count": 0}, "network": {"mode": "open"}},
}
SERVER = (sys.executable, "-m", "berth", "serve")
TOKEN = re.compile(r"<\d{6}>|\[[^\]]*\]")


class Desk:
    """One workspace with a state folder. ``session`` is the one session that it is about."""

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.folder = folder
        self.environment = {"XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder)}
        self.environment |= {"BERTH_SHARE": "0", "BERTH_RUNTIME_DIR": str(folder / "run")}
        self.environment |= {"DOCKER_HOST": address} if address else {}
        self.workspace = folder / f"w{secrets.token_hex(4)}"
        self.session = f"f{secrets.token_hex(4)}"
        self.settings: dict[str, Any] = {
            "agent": "counter",
            "docker": {"defaultImage": IMAGE, "login": "none"},
        }
        self.engine = docker.APIClient(address, version="auto") if address else docker.APIClient(**kwargs_from_env())
        self._stack = AsyncExitStack()
        self._editor: Editor | None = None

    @property
    def editor(self) -> Editor:
        assert self._editor is not None
        return self._editor

    async def open(self) -> Editor:
        """A new host, with an editor that says where it works."""
        self._editor = await self._stack.enter_async_context(self.another_editor())
        return self._editor

    @asynccontextmanager
    async def another_editor(self) -> AsyncIterator[Editor]:
        """One more editor: with a host of its own, but where hosts are shared."""
        async with open_editor(state=self.folder / "state", command=SERVER, environment=self.environment) as editor:
            options = {"berth": {"notifications": True, **self.settings}}
            folders = [{"uri": self.workspace.as_uri(), "name": "w"}]
            offered = {"capabilities": {}, "workspaceFolders": folders, "initializationOptions": options}
            await editor.request("initialize", offered, seconds=SECONDS)
            await editor.notify("initialized")
            yield editor

    async def move(self, **environment: str) -> None:
        """Goes on in another environment: with ``BERTH_SHARE="1"`` on a shared host, behind a relay."""
        await self.kill()
        self.environment |= environment
        await self.open()

    async def shared_host(self) -> int:
        """The process of the shared host."""
        return int((await to_thread.run_sync(self._shared_hosts))[0]["pid"])

    def _shared_hosts(self) -> list[dict[str, Any]]:
        place = find_place(os.environ | self.environment | {"BERTH_STATE_DIR": str(self.folder / "state")})
        return [dict(answer) for answer in ask_all(place, "status").values() if answer]

    async def kill(self) -> None:
        """SIGKILL, as sudden as it gets."""
        if self._editor is not None:
            with contextlib.suppress(ProcessLookupError):
                self._editor.process.send_signal(signal.SIGKILL)
            await self._editor.status()
        self._editor = None
        await self._stack.aclose()

    async def again(self) -> None:
        """Kills the host and opens another."""
        await self.kill()
        await self.open()

    async def command(self, name: str, **fields: Any) -> Any:
        """Carries out a command that must succeed, on a machine that may be overloaded."""
        params = {"command": name, "arguments": [{"session": self.session} | fields]}
        reply = await self.editor.request("workspace/executeCommand", params, seconds=SECONDS)
        assert "error" not in reply, reply
        return reply["result"]

    async def start(self, **fields: Any) -> None:
        await self.command("agent.start", workspaceFolder=str(self.workspace), **fields)

    async def prompt(self, text: str) -> None:
        await self.command("agent.prompt", text=text)

    def info(self) -> Message:
        """The newest that this editor was told of the session."""
        told = [message["params"] for message in self.editor.all("agent/session")]
        return next((info for info in reversed(told) if info["id"] == self.session), {})

    async def until(self, *states: str, also: Callable[[Message], object] = lambda _: True) -> Message:
        """Waits until the session is in one of these states."""
        await self.editor.until(lambda: self.info().get("state") in states and also(self.info()), seconds=SECONDS)
        return self.info()

    async def until_turns(self, count: int) -> None:
        """Waits until so many turns are over and the session idles."""
        await self.until("idle", also=lambda info: (info.get("turn") or {}).get("id") == f"t{count}")

    async def events(self) -> list[Message]:
        """Everything that the journal has."""
        found: list[Message] = []
        while True:
            answer = await self.command("agent.replay", **{"from": len(found) + 1})
            assert [event["seq"] for event in answer["events"]] == list(
                range(len(found) + 1, len(found) + 1 + len(answer["events"]))
            )
            found += answer["events"]
            if answer["complete"]:
                return found

    async def container(self) -> str:
        """The id of the session's container."""
        found = await to_thread.run_sync(
            lambda: self.engine.containers(all=True, filters={"label": f"dev.berth.session={self.session}"})
        )
        return str(found[0]["Id"])

    async def printed(self) -> list[str]:
        """What the agent said, by the container's own log."""
        container = await self.container()
        log = await to_thread.run_sync(lambda: self.engine.logs(container, stdout=True, stderr=False))
        frames = [json.loads(line) for line in log.decode().splitlines()]
        said = [frame["params"]["update"]["content"]["text"] for frame in frames if _is_chunk(frame)]
        return TOKEN.findall("".join(said))

    async def told(self) -> list[str]:
        """The same by the events."""
        deltas = [event["text"] for event in await self.events() if event["kind"] == "part.delta"]
        return TOKEN.findall("".join(deltas))

    async def count(self, account: Account, *, prompts: int) -> None:
        """Compares events and log, frame for frame, and prompts with what the agent took."""
        printed, told = await self.printed(), await self.told()
        account.compare(printed, told)
        turns = [event for event in await self.events() if event["kind"].startswith("turn.")]
        for number in range(1, prompts + 1):
            account.prompt(f"p{number}", printed.count(f"[took p{number}]"), turns)

    async def clear(self, account: Account) -> None:
        """Removes all sessions through Berth; whatever is left then is an orphan, and goes too."""
        try:
            await self._removed_by_berth()
        finally:
            await self.kill()
            orphans = Orphans(self.engine, self.folder / "state", self.workspace)
            account.orphans += await to_thread.run_sync(orphans.remove)

    async def _removed_by_berth(self) -> None:
        if self._editor is None:
            await self.open()
        sessions = await self.editor.request("workspace/executeCommand", {"command": "agent.list"}, seconds=SECONDS)
        for info in sessions["result"]:
            await self.command("agent.remove", session=info["id"], force=True)
        for host in await to_thread.run_sync(self._shared_hosts):
            os.kill(host["pid"], signal.SIGKILL)

    async def nothing_runs(self, account: Account) -> None:
        """Counts a container that still runs a while after its session has ended."""
        account.orphans += await to_thread.run_sync(self._running)

    async def runs(self) -> bool:
        """Whether a container of the session's runs."""
        return await to_thread.run_sync(self._count_running) > 0

    def _running(self) -> int:
        end = time.monotonic() + ENDING
        while (found := self._count_running()) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def _count_running(self) -> int:
        return len(self.engine.containers(filters={"label": f"dev.berth.session={self.session}"}))


@asynccontextmanager
async def open_desk(account: Account, address: str | None = None) -> AsyncIterator[Desk]:
    """A desk with a host; afterwards everything is gone, and what was not is counted.

    ``address`` is that of another engine than the usual one.
    """
    with tempfile.TemporaryDirectory(prefix="berth-faults-") as name:
        desk = Desk(Path(name), address)
        settings = desk.folder / "config" / "berth" / "settings.json"
        for folder in (desk.workspace, settings.parent):
            await anyio.Path(folder).mkdir(parents=True)
        await anyio.Path(settings).write_text(json.dumps(OWN_SETTINGS))
        try:
            await desk.open()
            yield desk
        finally:
            with contextlib.closing(desk.engine):
                await desk.clear(account)


def _is_chunk(frame: Message) -> bool:
    return frame.get("method") == "session/update"
