"""An image that lacks the agent, from the start of a session on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from berth.engine.base import FileFacts, ImageFacts, NewFile
from berth.errors import SessionError
from berth.planning.agent_layer import AgentLayer, LayerRule
from berth.planning.image_plan import BuildRecipe, ImagePlan
from berth.planning.login_plan import LoginPlan
from berth.planning.plan import Mount, SessionPlan
from berth.protocol.commands import RespondArguments
from berth.protocol.container_events import ContainerState
from berth.protocol.events import InputRequested, Notice
from berth.protocol.session import InputRequest, State
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import REASON, Stage, on_stage, session_plan

pytestmark = pytest.mark.anyio

HOME = "/home/agent"


def lacking(
    workspace: Path, rule: LayerRule = "ask", *, attended: bool = True, login: LoginPlan | None = None
) -> SessionPlan:
    own = ImagePlan("berth/agent:1", BuildRecipe(workspace, "Dockerfile", {}, "berth/agent:1"), "auto", REASON)
    layer = AgentLayer(rule, REASON, "scripted", own, workspace, "digest", attended)
    return replace(session_plan(workspace, image="node:22"), agent_layer=layer, login=login)


@asynccontextmanager
async def staged(folder: Path, plan: SessionPlan) -> AsyncIterator[tuple[FakeEngine, Stage]]:
    images = ["node:22", "berth-test"]
    async with FakeEngine(programs={"scripted": scripted_acp}, images=images) as engine:
        engine.bare.add("node:22")
        async with on_stage(engine, plan, folder / "s1") as stage:
            stage.session.begin()
            yield engine, stage


async def until(stage: Stage, state: State) -> None:
    await stage.audience.until(lambda: stage.session.info.state is state)


async def again(stage: Stage) -> None:
    """Waits until it runs a second time."""
    await stage.audience.until(lambda: State.PLANNED in stage.audience.states())
    await until(stage, State.IDLE)


async def question(stage: Stage) -> InputRequest:
    await stage.audience.until(lambda: stage.session.info.input_needed)
    [asked] = stage.session.info.input_needed
    return asked


def answer(stage: Stage, asked: InputRequest, option: str) -> None:
    stage.session.respond(RespondArguments(session="s1", request=asked.request, option=option), by="a test")


async def test_a_person_is_asked_while_nothing_is_there_and_a_yes_lays_the_agent_on_top(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path)) as (engine, stage):
        asked = await question(stage)
        assert asked.title == "node:22 has no scripted. Lay Scripted agent on top of it?"
        assert [option.name for option in asked.options] == ["Don't", "Lay It on Top"]
        assert stage.session.info.state is State.WAITING
        assert await engine.containers({}) == ()
        answer(stage, asked, "yes")
        await until(stage, State.IDLE)
        info = stage.session.info
        assert info.image is not None
        assert info.image.startswith("berth/layer:")
        assert [subject for call, subject in engine.calls if call == "build"] == ["berth/agent:1", info.image]
        [said] = stage.audience.bodies(Notice)
        assert said.message.startswith("Scripted agent was laid on top of node:22")
        created = [body.status for body in stage.audience.bodies(ContainerState)]
        assert created == ["created", "started"]
        assert stage.audience.states() == [State.WAITING, State.BUILDING, State.STARTING, State.IDLE]


async def test_a_no_fails_the_session_with_both_ways_out(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path)) as (engine, stage):
        answer(stage, await question(stage), "no")
        await until(stage, State.FAILED)
        error = stage.session.info.error
        assert error is not None
        assert error.kind == "agent-missing"
        assert 'berth.docker.agentLayer to "always"' in error.hint
        assert "Dockerfile" in error.hint
        assert await engine.containers({}) == ()


async def test_always_asks_nobody(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path, "always", attended=False)) as (_, stage):
        await until(stage, State.IDLE)
        assert not stage.audience.bodies(InputRequested)


@pytest.mark.parametrize(("rule", "attended"), [("never", True), ("ask", False)])
async def test_never_and_nobody_to_ask_are_an_error_at_once(tmp_path: Path, rule: LayerRule, *, attended: bool) -> None:
    async with staged(tmp_path, lacking(tmp_path, rule, attended=attended)) as (engine, stage):
        await until(stage, State.FAILED)
        error = stage.session.info.error
        assert error is not None
        assert error.kind == "agent-missing"
        assert not [call for call, _ in engine.calls if call == "build"]


async def test_a_musl_image_says_why_the_agent_cannot_be_laid_on_top(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path, "never")) as (engine, stage):
        await until(stage, State.FAILED)
        musl = FileFacts("/lib/ld-musl-x86_64.so.1", "file", 0o755)
        engine.files = {"/lib64/ld-linux-x86-64.so.2": None, musl.path: musl}
        engine.described["node:22"] = ImageFacts("sha256:another", "amd64", "", (), (), {}, 1)
        stage.session.restart()
        await stage.audience.until(lambda: len(stage.audience.states()) >= 3 and stage.session.info.error)
        error = stage.session.info.error
        assert error is not None
        assert "cannot be laid on top: it is built on musl" in error.message
        assert "Debian" in error.hint


async def test_a_rebuild_neither_asks_again_nor_tries_the_bare_image_first(tmp_path: Path) -> None:
    plan = lacking(tmp_path)
    async with staged(tmp_path, plan) as (engine, stage):
        answer(stage, await question(stage), "yes")
        await until(stage, State.IDLE)
        engine.calls.clear()
        stage.session.rebuild(plan, no_cache=False, pull=False)
        await again(stage)
        assert len(stage.audience.bodies(InputRequested)) == 1
        names = [call for call, _ in engine.calls]
        assert (names.count("create"), names.count("build")) == (1, 0)


async def test_a_forced_rebuild_makes_the_image_below_anew_and_once(tmp_path: Path) -> None:
    plan = lacking(tmp_path, "always")
    recipe = BuildRecipe(tmp_path, "Dockerfile", {}, "node:22")
    plan = replace(plan, image=ImagePlan("node:22", recipe, "auto", REASON))
    async with staged(tmp_path, plan) as (engine, stage):
        await until(stage, State.IDLE)
        engine.calls.clear()
        stage.session.rebuild(plan, no_cache=False, pull=False)
        await again(stage)
        assert [subject for call, subject in engine.calls if call == "build"] == ["node:22"]
        assert [call for call, _ in engine.calls].count("create") == 1


async def test_an_image_that_got_the_agent_meanwhile_is_used_as_it_is(tmp_path: Path) -> None:
    plan = lacking(tmp_path)
    async with staged(tmp_path, plan) as (engine, stage):
        answer(stage, await question(stage), "yes")
        await until(stage, State.IDLE)
        engine.bare.clear()
        engine.described["node:22"] = ImageFacts("sha256:new", "amd64", "", (), (), {}, 1)
        stage.session.rebuild(plan, no_cache=False, pull=False)
        await stage.audience.until(lambda: stage.session.info.image == "node:22")
        await until(stage, State.IDLE)


async def test_a_restart_keeps_the_layered_container(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path, "always")) as (engine, stage):
        await until(stage, State.IDLE)
        container = stage.session.info.container
        stage.session.restart()
        await again(stage)
        assert (stage.session.info.container, len(await engine.containers({}))) == (container, 1)


async def test_a_start_that_waits_for_the_answer_can_be_stopped(tmp_path: Path) -> None:
    async with staged(tmp_path, lacking(tmp_path)) as (engine, stage):
        asked = await question(stage)
        stage.session.stop(1.0)
        await until(stage, State.STOPPED)
        assert await engine.containers({}) == ()
        with pytest.raises(SessionError):
            answer(stage, asked, "yes")


async def test_an_image_for_another_processor_fails_before_anything_is_started(tmp_path: Path) -> None:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        engine.described["berth-test"] = ImageFacts("sha256:x", "s390x", "", (), (), {}, 1)
        async with on_stage(engine, session_plan(tmp_path), tmp_path / "s1") as stage:
            stage.session.begin()
            await until(stage, State.FAILED)
            error = stage.session.info.error
            assert error is not None
            assert error.kind == "image-wrong-platform"
            assert await engine.containers({}) == ()
            assert "start" not in [call for call, _ in engine.calls]


def signed_in(folder: Path, *, has_key: bool = False, volume: str = "home") -> SessionPlan:
    plan = session_plan(folder)
    files = (f"{HOME}/.agent/auth.json",)
    login = LoginPlan("none" if volume != "home" else "workspace", REASON, volume, files, has_key, "Set THE_KEY.")
    mounts = (*plan.container.mounts, Mount("volume", volume, HOME, read_only=False, reason=REASON))
    return replace(plan, login=login, container=replace(plan.container, mounts=mounts))


@asynccontextmanager
async def ready(folder: Path, plan: SessionPlan, engine: FakeEngine) -> AsyncIterator[Stage]:
    async with on_stage(engine, plan, folder / "s1") as stage:
        stage.session.begin()
        await until(stage, State.IDLE)
        yield stage


async def test_a_session_without_a_login_says_so_before_it_is_ready(tmp_path: Path) -> None:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        ready(tmp_path, signed_in(tmp_path), engine) as stage,
    ):
        [notice] = stage.audience.bodies(Notice)
        assert notice.severity == "warning"
        assert "Nobody is signed in to Scripted agent here" in notice.message
        assert "agent.login" in notice.message
        assert "Set THE_KEY." in notice.message


@pytest.mark.parametrize("has_key", [True, False])
async def test_a_key_or_a_login_in_home_is_enough(tmp_path: Path, *, has_key: bool) -> None:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        if not has_key:
            engine.written["home"] = {".agent/auth.json": NewFile(".agent/auth.json", b"secret")}
        async with ready(tmp_path, signed_in(tmp_path, has_key=has_key), engine) as stage:
            assert not stage.audience.bodies(Notice)
            looked = [subject for call, subject in engine.calls if call == "file" and subject.startswith(HOME)]
            assert bool(looked) is not has_key


@pytest.mark.parametrize(("volume", "stays"), [("home", True), ("own", False)])
async def test_a_home_that_is_the_session_s_own_goes_with_it(tmp_path: Path, volume: str, *, stays: bool) -> None:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        ready(tmp_path, signed_in(tmp_path, volume=volume), engine) as stage,
    ):
        await stage.session.remove()
        assert (volume in engine.volumes) is stays


async def test_a_home_of_the_session_s_own_survives_a_rebuild_and_goes_when_it_is_no_longer_wanted(
    tmp_path: Path,
) -> None:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        ready(tmp_path, signed_in(tmp_path, volume="own"), engine) as stage,
    ):
        for volume, stays in (("own", True), ("home", False)):
            count = len(stage.audience.states())
            stage.session.rebuild(signed_in(tmp_path, volume=volume), no_cache=False, pull=False)
            await stage.audience.until(lambda before=count: len(stage.audience.states()) > before)  # type: ignore[misc]  # a default binds it
            await until(stage, State.IDLE)
            assert ("own" in engine.volumes) is stays
