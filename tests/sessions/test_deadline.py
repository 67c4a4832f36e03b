"""The time limit of a session."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.planning.plan import SessionPlan
from berth.protocol.events import StateChanged
from berth.protocol.session import State
from berth.sessions.deadline import deadline
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import on_stage, session_plan

pytestmark = pytest.mark.anyio

REACHED = "The session's time limit of 2s was reached."


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        yield engine


def limited(plan: SessionPlan, seconds: float) -> SessionPlan:
    return replace(plan, container=replace(plan.container, limits=replace(plan.container.limits, time=seconds)))


async def test_a_session_is_stopped_with_the_reason_when_its_time_is_up(engine: FakeEngine, tmp_path: Path) -> None:
    async with on_stage(engine, limited(session_plan(tmp_path), 2), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
        await stage.audience.until(lambda: stage.session.info.state is State.STOPPED)
        changes = {change.to: change for change in stage.audience.bodies(StateChanged)}
        assert changes[State.STOPPING].why == REACHED
        assert stage.session.info.error is None
        assert stage.session.info.exit is not None
        assert stage.session.info.exit.reason == REACHED


async def test_a_person_who_stops_a_session_is_no_time_limit(engine: FakeEngine, tmp_path: Path) -> None:
    async with on_stage(engine, limited(session_plan(tmp_path), 3600), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
        stage.session.stop(1.0)
        await stage.audience.until(lambda: stage.session.info.state is State.STOPPED)
        assert "time limit" not in "".join(change.why for change in stage.audience.bodies(StateChanged))


async def test_a_deadline_calls_when_the_time_has_passed() -> None:
    called = anyio.Event()
    async with anyio.create_task_group() as tasks:
        with deadline(tasks, 0.01, called.set), anyio.fail_after(5):
            await called.wait()


@pytest.mark.parametrize("seconds", [0.01, 3600, None])
async def test_a_deadline_does_nothing_once_its_block_has_ended(seconds: float | None) -> None:
    called = anyio.Event()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            with deadline(tasks, seconds, called.set):
                pass
    assert not called.is_set()
