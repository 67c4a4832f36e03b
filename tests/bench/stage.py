"""What the benchmarks with real containers share: settings, a workspace, and a plan carried out by hand."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from berth.engine.docker.engine import DockerEngine
from berth.engine.docker.render import render
from berth.engine.launcher import launch_command
from berth.host.findings import Finding
from berth.host.modes import Modes
from berth.host.places import StateFolder
from berth.host.planner import Planner
from berth.planning.plan import SessionPlan
from berth.protocol.housekeeping import SessionStats
from berth.protocol.plans import PlanArguments
from berth.protocol.session import SessionInfo
from berth.sessions import mount_points
from berth.sessions.first_payload import first_payload
from berth.sessions.life import begun
from berth.sessions.published import Published
from tests.bench.absent import Absent
from tests.bench.programs import AGENTS
from tests.bench.raw_engine import RawConnection, RawEngine

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
"""Anything with ``sh`` and ``perl``."""


def settings(agent: str) -> dict[str, Any]:
    return {"agent": agent, "agents": AGENTS, "docker": {"defaultImage": IMAGE}}


class Listener:
    """A connection in this process, which has settings and passes events on."""

    name = "bench"
    asks = False
    environment: Mapping[str, str] = os.environ

    def __init__(self, workspace: Path, agent: str) -> None:
        self._workspace = workspace
        self._agent = agent
        self.events: asyncio.Queue[tuple[str, Published]] = asyncio.Queue()

    def folders(self) -> tuple[Path, ...]:
        return (self._workspace,)

    async def configuration(self, folder: Path) -> object:
        assert folder == self._workspace
        return settings(self._agent)

    def document(self, uri: str) -> str | None:
        raise AssertionError(uri)

    async def edit_document(self, uri: str, *, before: str, after: str) -> bool:
        raise AssertionError(uri, before, after)

    def excerpt(self, text: str, *, start: tuple[int, int], end: tuple[int, int]) -> str:
        raise AssertionError(text, start, end)

    def diagnostics(self, uri: str) -> str:
        raise AssertionError(uri)

    def problems(self, folder: Path, findings: Sequence[Finding]) -> None:
        """Nothing."""

    def watch(self, folder: Path, files: Collection[Path]) -> None:
        """Nothing."""

    async def show_document(self, session: str, path: Path) -> str:
        raise AssertionError(session, path)

    def changed(self, info: SessionInfo) -> None:
        """Nothing."""

    def happened(self, session: str, event: Published) -> None:
        self.events.put_nowait((session, event))

    def measured(self, stats: SessionStats) -> None:
        """Nothing."""

    def removed(self, session: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Stage:
    """Where it all happens. ``raw`` is the engine spoken to by hand; ``volumes`` what it may have made unasked."""

    folder: Path
    workspace: Path
    raw: RawEngine
    engine: DockerEngine
    volumes: set[str] = field(default_factory=set)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    async def plan(self, agent: str) -> SessionPlan:
        """What Berth itself would run."""
        os.environ["BERTH_STATE_DIR"] = str(self.state)
        planner = Planner(self.engine, StateFolder.of_user(), Modes(StateFolder.of_user().modes))
        plan = await planner.plan(Listener(self.workspace, agent), PlanArguments(), session=secrets.token_hex(4))
        assert isinstance(plan, SessionPlan)
        self.volumes.update(mount.source for mount in plan.container.mounts if mount.type == "volume")
        await mount_points.make(plan)
        for point in plan.mount_points:  # not empty: they stay when a session of Berth's beside the raw ones ends
            await anyio.Path(point.path / ".keep").touch()
        return plan


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """A workspace and a state folder; every container and volume of that workspace is gone after the block."""
    raw = RawEngine()
    images = await raw.call("GET", "/images/json")
    if not any(IMAGE in (image["RepoTags"] or ()) for image in images):
        raise Absent(f"the image {IMAGE} is not there; name one with sh and perl in BERTH_TEST_IMAGE")
    with tempfile.TemporaryDirectory(prefix="berth-bench-") as name:
        folder = Path(name)
        workspace = folder / "workspace"
        workspace.mkdir()
        stage = Stage(folder, workspace, raw, DockerEngine())
        try:
            yield stage
        finally:
            await _clean(stage)
            await stage.engine.aclose()


async def _clean(stage: Stage) -> None:
    for container in await stage.raw.call("GET", "/containers/json?all=1"):
        if container["Labels"].get("dev.berth.workspace") == str(stage.workspace):
            await stage.raw.remove(container["Id"])
    for volume in (await stage.raw.call("GET", "/volumes"))["Volumes"] or ():
        ours = (volume["Labels"] or {}).get("dev.berth.workspace") == str(stage.workspace)
        if ours or volume["Name"] in stage.volumes:
            await stage.raw.call("DELETE", f"/volumes/{volume['Name']}")


@dataclass(frozen=True)
class RawSession:
    """A plan carried out with nothing but the Engine API."""

    container: str
    wire: RawConnection


def body_of(plan: SessionPlan) -> dict[str, Any]:
    """The very create call that Berth makes of this plan."""
    return render(plan.container, launch_command())


def payload_of(plan: SessionPlan) -> bytes:
    """The very payload, with all that the launcher tries before it becomes the agent."""
    return first_payload(plan, begun(plan, "", "", None))


async def run_raw(
    raw: RawEngine, body: dict[str, Any], payload: bytes, *, streams: Sequence[str] = ("stdin", "stdout", "stderr")
) -> RawSession:
    """Create, attach, start, write: the shortest way there is."""
    name = f"berth-bench-{secrets.token_hex(6)}"
    container = (await raw.call("POST", f"/containers/create?name={name}", body=body))["Id"]
    wire = await raw.attach(container, streams=streams)
    await raw.call("POST", f"/containers/{container}/start")
    wire.writer.write(payload)
    return RawSession(container, wire)
