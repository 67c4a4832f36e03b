"""A host on the real engine with one editor: what tests of whole sessions share."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio

from berth.engine.docker.engine import DockerEngine
from berth.host.commands import Commands
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.planning.image_plan import BUILD_LABEL
from berth.planning.labels import EGRESS_LABEL
from berth.protocol.commands import StartArguments
from berth.protocol.events import PartDelta
from berth.protocol.session import State
from berth.sessions.egress.containers import egress_name
from tests.host.test_host import Editor

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
"""Anything with ``sh``."""

BASE = os.environ.get("BERTH_BASE_IMAGE", IMAGE)
"""What Berth's own images are built on."""

BRIDGE = {"mode": "open"}
"""``docker.network`` of tests that are about something else, and whose containers are on the engine's bridge."""


class RealHouse:
    """The host, its commands and the editor. ``folder`` holds the workspace, the state and the user's HOME."""

    def __init__(self, host: Host, folder: Path, settings: dict[str, Any]) -> None:
        self.host = host
        self.folder = folder
        self.workspace = folder / "workspace"
        self.commands = Commands(host)
        self.editor = Editor(self.workspace)
        self.editor.environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "BERTH_BASE_IMAGE": BASE}
        self.editor.settings = settings
        self._dockerfiles: set[str] = set()
        host.attach(self.editor)

    def said(self) -> str:
        """All that agents printed."""
        return "".join(part.text for part in self.editor.bodies(PartDelta))

    async def start(self, **fields: Any) -> str:
        """Starts a session, and answers its id at once."""
        name = (await self.commands.start(self.editor, StartArguments.model_validate(fields))).id
        plan = self.host.session(name).plan
        if plan.mode == "container" and plan.image.recipe is not None and plan.image.recipe.boundary is not None:
            self._dockerfiles.add(plan.image.recipe.labels[BUILD_LABEL])
        return name

    async def is_up(self, session: str) -> None:
        """Waits until a session's agent is ready."""
        await self.editor.until(lambda: self.host.info(session).state is State.IDLE, seconds=60)

    async def clear(self) -> None:
        """Leaves no session, no volume of one, and no image of its Dockerfile."""
        sessions = self.host.sessions()
        plans = [session.plan for session in sessions if session.plan.mode == "container"]
        mounts = [mount for plan in plans for mount in plan.container.mounts]
        for session in sessions:
            await self.host.remove(session)
        await self.host.spares.clear()
        await self.clear_ways_out()
        for volume in {mount.source for mount in mounts if mount.type == "volume"}:
            await self.host.engine.remove_volume(volume)
        for label in self._dockerfiles:
            for image in await self.host.engine.images({BUILD_LABEL: label}):
                await self.host.engine.remove_image(image.tags[0] if image.tags else image.digest)

    async def clear_ways_out(self) -> None:
        """Leaves no holder that was kept ready, and no proxy of this house, of whatever image."""
        await self.host.ways.aclose()
        for name in await self.proxies():
            await self.host.engine.remove(name)
            await self.host.engine.remove_volume(name)

    async def proxies(self) -> list[str]:
        """The names of this house's proxies."""
        found = await self.host.engine.containers({EGRESS_LABEL: "proxy"})
        return [facts.name for facts in found if facts.name == egress_name(str(self.host.folder.root), facts.image)]


@asynccontextmanager
async def real_house(folder: Path, settings: dict[str, Any]) -> AsyncIterator[RealHouse]:
    """A house for one test; whatever happens, it is cleared afterwards."""
    state = StateFolder(folder / "state")
    for path in (folder / "workspace", state.sessions, state.accounts, state.trust, state.modes):
        path.mkdir(parents=True, exist_ok=True)
    async with open_host(lambda: DockerEngine(os.environ), state) as host:
        house = RealHouse(host, folder, settings)
        try:
            yield house
        finally:
            with anyio.CancelScope(shield=True):
                await house.clear()
