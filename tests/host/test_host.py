"""The host's commands, on the FakeEngine with the scripted agent."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from berth.errors import BerthError, InvalidArguments, SessionError, SettingsError, WorkspaceError
from berth.host.commands import Commands
from berth.host.findings import Finding
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol import commands as wire
from berth.protocol.events import TurnEnded, TurnStarted
from berth.protocol.housekeeping import SessionStats
from berth.protocol.plans import PlanArguments
from berth.protocol.session import State
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.sessions.audience import RememberingAudience

pytestmark = pytest.mark.anyio

SETTINGS = {
    "agent": "scripted",
    "agents": {"scripted": {"command": ["scripted"], "dialect": "acp", "forwardEnv": ["SCRIPTED_*"]}},
    "docker": {
        "defaultImage": "berth-test",
        "profiles": {"web": {"env": {"MODE": "dev"}}, "broken": {"volumes": ["./missing:/data"]}},
    },
}


class Editor(RememberingAudience):
    """A connection that answers what a test says."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.name = "a test"
        self.asks = True
        self.environment: Mapping[str, str] = {"SCRIPTED_API_KEY": "sk-secret", "HOME": str(folder.parent / "home")}
        self.folder = folder
        self.settings: object = SETTINGS
        self.buffers: dict[str, str] = {}
        self.edits = True
        self.gone: list[str] = []
        self.stats: list[SessionStats] = []
        self.findings: dict[Path, list[Finding]] = {}

    def folders(self) -> tuple[Path, ...]:
        return (self.folder,)

    async def configuration(self, folder: Path) -> object:
        assert folder.is_absolute()
        return self.settings

    def document(self, uri: str) -> str | None:
        return self.buffers.get(uri)

    async def edit_document(self, uri: str, *, before: str, after: str) -> bool:
        if self.buffers.get(uri) != before or not self.edits:
            return False
        self.buffers[uri] = after
        return True

    def excerpt(self, text: str, *, start: tuple[int, int], end: tuple[int, int]) -> str:
        return "\n".join(text.splitlines()[start[0] : end[0] + 1])

    def diagnostics(self, uri: str) -> str:
        return f"1:1 error in {uri}"

    def problems(self, folder: Path, findings: Sequence[Finding]) -> None:
        self.findings[folder] = list(findings)
        self._tell()

    def watch(self, folder: Path, files: Collection[Path]) -> None:
        assert all(file.is_absolute() for file in (folder, *files))

    async def show_document(self, session: str, path: Path) -> str:
        assert session
        return path.as_uri()

    def measured(self, stats: SessionStats) -> None:
        self.stats.append(stats)
        self._tell()

    def removed(self, session: str) -> None:
        self.gone.append(session)


@dataclass
class House:
    """A host, its commands, and one editor attached."""

    host: Host
    commands: Commands
    editor: Editor
    engine: FakeEngine

    async def start(self, **fields: object) -> str:
        arguments = wire.StartArguments.model_validate(fields)
        return (await self.commands.start(self.editor, arguments)).id

    async def until_adopted(self, session: str) -> None:
        """Waits until a session of an earlier host can be spoken to."""
        with anyio.fail_after(10):
            await self.host.whole.wait()
            await self.host.session(session).taken_up()

    async def until(self, session: str, state: State) -> None:
        with anyio.fail_after(10):
            await self.host.whole.wait()
        await self.editor.until(lambda: self.host.info(session).state is state)


@asynccontextmanager
async def house_in(folder: Path) -> AsyncIterator[House]:
    workspace, state = folder / "workspace", StateFolder(folder / "state")
    for path in (workspace, state.sessions, state.accounts, state.trust):
        path.mkdir(parents=True, exist_ok=True)
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        open_host(lambda: engine, state) as host,
    ):
        editor = Editor(workspace)
        host.attach(editor)
        yield House(host, Commands(host), editor, engine)


