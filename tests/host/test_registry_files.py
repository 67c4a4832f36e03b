"""Files of package tools, looked at: what leads elsewhere, what is too much, and what is kept of them."""

import os
from pathlib import Path

import pytest

from berth.errors import TrustError
from berth.host.registry_files import MAX_BYTES, look_at_registries
from berth.planning.registry_files.files import RegistryFile
from berth.planning.registry_files.named import Registries
from berth.protocol import commands as wire
from berth.protocol.plans import PlanArguments, PlanResult
from berth.protocol.session import State
from berth.settings.scopes import ScopedSection
from tests.host.test_host import SETTINGS, House
from tests.planning.plans import CANARY

TEXT = f"registry=https://npm.corp.example/\n//npm.corp.example/:_authToken={CANARY}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return folder


def look(path: Path, workspace: Path, *, users: bool = False) -> Registries:
    return look_at_registries([RegistryFile(path, "npmrc", is_users=users)], workspace)


def hosts(found: Registries) -> list[str]:
    return [registry.host for registry in found.named]


def test_a_file_is_read_and_read_again_once_it_changed(workspace: Path) -> None:
    path = workspace / ".npmrc"
    assert look(path, workspace) == Registries()
    path.write_text(TEXT)
    assert hosts(look(path, workspace)) == ["npm.corp.example"]
    path.write_text(TEXT.replace("npm.corp", "another.corp"))
    assert hosts(look(path, workspace)) == ["another.corp.example"]
    path.unlink()
    assert look(path, workspace) == Registries()


def test_a_file_of_the_workspace_that_leads_elsewhere_is_not_read(workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("link", "twice"):
        (outside / name).write_text(TEXT)
    (outside / "config.toml").write_text(TEXT)
    (workspace / ".npmrc").symlink_to(outside / "link")
    (workspace / ".cargo").symlink_to(outside)
    os.link(outside / "twice", workspace / "twice")
    for path, why in ((".npmrc", "symbolic link"), (".cargo/config.toml", "symbolic link"), ("twice", "hard link")):
        found = look(workspace / path, workspace)
        assert found.named == ()
        assert why in found.notes[0]


def test_the_users_file_may_be_a_link_but_not_into_the_workspace(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").write_text(TEXT)
    (tmp_path / ".npmrc").symlink_to(tmp_path / "dotfiles")
    assert hosts(look(tmp_path / ".npmrc", workspace, users=True)) == ["npm.corp.example"]
    (workspace / "dotfiles").write_text(TEXT)
    (tmp_path / "npmrc").symlink_to(workspace / "dotfiles")
    found = look(tmp_path / "npmrc", workspace, users=True)
    assert (found.named, "an agent can write" in found.notes[0]) == ((), True)


def test_what_is_no_small_text_is_not_read(workspace: Path) -> None:
    (workspace / "big").write_text(TEXT + "#" * MAX_BYTES)
    (workspace / "binary").write_bytes(b"\xff")
    (workspace / "folder").mkdir()
    os.mkfifo(workspace / "pipe")
    for name in ("big", "binary", "folder", "pipe"):
        found = look(workspace / name, workspace)
        assert (found.named, len(found.notes)) == ((), 1), name


@pytest.fixture
def asking(own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with settings in the editor, and none of them about the network."""
    assert own_settings.is_file()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def trusting(house: House) -> None:
    house.editor.settings = ScopedSection(user=SETTINGS, trusted=True)


async def explained(house: House) -> PlanResult:
    return await house.commands.plan(house.editor, PlanArguments())


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_a_registry_in_a_workspaces_file_is_asked_about_once_and_again_when_it_is_another(house: House) -> None:
    trusting(house)
    file = house.editor.folder / ".npmrc"
    file.write_text(TEXT)
    assert not (await explained(house)).trusted
    session = await house.start()
    await house.until(session, State.WAITING)
    [question] = house.host.info(session).input_needed
    assert f"npm.corp.example ({file}:1)" in repr(question)
    arguments = wire.RespondArguments(session=session, request=question.request, option="always")
    await house.commands.respond(house.editor, arguments)
    await house.until(session, State.IDLE)
    file.write_text(f"# the same in another line\n{TEXT}")
    assert (await explained(house)).trusted
    file.write_text(TEXT.replace("npm.corp", "evil"))
    assert not (await explained(house)).trusted


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_where_nobody_can_be_asked_it_is_refused_unless_files_are_not_to_be_read(house: House) -> None:
    trusting(house)
    (house.editor.folder / ".npmrc").write_text(TEXT)
    house.editor.asks = False
    with pytest.raises(TrustError) as caught:
        await house.start()
    assert "npm.corp.example" in caught.value.message
    docker = {**SETTINGS["docker"], "network": {"registries": False}}  # type: ignore[dict-item]  # SETTINGS is JSON
    house.editor.settings = ScopedSection(user={**SETTINGS, "docker": docker}, trusted=True)
    await house.until(await house.start(), State.IDLE)


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_a_login_in_the_users_own_file_is_nowhere_and_its_host_in_the_plan(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    trusting(house)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".npmrc").write_text(TEXT.replace("https://", f"https://me:{CANARY}@"))
    (tmp_path / "home" / ".yarnrc.yml").write_text(f"npmRegistryServer: http://127.0.0.1/{CANARY}\n")
    session = await house.start()
    await house.until(session, State.IDLE)
    await house.host.session(session).record.flush()
    plan = await explained(house)
    assert "may reach npm.corp.example" in {line.what for line in plan.lines}
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    told = b"".join(event.json for event in house.editor.events)
    assert b"npm.corp.example" in written
    assert CANARY.encode() not in written + told + plan.model_dump_json().encode() + caplog.text.encode()
    assert CANARY not in repr((house.host.session(session).plan, house.editor.infos))
