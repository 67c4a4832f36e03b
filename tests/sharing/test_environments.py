"""Each editor's environment is its own, and goes nowhere else."""

import json
import sys
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from berth.sharing.keys import VARIABLES, code_key, place_key
from berth.sharing.place import LONGEST_PATH, find_place, place_of
from berth.sharing.spawning import own_environment
from tests.lsp.asking import events, info_is
from tests.lsp.editor import Editor
from tests.sharing.town import Town

pytestmark = pytest.mark.anyio

CANARY = "canary-6fb1c0de"
TELLER = {"teller": {"command": ["sh", "-c", 'echo "I am $S_WHO"; exec cat'], "dialect": "lines"}}


async def test_forwarded_variables_are_those_of_the_editor_that_asks(town: Town, tmp_path: Path) -> None:
    config = anyio.Path(tmp_path / "config" / "berth")
    await config.mkdir(parents=True)
    settings = {"agent": "teller", "agents": TELLER, "docker": {"forwardEnv": ["S_WHO"]}}
    await (config / "settings.json").write_text(json.dumps(settings))
    town.environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    async with town.caller(S_WHO="first") as one, town.caller(S_WHO="second") as two:
        for editor, name in ((one, "first"), (two, "second")):
            await open_teller(editor, tmp_path / "w")
            info = await editor.command("agent.start", {"mode": "host"})
            await editor.until(lambda: f"I am {name}" in heard(editor, info["id"]))  # noqa: B023 - awaited at once


async def open_teller(editor: Editor, workspace: Path) -> None:
    await anyio.Path(workspace).mkdir(exist_ok=True)
    folders = [{"uri": workspace.as_uri(), "name": "w"}]
    await editor.initialize(workspaceFolders=folders, initializationOptions={"berth": {"notifications": True}})


def heard(editor: Editor, session: str) -> str:
    return json.dumps(events(editor, session))


async def test_no_variable_of_an_editor_is_in_a_file_or_in_the_hosts_own_environment(
    town: Town, tmp_path: Path
) -> None:
    variables = {"S_SECRET": CANARY, "AWS_SECRET_ACCESS_KEY": CANARY}
    async with town.editor(workspace=tmp_path / "w", **variables) as editor:
        await editor.command("agent.start", {"prompt": "say hello", "session": "mine"})
        await editor.until(lambda: info_is(editor, "mine", "idle"))
        pid = (await town.host())["pid"]
        assert CANARY not in json.dumps(await to_thread.run_sync(town.hosts))
        own = anyio.Path(f"/proc/{pid}/environ")
        if await own.exists():
            assert CANARY.encode() not in await own.read_bytes()
    assert await to_thread.run_sync(holding_canary, town) == []


def holding_canary(town: Town) -> list[Path]:
    files = [path for folder in (town.folder, town.state) for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" and path.stat().st_size for path in files), "the host logs at DEBUG"
    return [path for path in files if CANARY.encode() in path.read_bytes()]


async def test_status_shows_where_each_editor_works(town: Town) -> None:
    async with town.caller() as editor:
        await editor.initialize(clientInfo={"name": "Ed", "version": "1"})
        (connection,) = (await town.host())["connections"]
        assert connection["name"] == "Ed 1"
        assert connection["pid"] == editor.process.pid
        assert connection["folder"] == str(Path(__file__).parents[2])


@pytest.mark.parametrize("name", VARIABLES)
def test_another_engine_state_folder_or_home_is_another_place(name: str) -> None:
    assert place_key({name: "/a"}) != place_key({name: "/b"})
    assert place_key({name: "/a", "EDITOR": "vi"}) == place_key({name: "/a"})


def test_an_edited_file_is_another_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "berth"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.setattr("berth.__file__", str(package / "__init__.py"))
    before = code_key()
    assert code_key() == before
    (package / "more.py").write_text("")
    assert code_key() != before


def test_paths_of_sockets_fit_however_long_the_folder_is(tmp_path: Path) -> None:
    place = find_place({"BERTH_STATE_DIR": str(tmp_path / ("deep" * 30)), "TMPDIR": "/tmp"})
    assert len(place.door("0" * 8)) <= LONGEST_PATH
    assert place_of(place.door("0" * 8)).lock == place.lock


def test_a_host_keeps_what_it_needs_and_nothing_else() -> None:
    given = {"PATH": "/bin", "LC_ALL": "C", "DOCKER_HOST": "unix:///x", "GITHUB_TOKEN": CANARY, "S_X": CANARY}
    kept = own_environment(given)
    assert {name: kept.get(name) for name in given} == given | {"GITHUB_TOKEN": None, "S_X": None}


def test_a_host_finds_the_package_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    kept = own_environment({"PYTHONPATH": "lib", "BERTH_STATE_DIR": "state"})
    assert kept["PYTHONPATH"].split(":")[0] == str(tmp_path / "lib")
    assert kept["BERTH_STATE_DIR"] == str(tmp_path / "state")
    assert place_key(kept | {"PYTHONPATH": ""}) == place_key({"BERTH_STATE_DIR": "state"})


def test_a_relay_imports_nothing_heavy() -> None:
    import subprocess  # noqa: PLC0415 - only here

    heavy = ("pygls", "lsprotocol", "docker", "pydantic", "anyio", "asyncio", "logging", "pathlib", "dataclasses")
    needed = "berth.cli, berth.sharing.relay, berth.sharing.unix.sockets, berth.sharing.loopback.ports"
    program = f"import sys, {needed}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
