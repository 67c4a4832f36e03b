"""Sessions on the FakeEngine with the scripted ACP agent."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from berth.engine.base import Engine
from berth.engine.process.processes import open_processes
from berth.planning.host_plan import AnyPlan
from berth.planning.image_plan import BuildRecipe, ImagePlan
from berth.planning.plan import AgentPlan, ContainerPlan, Limits, Mount, SessionPlan, User, Variable
from berth.planning.reason import Reason
from berth.protocol.session import SessionInfo
from berth.sessions.agent_question import KnownLacks
from berth.sessions.checked_images import CheckedImages
from berth.sessions.fitness import Fitness
from berth.sessions.images import Images
from berth.sessions.means import Means
from berth.sessions.record import Record, now
from berth.sessions.session import Session
from berth.sessions.writer import Writer
from tests.sessions.allowed import RememberedAllowance
from tests.sessions.audience import RememberingAudience

REASON = Reason("test")
SECRET = "sk-never-to-be-seen"


def session_plan(workspace: Path, *, flags: Sequence[str] = (), image: str = "berth-test") -> SessionPlan:
    """A plan for the scripted agent. The image ``berth/agent:test`` is one that Berth builds."""
    user = User(1000, 1000, "agent", "/home/agent", None, REASON)
    recipe = BuildRecipe(workspace, "Dockerfile", {}, image) if image == "berth/agent:test" else None
    container = ContainerPlan(
        image=image,
        user=user,
        workdir=str(workspace),
        mounts=(Mount("bind", str(workspace), str(workspace), read_only=False, reason=REASON),),
        tmpfs=(),
        limits=Limits(2**30, 1, 100),
        hostname="berth",
        extra_hosts={},
        labels={"dev.berth": "1"},
    )
    agent = AgentPlan(
        name="scripted",
        title="Scripted agent",
        dialect="acp",
        argv=("scripted", *flags),
        environment=(Variable("SCRIPTED_API_KEY", SECRET, REASON),),
        handshake_timeout=0.5 if "--silent" in flags else 10.0,
        reason=REASON,
    )
    return SessionPlan(workspace, None, "container", ImagePlan(image, recipe, "auto", REASON), container, agent)


@dataclass
class Stage:
    """A session and who listens to it."""

    session: Session
    audience: RememberingAudience


@asynccontextmanager
async def on_stage(
    engine: Engine, plan: AnyPlan, folder: Path, allowed: RememberedAllowance | None = None
) -> AsyncIterator[Stage]:
    """A session of this plan, not yet begun; the host's tasks end with the block."""
    audience = RememberingAudience()
    await anyio.Path(folder).mkdir(exist_ok=True)
    info = SessionInfo(
        id="s1", name="test", workspace_folder=str(plan.workspace), agent=plan.agent.name, started_at=now()
    )
    writer = Writer()
    async with open_processes(folder) as processes, anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        record = Record(info, folder, writer=writer, audience=audience)
        fitness = Fitness(engine, CheckedImages(folder / "checked-images.json"))
        allowance = allowed or RememberedAllowance()
        means = Means(engine, Images(engine), processes, tasks, allowance, fitness, KnownLacks())
        yield Stage(Session(record, plan, means), audience)
        tasks.cancel_scope.cancel()
