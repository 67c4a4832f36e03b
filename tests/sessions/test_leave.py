"""The yes that a session may need before anything is made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.agents.base import Prompt
from berth.errors import SessionError
from berth.planning.breach import Consent
from berth.planning.host_plan import AnyPlan
from berth.planning.plan import SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import ContainerState
from berth.protocol.events import InputRequested, InputResolved, TurnEnded
from berth.protocol.session import InputRequest, State
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.allowed import RememberedAllowance
from tests.sessions.sessions_on_fake import Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio

WISH = Consent("a" * 64, ("image: evil:1 (.vscode/settings.json:3)",), ("env ANTHROPIC_API_KEY",), 60.0)


def wishing(workspace: Path, consent: Consent = WISH) -> SessionPlan:
    return replace(session_plan(workspace), consent=consent)


@asynccontextmanager
async def staged(
    folder: Path, plan: AnyPlan, allowed: RememberedAllowance | None = None
) -> AsyncIterator[tuple[FakeEngine, Stage]]:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        on_stage(engine, plan, folder / "s1", allowed) as stage,
    ):
        yield engine, stage


async def question(stage: Stage) -> InputRequest:
    await stage.audience.until(lambda: stage.session.info.input_needed)
    [asked] = stage.session.info.input_needed
    return asked


def answer(stage: Stage, asked: InputRequest, option: str | None) -> None:
    stage.session.respond(RespondArguments(session="s1", request=asked.request, option=option), by="a test")


async def until(stage: Stage, state: State) -> None:
    await stage.audience.until(lambda: stage.session.info.state is state)


async def test_nothing_is_made_before_the_yes(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (engine, stage):
        stage.session.begin()
        asked = await question(stage)
        assert (stage.session.info.state, asked.purpose) == (State.WAITING, "trust")
        assert await engine.containers({}) == ()
        assert not stage.audience.bodies(ContainerState)
        answer(stage, asked, "once")
        await until(stage, State.IDLE)
        assert stage.audience.states()[:2] == [State.WAITING, State.STARTING]


async def test_the_question_has_all_that_is_asked_and_all_that_goes_in(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (_engine, stage):
        stage.session.begin()
        asked = await question(stage)
        assert "image: evil:1 (.vscode/settings.json:3)" in asked.title
        assert "- `image: evil:1 (.vscode/settings.json:3)`" in asked.detail
        assert "- `env ANTHROPIC_API_KEY`" in asked.detail
        assert [option.id for option in asked.options] == ["no", "once", "always"]


async def test_a_no_fails_the_session_and_makes_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (engine, stage):
        stage.session.begin()
        answer(stage, await question(stage), "no")
        await until(stage, State.FAILED)
        error = stage.session.info.error
        assert error is not None
        assert error.kind == "untrusted-workspace"
        assert await engine.containers({}) == ()


async def test_an_answer_without_a_choice_allows_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (_engine, stage):
        stage.session.begin()
        answer(stage, await question(stage), None)
        await until(stage, State.FAILED)


@pytest.mark.parametrize(("option", "kept"), [("once", []), ("always", [WISH])])
async def test_a_yes_is_kept_where_it_was_meant_to_be(tmp_path: Path, option: str, kept: list[Consent]) -> None:
    allowed = RememberedAllowance()
    async with staged(tmp_path, wishing(tmp_path), allowed) as (_, stage):
        stage.session.begin()
        answer(stage, await question(stage), option)
        await until(stage, State.IDLE)
        assert allowed.kept == kept
        stage.session.restart()
        await stage.audience.until(lambda: stage.audience.states()[-2:] == [State.STARTING, State.IDLE])
        assert len(stage.audience.bodies(InputRequested)) == 1


async def test_a_changed_wish_is_asked_again_with_what_is_new(tmp_path: Path) -> None:
    allowed = RememberedAllowance()
    allowed.kept.append(WISH)
    changed = replace(WISH, digest="b" * 64, asks=("image: evil:2 (.vscode/settings.json:3)",))
    async with staged(tmp_path, wishing(tmp_path), allowed) as (engine, stage):
        stage.session.begin()
        await until(stage, State.IDLE)
        [container] = await engine.containers({})
        stage.session.rebuild(wishing(tmp_path, changed), no_cache=False, pull=False)
        asked = await question(stage)
        new, gone = asked.detail.split("New since your last yes:")[1].split("No longer asked for:")
        assert ("evil:2" in new, "ANTHROPIC" in new, "evil:1" in gone) == (True, False, True)
        assert container.id in {kept.id for kept in await engine.containers({})}
        answer(stage, asked, "no")
        await until(stage, State.FAILED)
        stage.session.restart()
        await until(stage, State.IDLE)
        assert stage.session.plan.consent == WISH


async def test_a_start_that_waits_for_a_yes_can_be_stopped_and_takes_prompts(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (_engine, stage):
        stage.session.begin()
        asked = await question(stage)
        stage.session.prompt(Prompt("say hello"))
        with pytest.raises(SessionError):
            stage.session.cancel()
        with pytest.raises(SessionError):
            stage.session.set_option("mode", "x")
        stage.session.stop(1.0)
        await until(stage, State.STOPPED)
        assert stage.session.info.input_needed == ()
        assert [resolved.option for resolved in stage.audience.bodies(InputResolved)] == [None]
        with pytest.raises(SessionError):
            answer(stage, asked, "always")


async def test_a_prompt_that_waited_is_answered_after_the_yes(tmp_path: Path) -> None:
    async with staged(tmp_path, wishing(tmp_path)) as (_engine, stage):
        stage.session.prompt(Prompt("say hello"))
        stage.session.begin()
        answer(stage, await question(stage), "once")
        await stage.audience.until(lambda: stage.audience.bodies(TurnEnded))


async def test_a_yes_that_cannot_be_kept_counts_for_this_session(tmp_path: Path) -> None:
    class Full(RememberedAllowance):
        async def allow(self, plan: AnyPlan, consent: Consent) -> None:
            del plan, consent
            raise OSError(28, "No space left on device")

    async with staged(tmp_path, wishing(tmp_path), Full()) as (_engine, stage):
        stage.session.begin()
        answer(stage, await question(stage), "always")
        await until(stage, State.IDLE)


async def test_what_a_repository_wrote_cannot_draw_in_the_question(tmp_path: Path) -> None:
    nasty = replace(WISH, asks=("command: `x`\n\n# All is well\x1b[2J [yes](command:x)" + "x" * 900,))
    async with staged(tmp_path, wishing(tmp_path, nasty)) as (_engine, stage):
        stage.session.begin()
        asked = await question(stage)
        line = asked.detail.splitlines()[2]
        assert line.startswith("- `command: 'x'??# All is well?[2J [yes](command:x)x")
        assert line.endswith("…`")
        assert len(line) < 320
        with anyio.fail_after(5):
            answer(stage, asked, "no")
            await until(stage, State.FAILED)
