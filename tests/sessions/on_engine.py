"""Sessions of shell scripts on the real engine, for what no fake can show."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import docker

from berth.engine.base import LABEL
from berth.engine.docker import DockerEngine
from berth.planning.ends import Ends, Rungs
from berth.planning.plan import ContainerPlan, Limits, Mount, SessionPlan, Tmpfs
from berth.protocol.session import State
from tests.sessions.sessions_on_fake import Stage, on_stage, session_plan

IMAGE = os.environ.get("BERTH_TEST_IMAGE", "berth-base:bookworm")
SECONDS = 60.0


@dataclass
class Ground:
    """A real engine, and a mark on everything that is made with it."""

    engine: DockerEngine
    labels: dict[str, str]
    workspace: Path

    def plan(self, script: str, *, memory: int = 256 * 2**20, rungs: Rungs | None = None) -> SessionPlan:
        """A session whose agent is a shell script without a protocol."""
        plan = session_plan(self.workspace, image=IMAGE)
        agent = replace(plan.agent, title="The script", dialect="lines", argv=("/bin/sh", "-c", script))
        changed = replace(plan, agent=agent, container=self._container(plan, memory))
        return replace(changed, ends=Ends(rungs=rungs or Rungs(0.5, 0.5, 0.5, 10.0)))

    def _container(self, plan: SessionPlan, memory: int) -> ContainerPlan:
        user = replace(plan.container.user, uid=os.getuid(), gid=os.getgid())
        return replace(
            plan.container,
            user=user,
            labels={**plan.container.labels, **self.labels},
            limits=Limits(memory, 1, 100),
            tmpfs=(Tmpfs("/tmp", 2**20),),
        )

    def with_volume(self, plan: SessionPlan, target: str) -> SessionPlan:
        name = f"berth-test-{next(iter(self.labels.values()))}"
        mount = Mount("volume", name, target, read_only=False, reason=plan.image.reason)
        return replace(plan, container=replace(plan.container, mounts=(*plan.container.mounts, mount)))


@asynccontextmanager
async def on_ground(folder: Path) -> AsyncIterator[Ground]:
    """Ground to start sessions on; what is left of them goes with the block."""
    workspace = folder / "workspace"
    await anyio.Path(workspace).mkdir()
    engine = DockerEngine()
    ground = Ground(engine, {f"{LABEL}.test": secrets.token_hex(6)}, workspace)
    try:
        yield ground
    finally:
        with anyio.CancelScope(shield=True):
            for container in await engine.containers(ground.labels):
                await engine.remove(container.id)
            with contextlib.suppress(Exception):
                await engine.remove_volume(f"berth-test-{next(iter(ground.labels.values()))}")
            await engine.aclose()


@asynccontextmanager
async def begun(ground: Ground, plan: SessionPlan, state: State = State.IDLE) -> AsyncIterator[Stage]:
    """A session that has come so far."""
    async with on_stage(ground.engine, plan, ground.workspace.parent / "state") as stage:
        stage.session.begin()
        await until(stage, state)
        yield stage


async def until(stage: Stage, state: State) -> None:
    await stage.audience.until(lambda: stage.session.info.state is state, SECONDS)


def docker_client() -> docker.DockerClient:
    """Whoever meddles from outside."""
    return docker.from_env(version="auto")
