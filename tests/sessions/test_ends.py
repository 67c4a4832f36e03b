"""How sessions are ended: the rungs of the ladder, the idle limit, and a question of Berth's own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.agents.base import Answer, Prompt
from berth.errors import EngineError
from berth.planning.ends import Ends, Rungs
from berth.planning.plan import SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import StopStep
from berth.protocol.events import InputResolved, Notice, PartDelta, TurnEnded
from berth.protocol.session import InputRequest, Option, State
from berth.sessions.limits import idle
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.fakes.process import FakeProcess
from tests.sessions.audience import RememberingAudience, record_in
from tests.sessions.sessions_on_fake import Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio

QUESTION = InputRequest(request="own", title="Go on?", options=(Option(id="keep", name="Keep"),))


async def stubborn_acp(process: FakeProcess) -> int:
    """The scripted agent that takes every signal but SIGKILL and does nothing about it."""
    process.handled |= {"SIGINT", "SIGTERM"}
    return await scripted_acp(process)


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    async with FakeEngine(programs={"scripted": stubborn_acp}) as engine:
        yield engine


def quick(plan: SessionPlan, rungs: Rungs) -> SessionPlan:
    return replace(plan, ends=Ends(rungs=rungs))


def steps(stage: Stage) -> list[tuple[str, str]]:
    return [(step.step, step.outcome) for step in stage.audience.bodies(StopStep)]


async def until(stage: Stage, state: State) -> None:
    await stage.audience.until(lambda: stage.session.info.state is state)


async def test_every_rung_of_the_plan_is_walked_and_told(engine: FakeEngine, tmp_path: Path) -> None:
    plan = quick(session_plan(tmp_path), Rungs(0.05, 0.05, 0.05, 5.0))
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.prompt(Prompt("say hello\nhang"))
        stage.session.begin()
        await stage.audience.until(lambda: stage.audience.bodies(PartDelta))
        stage.session.stop()
        await until(stage, State.STOPPED)
        left = "still-running"
        assert steps(stage) == [("cancel", left), ("SIGINT", left), ("SIGTERM", left), ("SIGKILL", "ended")]
        assert (await stage.session.logs(100)) != ""


async def test_a_rung_without_a_wait_is_passed_at_once(engine: FakeEngine, tmp_path: Path) -> None:
    plan = quick(session_plan(tmp_path), Rungs(0, 0, 0, 5.0))
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await until(stage, State.IDLE)
        before = anyio.current_time()
        stage.session.stop()
        await until(stage, State.STOPPED)
        assert anyio.current_time() - before < 2.0
        assert steps(stage)[-1] == ("SIGKILL", "ended")


async def test_a_grace_of_the_request_goes_before_the_plans(engine: FakeEngine, tmp_path: Path) -> None:
    plan = quick(session_plan(tmp_path), Rungs(600, 600, 600, 600))
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await until(stage, State.IDLE)
        stage.session.stop(0.05)
        await until(stage, State.STOPPED)
        assert [step for step, _ in steps(stage)] == ["SIGINT", "SIGTERM", "SIGKILL"]


async def test_an_engine_that_signals_nothing_is_told_at_every_rung(engine: FakeEngine, tmp_path: Path) -> None:
    plan = quick(session_plan(tmp_path), Rungs(0.01, 0.01, 0.01, 0.01))
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await until(stage, State.IDLE)
        engine.failures["signal"] = EngineError("engine-busy", "The engine hangs.")
        stage.session.stop()
        await until(stage, State.STOPPED)
        assert [outcome for _, outcome in steps(stage)] == ["failed"] * 3
        last = stage.audience.events[-1].json.decode()
        assert "The engine did not end the agent" in last


def idling(plan: SessionPlan, seconds: float) -> SessionPlan:
    container = replace(plan.container, limits=replace(plan.container.limits, idle=seconds))
    return replace(plan, container=container, ends=Ends(rungs=Rungs(0, 0, 0, 5.0)))


async def test_an_idle_session_is_warned_and_stopped_with_the_reason(engine: FakeEngine, tmp_path: Path) -> None:
    async with on_stage(engine, idling(session_plan(tmp_path), 0.5), tmp_path / "state") as stage:
        stage.session.begin()
        await until(stage, State.STOPPED)
        [notice] = stage.audience.bodies(Notice)
        assert notice.message.startswith("The session is idle and will be stopped in 0.1s")
        assert stage.session.info.error is None
        assert stage.session.info.exit is not None
        assert "idle limit of 0.5s" in stage.session.info.exit.reason


async def test_a_turn_and_an_open_question_are_not_idle(engine: FakeEngine, tmp_path: Path) -> None:
    async with on_stage(engine, idling(session_plan(tmp_path), 0.3), tmp_path / "state") as stage:
        stage.session.prompt(Prompt("slow 30\nask permission"))
        stage.session.begin()
        await until(stage, State.WAITING)
        with anyio.move_on_after(0.6):
            await stage.session.record.moved.wait()
        assert stage.session.info.state is State.WAITING
        [question] = stage.session.info.input_needed
        stage.session.respond(RespondArguments(session="s1", request=question.request, option="allow_once"), by="me")
        await until(stage, State.STOPPED)
        assert stage.audience.bodies(TurnEnded)[0].state == "complete"


async def test_the_idle_clock_begins_anew_with_every_turn(tmp_path: Path) -> None:
    audience = RememberingAudience()
    record = record_in(tmp_path, audience)
    for state in (State.STARTING, State.IDLE):
        record.enter(state)
    over = anyio.Event()

    async def watch() -> None:
        await idle(record, 1.0)
        over.set()

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            await audience.until(lambda: audience.bodies(Notice))
            record.enter(State.WORKING)
            record.enter(State.IDLE)
            began = anyio.current_time()
            await over.wait()
            assert anyio.current_time() - began >= 0.99


async def test_a_question_of_berths_own_outlives_the_turn_and_is_not_for_the_agent(
    engine: FakeEngine, tmp_path: Path
) -> None:
    async with on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage:
        stage.session.begin()
        await until(stage, State.IDLE)
        answers: list[Answer] = []
        stage.session.ask(QUESTION, answers.append)
        assert stage.session.info.state is State.WAITING
        stage.session.prompt(Prompt("say hello"))
        await stage.audience.until(lambda: stage.audience.bodies(TurnEnded))
        assert [question.request for question in stage.session.info.input_needed] == ["own"]
        stage.session.respond(RespondArguments(session="s1", request="own", option="keep"), by="me")
        assert answers[0].option is not None
        assert answers[0].option.id == "keep"
        await until(stage, State.IDLE)
        assert [body.by for body in stage.audience.bodies(InputResolved)] == ["me"]