async def test_a_start_answers_at_once_and_the_session_follows(house: House) -> None:
    house.engine.gates["create"] = anyio.Event()
    session = await house.start(prompt="say hello", session="mine")
    assert session == "mine"
    house.engine.gates.pop("create").set()
    await house.editor.until(lambda: house.editor.bodies(TurnEnded))


async def test_the_same_id_twice_is_refused(house: House) -> None:
    await house.start(session="mine")
    with pytest.raises(SessionError) as caught:
        await house.start(session="mine")
    assert caught.value.kind == "session-exists"


async def test_an_id_is_free_again_when_its_start_was_refused(house: House) -> None:
    with pytest.raises(SettingsError):
        await house.start(session="mine", profile="nope")
    assert await house.start(session="mine") == "mine"


@pytest.mark.parametrize(
    ("fields", "kind", "error"),
    [
        ({"profile": "wbe"}, "unknown-profile", SettingsError),
        ({"agent": "claud"}, "unknown-agent", SettingsError),
        ({"profile": "broken"}, "bad-mount", SettingsError),
        ({"workspaceFolder": "/does/not/exist"}, "workspace-missing", WorkspaceError),
        ({"workspaceFolder": "relative"}, "invalid-arguments", InvalidArguments),
        ({"workspaceFolder": "https://example.org/x"}, "invalid-arguments", InvalidArguments),
        ({"prompt": "x", "context": [{"uri": "file:///does/not/exist"}]}, "invalid-arguments", InvalidArguments),
    ],
)
async def test_a_bad_request_is_refused_and_leaves_nothing(
    house: House, fields: dict[str, object], kind: str, error: type[BerthError]
) -> None:
    with pytest.raises(error) as caught:
        await house.start(**fields)
    assert caught.value.kind == kind
    assert house.host.sessions() == ()


