"""The health of a session's container: told where it is checked, and asked for nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.container_options import Health, LifeOptions
from berth.planning.plan import SessionPlan
from berth.protocol.container_events import HealthChanged
from berth.protocol.session import State
from berth.sessions import health
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.on_engine import SECONDS, Ground, begun, on_ground, until
from tests.sessions.sessions_on_fake import on_stage, session_plan

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ground]:
    monkeypatch.setattr(health, "PERIOD_SECONDS", 0.1)
    async with on_ground(tmp_path) as ground:
        yield ground


def checked(plan: SessionPlan, command: str) -> SessionPlan:
    life = LifeOptions(health=Health(command, interval=100_000_000, timeout=5_000_000_000, retries=1))
    options = replace(plan.container.options, life=life)
    return replace(plan, container=replace(plan.container, options=options))


@pytest.mark.engine
async def test_a_check_is_told_whenever_it_says_something_else(ground: Ground) -> None:
    plan = checked(ground.plan("while read -r line; do :; done"), f"test -e {ground.workspace}/well")
    async with begun(ground, plan) as stage:
        await stage.audience.until(lambda: stage.session.info.health == "unhealthy", SECONDS)
        (ground.workspace / "well").touch()
        await stage.audience.until(lambda: stage.session.info.health == "healthy", SECONDS)
        told = [event.health for event in stage.audience.bodies(HealthChanged)]
        assert told[-2:] == ["unhealthy", "healthy"]
        stage.session.stop()
        await until(stage, State.STOPPED)
        assert stage.session.info.health is None


async def test_nobody_asks_where_nothing_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PERIOD_SECONDS", 0.0)
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage,
    ):
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
        assert "inspect" not in [call for call, _ in engine.calls]
        assert stage.session.info.health is None
