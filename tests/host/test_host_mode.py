"""Sessions without a container: the scripted agent as a plain process, and an engine that nobody may ask."""

import json
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from berth.engine.docker import DockerEngine
from berth.errors import BerthError, EngineError, SettingsError
from berth.host.commands import Commands
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol import commands as wire
from berth.protocol.events import InputResolved, Noise, Notice, PartDelta, TurnEnded
from berth.protocol.plans import PlanArguments, ToggleArguments
from berth.protocol.session import State
from tests.host.test_host import Editor, House, house_in

pytestmark = pytest.mark.anyio

REPOSITORY = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "tests.fakes.agent_programs.acp_agent"]
CANARY = "canary-value-never-to-be-seen"


@pytest.fixture(autouse=True)
def user_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own settings file, in which alone programs for this machine may be named."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / "config" / "berth" / "settings.json"
    file.parent.mkdir(parents=True)
    own = {"agent": "scripted", "agents": {"scripted": {"command": PROGRAM, "dialect": "acp"}}}
    file.write_text(json.dumps({**own, "policy": {"workspaces": "allow"}, "docker": {"spares": {"count": 0}}}))
    return file


@asynccontextmanager
async def plain_house(folder: Path, engine_calls: tuple[str, ...] = ()) -> AsyncIterator[House]:
    """A house whose engine must not be asked for anything else than these calls."""
    async with house_in(folder) as house:
        house.editor.settings = {}
        house.editor.environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "HOME": str(folder)}
        yield house
        assert {call for call, _ in house.engine.calls} <= set(engine_calls)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with plain_house(tmp_path) as house:
        yield house


def said(house: House) -> str:
    return "".join(body.text for body in house.editor.bodies(PartDelta))


async def turns(house: House, count: int) -> None:
    await house.editor.until(lambda: len(house.editor.bodies(TurnEnded)) == count)


async def own_agent(house: House, command: list[str], dialect: str = "lines") -> None:
    file = anyio.Path(house.host.folder.root.parent / "config" / "berth" / "settings.json")
    await file.write_text(json.dumps({"agents": {"own": {"command": command, "dialect": dialect}}}))


async def test_a_whole_turn_with_a_permission_needs_no_engine(house: House) -> None:
    session = await house.start(mode="host", prompt="write hello.txt hello; say done")
    await house.until(session, State.WAITING)
    request = house.host.info(session).input_needed[0].request
    answer = wire.RespondArguments(session=session, request=request, option="allow_once")
    await house.commands.respond(house.editor, answer)
    await turns(house, 1)
    assert house.editor.bodies(InputResolved)[0].by == "a test"
    assert await anyio.Path(house.editor.folder / "hello.txt").read_text() == "hello\n"
    info = house.host.info(session)
    assert (info.mode, info.image, info.container) == ("host", None, None)
    assert said(house).endswith("done")


async def test_the_first_event_warns_and_so_do_name_and_transcript(house: House) -> None:
    session = await house.start(mode="host", prompt="say hello")
    await turns(house, 1)
    first = house.editor.events[0]
    assert first.seq == 1
    assert isinstance(first.body, Notice)
    assert (first.body.severity, "WITHOUT a container" in first.body.message) == ("warning", True)
    assert house.host.info(session).name == "scripted in workspace (no container)"
    transcript = (await house.commands.snapshot(house.editor, wire.SessionArguments(session=session))).transcript
    head, warning = transcript.splitlines()[0], transcript.split("\n\n")[1]
    assert head == "# scripted in workspace (no container)"
    assert "Warning: scripted runs WITHOUT a container" in transcript.split("## You")[0], warning


async def test_a_name_of_ones_own_says_it_too(house: House) -> None:
    session = await house.start(mode="host", name="mine")
    assert house.host.info(session).name == "mine (no container)"


async def test_the_program_has_the_editors_environment_with_ours_above(house: House) -> None:
    house.editor.environment = {**house.editor.environment, "INHERITED": "yes", "BOTH": "editor"}
    agent = "import os,sys; print(*map(os.getenv, ('INHERITED', 'BOTH', 'HOME')), file=sys.stderr)"
    await own_agent(house, [sys.executable, "-c", agent + "; sys.stdin.read()"])
    await house.start(mode="host", agent="own", env={"BOTH": "request"})
    expected = f"yes request {house.editor.environment['HOME']}"
    await house.editor.until(lambda: expected in "".join(body.text for body in house.editor.bodies(Noise)))


