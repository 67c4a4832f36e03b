"""Sessions of plans without a container, for what no setting reaches quickly."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.agents.base import Prompt
from berth.planning.host_plan import HostSessionPlan, ProcessPlan
from berth.planning.plan import AgentPlan
from berth.protocol.events import Notice, TurnEnded
from berth.protocol.session import State
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import REASON, Stage, on_stage

pytestmark = pytest.mark.anyio

REPOSITORY = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "tests.fakes.agent_programs.acp_agent")


def host_plan(workspace: Path, *, asking_mode: str = "") -> HostSessionPlan:
    """A plan for the scripted agent as a plain process."""
    agent = AgentPlan("scripted", "Scripted agent", "acp", PROGRAM, (), 10.0, REASON, asking_mode=asking_mode)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    process = ProcessPlan(str(workspace), environment)
    return HostSessionPlan(workspace, None, process, agent, REASON, REASON, time_limit=None, time_reason=REASON)


@asynccontextmanager
async def staged(plan: HostSessionPlan, folder: Path) -> AsyncIterator[Stage]:
    async with FakeEngine() as engine, on_stage(engine, plan, folder / "state") as stage:
        yield stage
        with anyio.CancelScope(shield=True):
            await stage.session.remove()
        assert engine.calls == []


def is_in(stage: Stage, state: State) -> bool:
    return stage.session.info.state is state


async def test_the_time_limit_ends_it(tmp_path: Path) -> None:
    async with staged(replace(host_plan(tmp_path), time_limit=1.0), tmp_path) as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.STOPPED))
        assert stage.session.info.exit is not None
        assert "time limit of 1s" in stage.session.info.exit.reason


async def test_an_agent_that_starts_in_another_mode_is_made_to_ask_before_its_first_turn(tmp_path: Path) -> None:
    async with staged(host_plan(tmp_path, asking_mode="code"), tmp_path) as stage:
        stage.session.prompt(Prompt("say hello"))
        stage.session.begin()
        await stage.audience.until(lambda: stage.audience.bodies(TurnEnded))
        modes = [info.options[0].value for info in stage.audience.infos if info.options]
        assert (modes[0], modes[-1]) == ("ask", "code")
        changed = next(index for index, info in enumerate(stage.audience.infos) if info.options[:1] and info.turn)
        assert stage.audience.infos[changed].options[0].value in ("ask", "code")


async def test_an_agent_that_asks_already_is_left_alone(tmp_path: Path) -> None:
    async with staged(host_plan(tmp_path, asking_mode="ask"), tmp_path) as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.IDLE))
        assert len(stage.audience.bodies(Notice)) == 1


async def test_an_agent_without_the_asking_mode_is_told_of(tmp_path: Path) -> None:
    async with staged(host_plan(tmp_path, asking_mode="read-only"), tmp_path) as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.IDLE))
        warning = stage.audience.bodies(Notice)[-1]
        assert (warning.severity, "may act without asking" in warning.message) == ("warning", True)
