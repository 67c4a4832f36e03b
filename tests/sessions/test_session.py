"""One session from its start to its removal, on the FakeEngine with the scripted agent."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from berth.agents.base import Prompt
from berth.engine.base import BuildStep
from berth.errors import EngineError, ImageError, SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import ContainerState, ImageProgress, StopStep
from berth.protocol.events import InputResolved, Noise, PartDelta, TurnEnded, TurnStarted
from berth.protocol.session import State
from berth.protocol.workspace_events import FilesChanged
from berth.sessions import life
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import SECRET, Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        yield engine


@pytest.fixture
async def stage(engine: FakeEngine, tmp_path: Path) -> AsyncIterator[Stage]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    async with on_stage(engine, session_plan(workspace), tmp_path / "state") as stage:
        yield stage


def is_in(stage: Stage, state: State) -> bool:
    return stage.session.info.state is state


def ended_turns(stage: Stage) -> list[TurnEnded]:
    return stage.audience.bodies(TurnEnded)


async def test_a_session_starts_takes_a_prompt_and_idles(stage: Stage) -> None:
    stage.session.prompt(Prompt("say hello"))
    stage.session.begin()
    await stage.audience.until(lambda: ended_turns(stage))
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    assert stage.audience.states() == [State.PLANNED, State.STARTING, State.IDLE, State.WORKING, State.IDLE]
    assert ended_turns(stage)[0].state == "complete"


async def test_events_are_numbered_without_gaps_and_know_their_turn(stage: Stage) -> None:
    stage.session.prompt(Prompt("say hello"))
    stage.session.begin()
    await stage.audience.until(lambda: ended_turns(stage))
    assert [event.seq for event in stage.audience.events] == list(range(1, len(stage.audience.events) + 1))
    assert {event.turn for event in stage.audience.events} == {None, "t1"}


async def test_a_permission_is_asked_answered_and_the_file_written(stage: Stage) -> None:
    session = stage.session
    session.prompt(Prompt("write hello.txt hi there"))
    session.begin()
    await stage.audience.until(lambda: session.info.input_needed)
    assert session.info.state is State.WAITING
    asked = session.info.input_needed[0]
    session.respond(RespondArguments(session="s1", request=asked.request, option="allow_once"), by="a test")
    await stage.audience.until(lambda: ended_turns(stage))
    file = session.plan.workspace / "hello.txt"
    assert "hi there" in file.read_text()
    assert stage.audience.bodies(FilesChanged)[0].paths == (str(file),)
    assert stage.audience.bodies(InputResolved)[0].by == "a test"


async def test_prompts_are_queued_and_taken_one_after_the_other(stage: Stage) -> None:
    assert stage.session.prompt(Prompt("slow 3")) == ("t1", 0)
    assert stage.session.prompt(Prompt("say two")) == ("t2", 1)
    stage.session.begin()
    await stage.audience.until(lambda: len(ended_turns(stage)) == 2)
    turns = [event.turn for event in stage.audience.events if isinstance(event.body, TurnStarted | TurnEnded)]
    assert turns == ["t1", "t1", "t2", "t2"]


async def test_a_cancelled_turn_ends_as_cancelled_and_the_session_goes_on(stage: Stage) -> None:
    stage.session.prompt(Prompt("wait for cancel"))
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.WORKING))
    stage.session.cancel()
    await stage.audience.until(lambda: ended_turns(stage))
    assert ended_turns(stage)[0].state == "cancelled"
    stage.session.prompt(Prompt("say again"))
    await stage.audience.until(lambda: len(ended_turns(stage)) == 2)


async def test_a_turn_cancelled_in_mid_sentence_ends_as_cancelled(stage: Stage) -> None:
    stage.session.prompt(Prompt("wait for cancel"))
    stage.session.begin()
    await stage.audience.until(lambda: stage.audience.bodies(PartDelta))
    stage.session.cancel()
    await stage.audience.until(lambda: ended_turns(stage))
    assert ended_turns(stage)[0].state == "cancelled"


async def test_cancelling_answers_an_open_question_as_cancelled(stage: Stage) -> None:
    stage.session.prompt(Prompt("ask permission"))
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.WAITING))
    stage.session.cancel()
    await stage.audience.until(lambda: ended_turns(stage))
    resolved = stage.audience.bodies(InputResolved)
    assert [(one.option, one.automatic) for one in resolved] == [(None, True)]


async def test_cancelling_without_a_turn_is_refused(stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    with pytest.raises(SessionError) as caught:
        stage.session.cancel()
    assert caught.value.kind == "wrong-state"


async def test_a_crash_in_mid_turn_fails_turn_and_session_with_the_reason(stage: Stage) -> None:
    stage.session.prompt(Prompt("crash 3"))
    stage.session.prompt(Prompt("never sent"))
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.FAILED))
    error = stage.session.info.error
    assert error is not None
    assert error.kind == "agent-exited"
    assert "3" in error.message
    assert [turn.state for turn in ended_turns(stage)] == ["error", "error"]


async def test_an_end_is_seen_though_the_log_does_not_end(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "LOG_GRACE_SECONDS", 0.05)
    engine.stuck_logs = 1
    stage.session.prompt(Prompt("crash 3"))
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.FAILED))
    assert engine.stuck_logs == 0


async def test_a_silent_agent_is_given_up_and_its_container_ended(engine: FakeEngine, tmp_path: Path) -> None:
    async with on_stage(engine, session_plan(tmp_path, flags=["--silent"]), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.FAILED))
        assert stage.session.info.error is not None
        assert stage.session.info.error.kind == "agent-silent"
        assert not [found for found in await engine.containers({}) if found.status == "running"]


async def test_a_missing_agent_program_is_named(engine: FakeEngine, tmp_path: Path) -> None:
    engine.programs.clear()
    async with on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.FAILED))
        assert stage.session.info.error is not None
        assert stage.session.info.error.kind == "agent-missing"


async def test_a_workspace_that_cannot_be_written_is_told_before_the_agent_runs(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.unwritable.add(str(tmp_path))
    async with on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.FAILED))
        assert stage.session.info.error is not None
        assert stage.session.info.error.kind == "workspace-not-writable"


async def test_an_engine_that_is_away_fails_the_session_in_one_sentence(engine: FakeEngine, stage: Stage) -> None:
    engine.failures["create"] = EngineError("engine-unreachable", "Docker does not answer.", "Start it.")
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.FAILED))
    assert stage.session.info.error is not None
    assert stage.session.info.error.hint.startswith("Start it. agent.toggle runs")


async def test_stop_walks_the_ladder_and_the_container_stays(engine: FakeEngine, stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    stage.session.stop(1.0)
    await stage.audience.until(lambda: is_in(stage, State.STOPPED))
    assert [step.step for step in stage.audience.bodies(StopStep)] == ["SIGINT"]
    assert len(await engine.containers({})) == 1


async def test_stop_in_mid_turn_cancels_the_turn_first(stage: Stage) -> None:
    stage.session.prompt(Prompt("wait for cancel"))
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.WORKING))
    stage.session.stop(1.0)
    await stage.audience.until(lambda: is_in(stage, State.STOPPED))
    steps = [(step.step, step.outcome) for step in stage.audience.bodies(StopStep)]
    assert steps == [("cancel", "ended"), ("SIGINT", "ended")]
    assert ended_turns(stage)[0].state == "cancelled"


async def test_a_restart_keeps_the_container_and_resumes_the_conversation(engine: FakeEngine, stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    stage.session.restart()
    await stage.audience.until(lambda: State.PLANNED in stage.audience.states()[1:] and is_in(stage, State.IDLE))
    stage.session.prompt(Prompt("say back"))
    await stage.audience.until(lambda: ended_turns(stage))
    assert [call for call, _ in engine.calls].count("create") == 1
    numbers = [event.seq for event in stage.audience.events]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_rebuild_replaces_the_container(engine: FakeEngine, stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    first = stage.session.info.container
    stage.session.rebuild(stage.session.plan, no_cache=False, pull=False)
    await stage.audience.until(lambda: stage.session.info.container not in (None, first) and is_in(stage, State.IDLE))
    assert len(await engine.containers({})) == 1
    assert [state.status for state in stage.audience.bodies(ContainerState)].count("removed") == 1


async def test_two_restarts_at_once_are_one_too_many(stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    stage.session.restart()
    with pytest.raises(SessionError):
        stage.session.restart()
    await stage.audience.until(lambda: stage.audience.states()[-2:] == [State.STARTING, State.IDLE])


async def test_removing_ends_it_and_leaves_no_container(engine: FakeEngine, stage: Stage) -> None:
    stage.session.begin()
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    with anyio.fail_after(5):
        await stage.session.remove()
    assert await engine.containers({}) == ()


async def test_the_image_is_built_with_its_steps_shown(engine: FakeEngine, tmp_path: Path) -> None:
    plan = session_plan(tmp_path, image="berth/agent:test")
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.IDLE))
        assert stage.audience.states()[:2] == [State.BUILDING, State.STARTING]
        steps = [body.current for body in stage.audience.bodies(ImageProgress) if body.log is None]
        assert steps == [1, 2]


async def test_a_failing_build_fails_the_session_with_the_step(engine: FakeEngine, tmp_path: Path) -> None:
    engine.build_steps = [BuildStep("FROM base", 1, 2), ImageError("build-failed", "Step 2 failed: RUN false", "…")]
    plan = session_plan(tmp_path, image="berth/agent:test")
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.FAILED))
        assert stage.session.info.error is not None
        assert stage.session.info.error.kind == "build-failed"


@pytest.mark.parametrize("gate", ["build", "create", "start"])
async def test_a_start_can_be_cancelled_at_any_moment(engine: FakeEngine, tmp_path: Path, gate: str) -> None:
    engine.gates[gate] = anyio.Event()
    plan = session_plan(tmp_path, image="berth/agent:test")
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        with anyio.fail_after(5):
            while not any(call == gate for call, _ in engine.calls):
                await anyio.lowlevel.checkpoint()
        stage.session.stop(1.0)
        engine.gates.pop(gate).set()
        await stage.audience.until(lambda: is_in(stage, State.STOPPED))
        assert not [found for found in await engine.containers({}) if found.status == "running"]


async def test_a_start_cancelled_while_its_container_is_made_loses_no_container(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.gates["create"] = anyio.Event()
    async with on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage:
        stage.session.begin()
        with anyio.fail_after(5):
            while not any(call == "create" for call, _ in engine.calls):
                await anyio.lowlevel.checkpoint()
        stage.session.stop(1.0)
        engine.gates.pop("create").set()
        await stage.audience.until(lambda: is_in(stage, State.STOPPED))
        stage.session.restart()
        await stage.audience.until(lambda: is_in(stage, State.IDLE))
        assert len(await engine.containers({})) == 1
        with anyio.fail_after(5):
            await stage.session.remove()
        assert await engine.containers({}) == ()


async def test_a_start_can_be_cancelled_during_the_handshake(engine: FakeEngine, tmp_path: Path) -> None:
    plan = session_plan(tmp_path, flags=["--silent"])
    async with on_stage(engine, plan, tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(
            lambda: any(body.status == "started" for body in stage.audience.bodies(ContainerState))
        )
        stage.session.stop(1.0)
        await stage.audience.until(lambda: is_in(stage, State.STOPPED))
        assert not [found for found in await engine.containers({}) if found.status == "running"]


async def test_a_cancelled_start_can_be_started_again(engine: FakeEngine, tmp_path: Path) -> None:
    engine.gates["build"] = anyio.Event()
    async with on_stage(engine, session_plan(tmp_path, image="berth/agent:test"), tmp_path / "state") as stage:
        stage.session.begin()
        await stage.audience.until(lambda: is_in(stage, State.BUILDING))
        stage.session.stop(1.0)
        await stage.audience.until(lambda: is_in(stage, State.STOPPED))
        engine.gates.clear()
        stage.session.restart()
        await stage.audience.until(lambda: is_in(stage, State.IDLE))


async def test_noise_is_kept_and_stops_nothing(stage: Stage) -> None:
    stage.session.prompt(Prompt("noise; say done"))
    stage.session.begin()
    await stage.audience.until(lambda: ended_turns(stage))
    assert stage.audience.bodies(Noise)
    assert ended_turns(stage)[0].state == "complete"


async def test_no_secret_is_in_any_event_journal_or_transcript(stage: Stage) -> None:
    stage.session.prompt(Prompt("say hello"))
    stage.session.begin()
    await stage.audience.until(lambda: ended_turns(stage))
    await stage.session.record.flush()
    written = b"".join(path.read_bytes() for path in stage.session.record.folder.iterdir())
    assert b"turn.ended" in written
    assert SECRET.encode() not in written
    assert SECRET not in repr(stage.session.plan)


async def test_the_journal_on_disk_is_what_was_told(stage: Stage) -> None:
    stage.session.prompt(Prompt("huge 300000; say done"))
    stage.session.begin()
    await stage.audience.until(lambda: ended_turns(stage))
    await stage.audience.until(lambda: is_in(stage, State.IDLE))
    await stage.session.record.flush()
    lines = stage.session.record.journal.on_disk(1, 10**9)
    assert lines == [event.json for event in stage.audience.events]
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