async def test_toggling_is_remembered_for_its_workspace_and_by_the_next_host(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with plain_house(tmp_path) as house:
        answer = await house.commands.toggle(house.editor, ToggleArguments())
        assert answer.model_dump() == {"workspace_folder": str(tmp_path / "workspace"), "mode": "host"}
    [file] = (tmp_path / "state" / "modes").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with plain_house(tmp_path, ("about", "aclose")) as house:
        house.editor.settings = {"docker": {"defaultImage": "berth-test"}}
        assert (await house.commands.plan(house.editor, PlanArguments())).mode == "host"
        elsewhere = PlanArguments(workspace_folder=str(other))
        assert (await house.commands.plan(house.editor, elsewhere)).mode == "container"


async def test_toggling_again_goes_back_and_a_named_mode_is_taken(house: House) -> None:
    modes = [None, None, "host", "host", "container", None]
    answers = [await house.commands.toggle(house.editor, ToggleArguments(mode=mode)) for mode in modes]
    assert [answer.mode for answer in answers] == ["host", "container", "host", "host", "container", "host"]


async def test_a_link_to_the_workspace_is_the_workspace(house: House, tmp_path: Path) -> None:
    await anyio.Path(tmp_path / "link").symlink_to(house.editor.folder)
    await house.commands.toggle(house.editor, ToggleArguments(workspace_folder=str(tmp_path / "link"), mode="host"))
    assert (await house.commands.plan(house.editor, PlanArguments())).mode == "host"


async def test_a_memory_that_cannot_be_read_is_an_error_and_no_guess(house: House) -> None:
    await house.commands.toggle(house.editor, ToggleArguments(mode="host"))
    [file] = [path async for path in anyio.Path(house.host.folder.modes).iterdir()]
    for garbage in ("", "{}", '{"mode": "hots"}', '{"workspaceFolder": "/elsewhere", "mode": "host"}', "[" * 5000):
        await file.write_text(garbage)
        with pytest.raises(SettingsError, match="cannot be read"):
            await house.start()
    assert house.host.sessions() == ()
    await house.commands.toggle(house.editor, ToggleArguments(mode="host"))
    assert (await house.commands.plan(house.editor, PlanArguments())).mode == "host"


async def test_a_request_wins_over_what_was_toggled(tmp_path: Path) -> None:
    async with plain_house(tmp_path, ("about",)) as house:
        await house.commands.toggle(house.editor, ToggleArguments(mode="host"))
        house.editor.settings = {"docker": {"defaultImage": "berth-test"}}
        assert (await house.commands.plan(house.editor, PlanArguments(mode="container"))).mode == "container"


async def test_the_users_settings_may_say_it(house: House, user_settings: Path) -> None:
    file = anyio.Path(user_settings)
    await file.write_text(json.dumps({**json.loads(await file.read_text()), "berth.mode": "host"}))
    session = await house.start()
    await house.until(session, State.IDLE)
    assert (await house.commands.toggle(house.editor, ToggleArguments())).mode == "container"


async def test_a_workspace_may_not(house: House) -> None:
    house.editor.settings = {"mode": "host"}
    with pytest.raises(SettingsError, match="user's own settings only"):
        await house.start()
    assert house.host.sessions() == ()


async def test_an_engine_that_is_away_is_never_replaced_by_a_plain_process(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    for path in (tmp_path / "workspace", state.sessions, state.accounts):
        path.mkdir(parents=True)
    absent = {"DOCKER_HOST": f"unix://{tmp_path}/absent.sock"}
    async with open_host(lambda: DockerEngine(absent), state) as host:
        editor = Editor(tmp_path / "workspace")
        editor.settings = {}
        with pytest.raises(EngineError) as caught:
            await Commands(host).start(editor, wire.StartArguments())
        assert caught.value.kind == "engine-unreachable"
        assert "agent.toggle runs agents of this workspace without a container instead" in caught.value.hint
        assert host.sessions() == ()


async def test_an_agent_that_is_not_installed_is_said_with_how_to_install_it(house: House) -> None:
    house.editor.environment = {"PATH": "/nowhere", "HOME": "/nowhere"}
    session = await house.start(mode="host", agent="codex")
    await house.until(session, State.FAILED)
    error = house.host.info(session).error
    assert error is not None
    assert (error.kind, error.message) == ("agent-missing", "The program 'codex-acp' is not in the editor's PATH.")
    assert "npm install -g @agentclientprotocol/codex-acp" in error.hint


async def test_a_restart_resumes_the_conversation_and_warns_again(house: House) -> None:
    session = await house.start(mode="host", prompt="say hello")
    await turns(house, 1)
    await house.commands.restart(house.editor, wire.SessionArguments(session=session))
    await house.editor.until(lambda: house.editor.states().count(State.IDLE) >= 3)
    await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text="say again"))
    await turns(house, 2)
    assert len([body for body in house.editor.bodies(Notice) if "WITHOUT" in body.message]) == 2
    assert said(house).endswith("again")
    assert house.host.info(session).state is State.IDLE


