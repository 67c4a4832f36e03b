"""Settings that change while sessions run."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from berth.errors import SettingsError
from berth.host import reload as module
from berth.host.reload import Reload
from berth.planning.environment_files import UNTRUSTED
from berth.protocol import commands as wire
from berth.protocol.plans import PlanArguments
from berth.protocol.session import State
from berth.settings.scopes import ScopedSection
from tests.host.test_host import SETTINGS, House, house_in
from tests.host.test_settings_of_folders import docker

pytestmark = pytest.mark.anyio


@dataclass
class Watched:
    """A house whose settings are followed, with one session that runs."""

    house: House
    reload: Reload
    session: str

    @property
    def outdated(self) -> bool:
        return self.house.host.info(self.session).outdated

    async def until_outdated(self, *, expected: bool) -> None:
        await self.house.editor.until(lambda: self.outdated is expected)

    async def looked(self, change: Callable[[], None]) -> None:
        """Makes a change known and waits until it was looked at."""
        self.house.editor.findings.clear()
        change()
        await self.house.editor.until(lambda: self.house.editor.folder in self.house.editor.findings)
        await anyio.wait_all_tasks_blocked()


@pytest.fixture
async def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    monkeypatch.setattr(module, "COALESCE_SECONDS", 0.01)
    async with house_in(tmp_path) as house, following(house) as reload:
        session = await house.start(session="mine")
        await house.until(session, State.IDLE)
        yield Watched(house, reload, session)


@asynccontextmanager
async def following(house: House) -> AsyncIterator[Reload]:
    reload = Reload(house.host, house.commands, house.editor)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reload.run)
        yield reload
        tasks.cancel_scope.cancel()


async def test_a_session_whose_plan_would_differ_is_marked_and_otherwise_left_alone(watched: Watched) -> None:
    before = watched.house.host.info("mine")
    watched.house.editor.settings = docker(resources={"memory": "1g"})
    watched.reload.settings_changed()
    await watched.until_outdated(expected=True)
    now = watched.house.host.info("mine")
    assert now.model_copy(update={"outdated": False}) == before
    assert len(watched.house.engine.session_containers()) == 1
    assert "remove" not in [call for call, _ in watched.house.engine.calls]


async def test_the_mark_goes_when_the_settings_are_put_back(watched: Watched) -> None:
    watched.house.editor.settings = docker(resources={"memory": "1g"})
    watched.reload.settings_changed()
    await watched.until_outdated(expected=True)
    watched.house.editor.settings = SETTINGS
    watched.reload.settings_changed()
    await watched.until_outdated(expected=False)


async def test_the_mark_goes_with_a_rebuild(watched: Watched) -> None:
    watched.house.editor.settings = docker(resources={"memory": "1g"})
    watched.reload.settings_changed()
    await watched.until_outdated(expected=True)
    await watched.house.commands.rebuild(watched.house.editor, wire.RebuildArguments(session="mine"))
    assert not watched.outdated
    await watched.looked(watched.reload.settings_changed)
    await watched.house.until("mine", State.IDLE)
    assert not watched.outdated


async def test_settings_that_do_not_matter_to_a_session_do_not_mark_it(watched: Watched) -> None:
    watched.house.editor.settings = docker(profiles={"web": {"image": "other"}}, forwardEnv=["NOT_THERE"])
    await watched.looked(watched.reload.settings_changed)
    assert not watched.outdated


async def test_settings_that_moved_to_another_line_do_not_mark_a_session(watched: Watched) -> None:
    (watched.house.editor.folder / ".env").write_text("A=1\n")
    env = watched.house.editor.folder / ".env"
    watched.reload.file_changed(env)
    await watched.until_outdated(expected=True)
    await watched.house.commands.rebuild(watched.house.editor, wire.RebuildArguments(session="mine"))
    env.write_text("# a remark\n\nA=1\n")
    await watched.looked(lambda: watched.reload.file_changed(env))
    assert not watched.outdated


@pytest.mark.parametrize("broken", [{"agnet": 1}, {"agent": "nobody"}, docker(profiles={"x": 1})])
async def test_settings_that_are_broken_meanwhile_change_nothing(watched: Watched, broken: object) -> None:
    for outdated, good in ((False, SETTINGS), (True, docker(resources={"memory": "1g"}))):
        watched.house.editor.settings = good
        watched.reload.settings_changed()
        await watched.until_outdated(expected=outdated)
        watched.house.editor.settings = broken
        await watched.looked(watched.reload.settings_changed)
        assert watched.outdated is outdated
        assert [session.info.id for session in watched.house.host.sessions()] == ["mine"]


async def test_changes_that_come_together_are_one_look(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    async def configuration(folder: Path) -> object:
        asked.append(folder)
        return SETTINGS

    monkeypatch.setattr(watched.house.editor, "configuration", configuration)

    def change() -> None:
        for _ in range(20):
            watched.reload.settings_changed()
            watched.reload.file_changed(watched.house.editor.folder / ".env")

    await watched.looked(change)
    assert len(asked) == 2  # to check, and to plan the one session again


async def test_a_file_without_settings_is_not_looked_at(watched: Watched) -> None:
    watched.reload.file_changed(watched.house.editor.folder / "main.py")
    await anyio.wait_all_tasks_blocked()
    assert watched.house.editor.findings == {}


async def test_an_env_file_that_settings_name_is_followed_wherever_it_is(watched: Watched) -> None:
    path = watched.house.editor.folder / "config" / "dev"
    path.parent.mkdir()
    path.write_text("A=1")
    watched.house.editor.settings = docker(defaultEnvFile="config/dev")
    watched.reload.settings_changed()
    await watched.until_outdated(expected=True)
    path.write_text("A B C")
    await watched.looked(lambda: watched.reload.file_changed(path))
    [finding] = watched.house.editor.findings[watched.house.editor.folder]
    assert (finding.file, finding.line, finding.kind) == (path, 1, "bad-env-file")


async def test_an_editor_that_does_not_answer_leaves_everything_as_it_was(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = anyio.Event()

    async def configuration(folder: Path) -> object:
        asked.set()
        raise SettingsError("bad-settings", f"No answer for {folder}.")

    monkeypatch.setattr(watched.house.editor, "configuration", configuration)
    watched.reload.settings_changed()
    with anyio.fail_after(5):
        await asked.wait()
    await anyio.wait_all_tasks_blocked()
    assert watched.house.editor.findings == {}
    monkeypatch.undo()
    await watched.looked(watched.reload.settings_changed)


async def test_what_was_said_of_a_folder_is_taken_back_when_it_is_closed(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = watched.house.editor.folder
    (folder / ".env").write_text("A B")
    await watched.looked(watched.reload.settings_changed)
    assert len(watched.house.editor.findings[folder]) == 1
    monkeypatch.setattr(watched.house.editor, "folders", tuple)
    watched.reload.settings_changed()
    await watched.house.editor.until(lambda: watched.house.editor.findings[folder] == [])


opened: list[str] | None = None
"""Paths that were opened while somebody counts."""


def remember_open(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and opened is not None and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(remember_open)  # a hook stays for ever, so it asks whether somebody counts


@contextmanager
def counting_opens() -> Iterator[list[str]]:
    global opened  # noqa: PLW0603 - the hook is global as well
    found: list[str] = []
    opened = found
    try:
        yield found
    finally:
        opened = None


@pytest.mark.parametrize("trusted", [True, False])
async def test_no_file_of_a_workspace_without_trust_is_opened(watched: Watched, *, trusted: bool) -> None:
    folder = watched.house.editor.folder
    for name in (".vscode/settings.json", "x.code-workspace", ".env", "dev.env", ".berth/Dockerfile"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}" if "." in name[1:] and "env" not in name else "A=1")
    user = {**SETTINGS, "docker": {"defaultImage": "x", "defaultEnvFile": "dev.env"}}
    watched.house.editor.settings = ScopedSection(user=user, workspace={"agent": "other"}, trusted=trusted)
    with counting_opens() as paths:
        await watched.looked(watched.reload.settings_changed)
        if not trusted:
            plan = await watched.house.commands.plan(watched.house.editor, PlanArguments())
            assert UNTRUSTED in plan.notes
            assert f"{folder}/dev.env, the defaultEnvFile, is in this workspace and is not read." in plan.notes
    assert any(path.startswith(str(folder)) for path in paths) is trusted