async def test_a_workspace_that_is_a_file_is_refused(house: House, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(WorkspaceError) as caught:
        await house.start(workspaceFolder=str(file))
    assert caught.value.kind == "workspace-not-a-folder"


async def test_the_unsaved_buffer_reaches_the_agent(house: House) -> None:
    file = house.editor.folder / "main.py"
    file.write_text("saved")
    house.editor.buffers[file.as_uri()] = "one\nunsaved two\nthree"
    part = {"uri": file.as_uri(), "range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 9}}}
    session = await house.start(prompt="context", context=[part, {"diagnostics": file.as_uri()}, {"text": "also this"}])
    await house.editor.until(lambda: house.editor.bodies(TurnEnded))
    said = (await house.commands.snapshot(house.editor, wire.SessionArguments(session=session))).transcript
    assert "unsaved two" in said
    assert "three" not in said
    assert house.editor.bodies(TurnStarted)[0].context == ("main.py:2-2", "diagnostics of main.py", "text")


async def test_a_replay_gives_the_events_again(house: House) -> None:
    session = await house.start(prompt="say hello")
    await house.editor.until(lambda: house.editor.bodies(TurnEnded))
    arguments = wire.ReplayArguments.model_validate({"session": session, "from": 2, "limit": 3})
    answer = await house.commands.replay(house.editor, arguments)
    assert [event["seq"] for event in answer.events] == [2, 3, 4]
    assert (answer.next, answer.complete) == (5, False)
    assert list(answer.events) == [json.loads(event.json) for event in house.editor.events[1:4]]


async def test_a_replay_beyond_the_end_is_empty_and_complete(house: House) -> None:
    session = await house.start()
    await house.until(session, State.IDLE)
    last = house.host.info(session).seq
    arguments = wire.ReplayArguments.model_validate({"session": session, "from": last + 1})
    answer = await house.commands.replay(house.editor, arguments)
    assert (answer.events, answer.next, answer.complete) == ((), last + 1, True)


async def test_a_running_session_is_removed_only_by_force(house: House) -> None:
    session = await house.start()
    await house.until(session, State.IDLE)
    with pytest.raises(SessionError):
        await house.commands.remove(house.editor, wire.RemoveArguments(session=session))
    await house.commands.remove(house.editor, wire.RemoveArguments(session=session, force=True))
    assert house.editor.gone == [session]
    assert not (house.host.folder.sessions / session).exists()
    assert house.engine.session_containers() == []


async def test_a_rebuild_reads_the_settings_again(house: House) -> None:
    session = await house.start(profile="web")
    await house.until(session, State.IDLE)
    assert house.host.info(session).network == "allowlist"
    profiles = {"web": {"network": {"mode": "none"}}}
    house.editor.settings = {**SETTINGS, "docker": {"defaultImage": "other", "profiles": profiles}}
    house.engine.present.add("other")
    await house.commands.rebuild(house.editor, wire.RebuildArguments(session=session))
    await house.editor.until(lambda: house.host.info(session).image == "other")
    await house.until(session, State.IDLE)
    assert (house.host.info(session).profile, house.host.info(session).network) == ("web", "none")


async def test_the_plan_is_explained_without_starting_or_showing_a_value(house: House) -> None:
    answer = await house.commands.plan(house.editor, PlanArguments(profile="web"))
    text = answer.model_dump_json()
    assert "SCRIPTED_API_KEY" in text
    assert "sk-secret" not in text
    assert house.host.sessions() == ()
    assert not [call for call, _ in house.engine.calls if call == "create"]


@pytest.mark.parametrize("call", ["about", "containers"])
async def test_the_doctor_names_an_engine_that_is_away_also_where_it_was_known_before(house: House, call: str) -> None:
    house.engine.failures[call] = BerthError("engine-unreachable", "Docker does not answer.", "Start it.")
    answer = await house.commands.doctor(house.editor, wire.NoArguments())
    failed = [check for check in answer.checks if not check.ok]
    assert [(check.name, check.hint) for check in failed] == [("engine", "Start it.")]


async def test_a_connection_that_leaves_ends_nothing(house: House) -> None:
    session = await house.start()
    await house.until(session, State.IDLE)
    house.host.detach(house.editor)
    other = Editor(house.editor.folder)
    house.host.attach(other)
    await house.commands.prompt(other, wire.PromptArguments(session=session, text="say still here"))
    await other.until(lambda: other.bodies(TurnEnded))
    assert len(house.editor.bodies(TurnEnded)) == 0


async def test_the_first_answer_wins_between_two_editors(house: House) -> None:
    other = Editor(house.editor.folder)
    house.host.attach(other)
    session = await house.start(prompt="ask permission")
    await house.until(session, State.WAITING)
    request = house.host.info(session).input_needed[0].request
    arguments = wire.RespondArguments(session=session, request=request, option="reject_once")
    await house.commands.respond(other, arguments)
    with pytest.raises(SessionError) as caught:
        await house.commands.respond(house.editor, arguments)
    assert caught.value.kind == "already-answered"


async def test_an_option_of_the_agent_can_be_changed(house: House) -> None:
    session = await house.start()
    await house.until(session, State.IDLE)
    mode = house.host.info(session).options[0]
    await house.commands.set_option(
        house.editor, wire.SetOptionArguments(session=session, option=mode.id, value=mode.choices[1].value)
    )
    await house.editor.until(lambda: house.host.info(session).options[0].value == mode.choices[1].value)
    with pytest.raises(SessionError) as caught:
        await house.commands.set_option(
            house.editor, wire.SetOptionArguments(session=session, option="nope", value="x")
        )
    assert caught.value.kind == "unknown-option"


async def test_leaving_the_host_ends_no_container(tmp_path: Path) -> None:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        state = StateFolder(tmp_path / "state")
        for path in (tmp_path / "workspace", state.sessions, state.accounts):
            path.mkdir(parents=True)
        async with open_host(lambda: engine, state) as host:
            editor = Editor(tmp_path / "workspace")
            host.attach(editor)
            await Commands(host).start(editor, wire.StartArguments())
            await editor.until(lambda: State.IDLE in editor.states())
        assert [found.status for found in engine.session_containers()] == ["running"]
