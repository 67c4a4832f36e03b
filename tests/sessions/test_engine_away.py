"""An engine that goes away while a session runs: what is said of it, and that nothing runs on for ever."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.agents.base import Prompt
from berth.engine.launcher import MAGIC
from berth.errors import EngineError
from berth.planning.labels import SEAL_LABEL
from berth.planning.plan import ContainerPlan
from berth.protocol.events import TurnEnded
from berth.protocol.session import State
from berth.sessions import engine_stopped, housing, input_line, late_end
from berth.sessions.delivery import SPOILER, Delivery
from berth.sessions.session import START_TRIES
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine, FakeInput
from tests.sessions.audience import RememberingAudience, record_in
from tests.sessions.sessions_on_fake import Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio

AWAY = EngineError("engine-unreachable", "Docker does not answer.", "Start it.")
SECONDS = 5
LINE = b'{"id":1}\n'


@pytest.fixture
async def engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeEngine]:
    monkeypatch.setattr(engine_stopped, "MOMENT_SECONDS", 0.1)
    monkeypatch.setattr(late_end, "FIRST_WAIT", 0.01)
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        yield engine


@pytest.fixture
async def stage(engine: FakeEngine, tmp_path: Path) -> AsyncIterator[Stage]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    async with on_stage(engine, session_plan(workspace), tmp_path / "state") as stage:
        yield stage


async def running(stage: Stage) -> str:
    stage.session.begin()
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
    assert stage.session.info.container is not None
    return stage.session.info.container


@pytest.mark.parametrize(("away", "kind"), [(True, "engine-stopped"), (False, "agent-exited")])
async def test_a_container_that_ended_while_its_engine_was_away_was_ended_by_it(
    engine: FakeEngine, stage: Stage, kind: str, *, away: bool
) -> None:
    container = await running(stage)
    engine.away = away
    engine.container(container).signal("SIGTERM")
    await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    assert stage.session.info.error is not None
    assert stage.session.info.error.kind == kind


async def test_an_engine_that_stays_away_is_named_with_what_to_do(engine: FakeEngine, stage: Stage) -> None:
    container = await running(stage)
    engine.failures["wait"] = AWAY
    engine.container(container).signal("SIGTERM")
    await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    error = stage.session.info.error
    assert error is not None
    assert (error.kind, error.hint.startswith("Start it. Then restart the session.")) == ("engine-stopped", True)


async def stopped_in_vain(engine: FakeEngine, stage: Stage) -> str:
    """The container of a session that was stopped while its engine did not answer."""
    container = await running(stage)
    engine.failures["signal"] = AWAY
    stage.session.stop(0.01)
    await stage.audience.until(lambda: stage.session.info.state is State.STOPPED)
    assert engine.container(container).status == "running"
    return container


async def test_what_could_not_be_ended_is_ended_when_the_engine_is_back(engine: FakeEngine, stage: Stage) -> None:
    container = await stopped_in_vain(engine, stage)
    del engine.failures["signal"]
    with anyio.fail_after(SECONDS):
        await engine.container(container).ended()
    assert engine.container(container).exit_code == 137


async def test_a_restart_ends_first_what_could_not_be_ended(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_end, "FIRST_WAIT", 1000)
    container = await stopped_in_vain(engine, stage)
    first = engine.container(container).process
    del engine.failures["signal"]
    stage.session.restart()
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
    assert engine.container(container).process is not first


def payloads(monkeypatch: pytest.MonkeyPatch, *, lost: int, broken: int) -> list[bytes]:
    """All payloads as they are written: the first ``lost`` do not arrive, the first ``broken`` take their way along."""
    monkeypatch.setattr(input_line, "FIRST_WAIT", 0.001)
    write, written = FakeInput.write, list[bytes]()

    async def loses_payloads(self: FakeInput, data: bytes) -> None:
        if not data.startswith(MAGIC.encode()):
            await write(self, data)
            return
        written.append(data)
        if len(written) > lost:
            await write(self, data)
        if len(written) <= broken:
            self.lose()

    monkeypatch.setattr(FakeInput, "write", loses_payloads)
    return written


async def test_a_payload_that_was_lost_with_its_way_is_written_again(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_line, "SILENCE_SECONDS", 0.01)
    written = payloads(monkeypatch, lost=1, broken=1)
    await running(stage)
    assert (len(written), [call for call, _ in engine.calls].count("start")) == (2, 1)


async def test_a_payload_that_arrived_is_not_written_again_when_its_way_breaks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = payloads(monkeypatch, lost=0, broken=1)
    await running(stage)
    assert len(written) == 1


async def test_a_container_that_hears_nothing_over_any_way_is_started_again(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_line, "SILENCE_SECONDS", 0.01)
    written = payloads(monkeypatch, lost=2, broken=2)
    container = await running(stage)
    assert (len(written), [call for call, _ in engine.calls].count("start")) == (3, 2)
    assert stage.session.info.container == container


async def test_an_engine_that_passes_nothing_on_is_given_up_with_a_sentence(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_line, "SILENCE_SECONDS", 0.01)
    payloads(monkeypatch, lost=1000, broken=1000)
    stage.session.begin()
    await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    assert [call for call, _ in engine.calls].count("start") == START_TRIES
    error = stage.session.info.error
    assert error is not None
    assert (error.kind, error.hint) == ("engine-busy", "Restart the engine, or rebuild the session.")


async def test_a_prompt_reaches_the_agent_over_a_new_way_when_the_old_one_broke(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(input_line, "FIRST_WAIT", 0.001)
    await running(stage)
    write, broken = FakeInput.write, [True]

    async def writes_once_in_vain(self: FakeInput, data: bytes) -> None:
        if broken and data != SPOILER:
            broken.clear()
            raise EngineError("container-gone", "It broke.", "")
        await write(self, data)

    monkeypatch.setattr(FakeInput, "write", writes_once_in_vain)
    stage.session.prompt(Prompt("say back"))
    await stage.audience.until(lambda: stage.audience.bodies(TurnEnded))
    assert [turn.state for turn in stage.audience.bodies(TurnEnded)] == ["complete"]
    assert not broken


async def test_a_way_that_is_lost_during_a_start_is_opened_anew_before_anything_is_written(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, until_lost, write = [], FakeInput.until_lost, FakeInput.write
    start = engine.start

    async def starts_and_loses(container: str) -> None:
        await start(container)
        lost.extend(opened)

    async def is_lost(self: FakeInput) -> None:
        if self not in lost:
            await until_lost(self)

    async def writes(self: FakeInput, data: bytes) -> None:
        assert self not in lost, "what is written here never arrives"
        await write(self, data)

    opened: list[FakeInput] = []
    open_input = engine.open_input

    async def opens(container: str) -> FakeInput:
        opened.append(await open_input(container))
        return opened[-1]

    monkeypatch.setattr(engine, "start", starts_and_loses)
    monkeypatch.setattr(engine, "open_input", opens)
    monkeypatch.setattr(FakeInput, "until_lost", is_lost)
    monkeypatch.setattr(FakeInput, "write", writes)
    await running(stage)
    assert (len(lost), len(opened)) == (1, 2)


@pytest.mark.parametrize(("is_silent", "written"), [(True, LINE + SPOILER + LINE), (False, LINE)])
async def test_what_was_written_just_before_a_way_broke_is_written_again_only_to_an_agent_that_stays_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: bytes, *, is_silent: bool
) -> None:
    monkeypatch.setattr("berth.sessions.delivery.DOUBT_SECONDS", 0.01)
    record, paper = record_in(tmp_path, RememberingAudience()), Paper()

    async def flush(seconds: float | None = None) -> bool:
        return seconds is None

    async def prints(beyond: int) -> None:
        await (anyio.sleep_forever() if is_silent or beyond else anyio.lowlevel.checkpoint())

    record.flush = flush  # type: ignore[method-assign]  # no disk
    delivery = Delivery(record, "acp")
    delivery.put(LINE)
    for _ in range(2):
        with anyio.move_on_after(0.05):
            await delivery.run(paper)
        if paper.text == LINE:
            await delivery.again(paper, prints)
    assert paper.text == written


class Paper:
    """An input that keeps what is written."""

    def __init__(self) -> None:
        self.text = b""

    async def write(self, data: bytes) -> None:
        self.text += data

    async def until_lost(self) -> None:
        await anyio.sleep_forever()

    async def aclose(self) -> None:
        """Nothing."""


async def test_a_container_whose_start_an_engine_did_not_survive_is_replaced(engine: FakeEngine, stage: Stage) -> None:
    engine.failures["start"] = AWAY
    stage.session.begin()
    await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    doubtful = stage.session.info.container
    del engine.failures["start"]
    stage.session.restart()
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
    assert doubtful not in (None, stage.session.info.container)


async def test_a_container_that_an_engine_made_and_did_not_tell_of_does_not_stand_in_the_way(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = engine.create

    async def unheard(plan: ContainerPlan, *, name: str, command: tuple[str, ...]) -> str:
        await create(plan, name=name, command=command)
        raise AWAY

    assert stage.session.plan.mode == "container"
    sealed = replace(stage.session.plan.container, labels={SEAL_LABEL: "of this session"})
    stage.session.plan = replace(stage.session.plan, container=sealed)
    monkeypatch.setattr(engine, "create", unheard)
    stage.session.begin()
    await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    monkeypatch.setattr(engine, "create", create)
    stage.session.restart()
    await stage.audience.until(lambda: stage.session.info.state is State.IDLE)
    assert stage.session.info.container is not None


async def test_a_container_that_does_not_end_fails_a_restart_instead_of_holding_it_up(
    engine: FakeEngine, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housing, "ENDING_SECONDS", 0.05)
    container = await stopped_in_vain(engine, stage)
    with monkeypatch.context() as deaf:
        deaf.setattr(engine.container(container), "signal", lambda _: None)
        del engine.failures["signal"]
        stage.session.restart()
        await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
    assert stage.session.info.error is not None
    assert stage.session.info.error.kind == "engine-busy"