async def test_a_crash_is_told_with_the_last_words_and_the_logs_remain(house: House) -> None:
    session = await house.start(mode="host", prompt="crash 7")
    await house.until(session, State.FAILED)
    info = house.host.info(session)
    assert info.exit is not None
    assert info.exit.code == 7
    logs = await house.commands.logs(house.editor, wire.LogsArguments(session=session))
    assert '"jsonrpc"' in logs.text


async def test_stopping_walks_the_ladder(house: House) -> None:
    session = await house.start(mode="host", prompt="hang")
    await house.until(session, State.WORKING)
    await house.commands.stop(house.editor, wire.StopArguments(session=session, grace=0.2))
    await house.until(session, State.STOPPED)


async def test_a_start_can_be_cancelled(house: House) -> None:
    await own_agent(house, [sys.executable, "-c", "import time; time.sleep(1000)"], dialect="acp")
    session = await house.start(mode="host", agent="own")
    await house.until(session, State.STARTING)
    await house.commands.stop(house.editor, wire.StopArguments(session=session))
    await house.until(session, State.STOPPED)


async def test_the_shell_opens_in_the_workspace(house: House) -> None:
    session = await house.start(mode="host")
    await house.until(session, State.IDLE)
    argv = (await house.commands.shell(house.editor, wire.SessionArguments(session=session))).argv
    assert argv[-2:] == (str(house.editor.folder), "/bin/sh")


async def test_a_rebuild_goes_into_a_container_and_back_as_it_was_toggled(tmp_path: Path) -> None:
    calls = ("about", "inspect", "create", "image", "file", "open_input", "start", "output", "wait", "signal", "remove")
    # who else runs in the workspace; whether it is confined as planned; whether it is at its limit of processes
    more = ("containers", "confinement", "pressure")
    async with plain_house(tmp_path, (*calls, *more)) as house:
        house.engine.programs[sys.executable] = house.engine.programs["scripted"]
        house.editor.settings = {"docker": {"defaultImage": "berth-test"}}
        await house.commands.toggle(house.editor, ToggleArguments(mode="host"))
        session = await house.start(name="mine")
        await house.until(session, State.IDLE)
        assert house.engine.calls == []
        for mode, image, name in (("container", "berth-test", "mine"), ("host", None, "mine (no container)")):
            await house.commands.toggle(house.editor, ToggleArguments())
            await house.commands.rebuild(house.editor, wire.RebuildArguments(session=session))
            await house.editor.until(lambda wanted=mode: house.host.info(session).mode == wanted)  # type: ignore[misc]  # a default binds it
            await house.until(session, State.IDLE)
            info = house.host.info(session)
            assert (info.image, info.name, info.container is None) == (image, name, mode == "host")
        assert house.engine.session_containers() == []


async def test_removing_ends_it_and_leaves_nothing(house: House) -> None:
    session = await house.start(mode="host", prompt="hang")
    await house.until(session, State.WORKING)
    await house.commands.remove(house.editor, wire.RemoveArguments(session=session, force=True))
    assert house.editor.gone == [session]
    assert [path.name async for path in anyio.Path(house.host.folder.root).iterdir() if path.name == "sessions"]
    assert not await anyio.Path(house.host.folder.sessions / session).exists()


async def test_no_value_is_seen_anywhere(house: House) -> None:
    house.editor.environment = {**house.editor.environment, "SECRET": CANARY}
    session = await house.start(mode="host", env={"TOKEN": CANARY}, prompt="say hello")
    await turns(house, 1)
    answer = await house.commands.plan(house.editor, PlanArguments(mode="host", env={"TOKEN": CANARY}))
    journal = b"".join(event.json for event in house.editor.events)
    info = house.host.info(session).model_dump_json()
    assert CANARY not in f"{journal.decode()} {info} {answer.model_dump_json()}"


@pytest.mark.parametrize("fields", [{"mode": "hots"}, {"mode": ""}, {"mode": 1}])
def test_a_mode_that_is_none_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="mode"):
        wire.StartArguments.model_validate(fields)


async def test_a_rebuild_that_cannot_be_planned_changes_nothing(house: House) -> None:
    session = await house.start(mode="host")
    await house.until(session, State.IDLE)
    house.editor.settings = {"nonsense": 1}
    with pytest.raises(BerthError):
        await house.commands.rebuild(house.editor, wire.RebuildArguments(session=session))
    assert house.host.info(session).state is State.IDLE
