"""Ceilings that a session passes: it is paused and asked about, and a person lets it go on or ends it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from berth.agents.base import Prompt
from berth.engine.pressure import Room
from berth.errors import EngineError
from berth.planning.plan import SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import CeilingPassed, ContainerState
from berth.protocol.session import InputRequest, State
from berth.sessions.ceilings.disks import Disks
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine, FakeProcess
from tests.sessions.sessions_on_fake import Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio

MIB = 2**20


async def talker(process: FakeProcess) -> int:
    """Prints as many bytes as it is asked for."""
    while line := await process.stdin.read_line():
        process.print("x" * int(line or 0) + "\n")
    return 0


def talking(workspace: Path) -> SessionPlan:
    plan = session_plan(workspace)
    limits = replace(plan.container.limits, output=MIB, keep_free=1000)
    agent = replace(plan.agent, dialect="lines", argv=("talker",))
    return replace(plan, agent=agent, container=replace(plan.container, limits=limits))


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    async with FakeEngine(programs={"talker": talker}) as made:
        yield made


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeEngine) -> AsyncIterator[Stage]:
    async with on_stage(engine, talking(tmp_path), tmp_path / "state") as made:
        made.session.begin()
        await made.audience.until(lambda: made.session.info.state is State.IDLE)
        yield made


async def asked(stage: Stage) -> InputRequest:
    await stage.audience.until(lambda: stage.session.info.input_needed)
    [question] = stage.session.info.input_needed
    assert question.purpose == "ceiling"
    return question


def answer(stage: Stage, question: InputRequest, option: str) -> None:
    arguments = RespondArguments(session="s1", request=question.request, option=option)
    stage.session.respond(arguments, by="a person")


def flood(stage: Stage) -> None:
    stage.session.prompt(Prompt(str(4 * MIB)))


def statuses(stage: Stage) -> list[str]:
    return [body.status for body in stage.audience.bodies(ContainerState)]


async def test_who_prints_too_much_stands_still_and_a_person_is_asked(stage: Stage, engine: FakeEngine) -> None:
    flood(stage)
    question = await asked(stage)
    assert question.title.startswith("The agent printed faster than 1 MiB a second")
    assert [option.id for option in question.options] == ["stop", "go-on"]
    assert statuses(stage)[-1] == "paused"
    assert engine.container(str(stage.session.info.container)).status == "paused"
    assert (stage.session.info.state, [body.ceiling for body in stage.audience.bodies(CeilingPassed)]) == (
        State.WAITING,
        ["output"],
    )


async def test_a_person_lets_it_go_on(stage: Stage) -> None:
    flood(stage)
    answer(stage, await asked(stage), "go-on")
    await stage.audience.until(lambda: statuses(stage)[-1] == "unpaused")
    assert stage.session.info.state is not State.WAITING
    stage.session.prompt(Prompt("3"))
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)


async def test_it_is_told_again_when_it_goes_on_like_that(stage: Stage) -> None:
    flood(stage)
    first = await asked(stage)
    answer(stage, first, "go-on")
    await stage.audience.until(lambda: statuses(stage)[-1] == "unpaused")
    flood(stage)
    assert (await asked(stage)).request != first.request


async def test_a_person_ends_it(stage: Stage) -> None:
    flood(stage)
    answer(stage, await asked(stage), "stop")
    await stage.audience.until(lambda: stage.session.info.state is State.STOPPED)
    ended = stage.session.info.exit
    assert ended is not None
    assert "a person chose to stop it" in ended.reason


async def test_what_is_paused_can_be_stopped_as_ever_and_is_not_given_time(stage: Stage, engine: FakeEngine) -> None:
    flood(stage)
    await asked(stage)
    stage.session.stop(60.0)
    await stage.audience.until(lambda: stage.session.info.state is State.STOPPED, 5)
    assert next(signal for call, signal in engine.calls if call == "signal") == "SIGINT"
    assert stage.session.info.input_needed == ()


async def test_what_is_paused_can_be_restarted(stage: Stage) -> None:
    flood(stage)
    await asked(stage)
    stage.session.restart()
    await stage.audience.until(lambda: stage.session.info.state is State.STARTING)
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
    assert stage.session.info.input_needed == ()


async def test_a_disk_that_runs_full_stops_who_works(stage: Stage, engine: FakeEngine, tmp_path: Path) -> None:
    engine.room[str(tmp_path)] = Room(free=999, total=10_000)
    question = await asked(stage)
    assert question.title.startswith(f"Less than 1000 bytes is free on the disk of {tmp_path}")


async def test_a_session_whose_agent_waits_for_a_prompt_is_not_paused_for_a_full_disk(tmp_path: Path) -> None:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage,
    ):
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
        engine.room[str(tmp_path)] = Room(free=999, total=10_000)
        await engine.looked(3)
        assert stage.session.info.input_needed == ()


async def test_who_wants_more_processes_than_it_may_have_stands_still(stage: Stage, engine: FakeEngine) -> None:
    engine.refused += 1
    question = await asked(stage)
    assert question.title.startswith("The session has all of the 100 processes that it may have")


async def test_after_a_yes_refused_processes_are_not_told_for_a_while(stage: Stage, engine: FakeEngine) -> None:
    engine.refused += 1
    answer(stage, await asked(stage), "go-on")
    await stage.audience.until(lambda: statuses(stage)[-1] == "unpaused")
    engine.refused += 1
    await engine.looked(3)
    assert len(stage.audience.bodies(CeilingPassed)) == 1


async def test_an_engine_that_cannot_pause_is_no_end_of_the_session(stage: Stage, engine: FakeEngine) -> None:
    engine.failures["pause"] = EngineError("unsupported", "No.", "No.")
    flood(stage)
    await engine.looked(5)
    assert ("pause", stage.session.housing.container) in engine.calls
    assert stage.session.info.input_needed == ()
    stage.session.prompt(Prompt("3"))
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)


def test_a_disk_that_was_full_before_is_not_this_sessions_doing() -> None:
    disks = Disks(keep_free=100)
    assert not disks.runs_full("/x", Room(free=1, total=10_000))
    assert not disks.runs_full("/x", Room(free=200, total=10_000))
    assert disks.runs_full("/x", Room(free=99, total=10_000))
    assert not disks.runs_full("/x", Room(free=98, total=10_000))


def test_of_a_small_disk_a_tenth_stays_free() -> None:
    disks = Disks(keep_free=100)
    assert not disks.runs_full("/x", Room(free=20, total=100))
    assert not disks.runs_full("/x", Room(free=11, total=100))
    assert disks.runs_full("/x", Room(free=9, total=100))
