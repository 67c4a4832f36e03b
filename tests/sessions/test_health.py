"""The health of a session's container: told where it is checked, and asked for nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.engine.base import ContainerFacts
from berth.planning.container_options import Health, LifeOptions
from berth.planning.plan import SessionPlan
from berth.protocol.container_events import HealthChanged
from berth.protocol.session import State
from berth.sessions import health
from berth.sessions.health import watched_health
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


async def test_an_answer_that_comes_after_the_end_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = checked(session_plan(tmp_path), "true")
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        on_stage(engine, plan, tmp_path / "s") as stage,
    ):
        asked, answered = anyio.Event(), anyio.Event()
        inspect = engine.inspect

        async def unwell_when_it_is_over(container: str) -> ContainerFacts | None:
            with anyio.CancelScope(shield=True):  # a thread goes on to its end
                asked.set()
                await answered.wait()
                facts = await inspect(container)
            return replace(facts, health="unhealthy") if facts else None

        record = stage.session.record
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
        monkeypatch.setattr(engine, "inspect", unwell_when_it_is_over)
        async with anyio.create_task_group() as tasks:
            with watched_health(tasks, engine, plan, record=record):
                await asked.wait()
            answered.set()
        assert record.info.health is None
        assert not stage.audience.bodies(HealthChanged)


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
