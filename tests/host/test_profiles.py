"""The commands about profiles, on real settings files."""

import json
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.protocol import profiles as wire
from berth.protocol.command_table import COMMAND_TABLE
from berth.settings.editing.store import StoredFile
from berth.settings.files import user_file
from tests.host.test_host import House, house_in

pytestmark = pytest.mark.anyio

COMMANDS = {command.name.removeprefix("agent."): command for command in COMMAND_TABLE}

TEAM = """{
  // ours
  "editor.tabSize": 2,
  "berth.docker.profiles": {
    "base": { "env": { "CI": "1" } }, // for all
    "web": { "extends": "base", "image": "node:22", "volumes": ["npm", "pip"] }
  },
  "berth.docker.defaultProfile": "web"
}
"""


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """An editor that gives no settings, so files count; the user's own file is not there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    async with house_in(tmp_path) as house:
        house.editor.settings = None
        yield house


def file(house: House) -> Path:
    return house.editor.folder / ".vscode" / "settings.json"


def team(house: House, text: str = TEAM) -> Path:
    file(house).parent.mkdir(exist_ok=True)
    file(house).write_text(text)
    return file(house)


def write_user(text: str) -> Path:
    user_file().parent.mkdir(parents=True, exist_ok=True)
    user_file().write_text(text)
    return user_file()


async def run(house: House, command: str, **fields: object) -> Any:
    row = COMMANDS[command]
    return await getattr(house.commands, row.method)(house.editor, row.arguments.model_validate(fields))


async def refusal(house: House, command: str, **fields: object) -> BerthError:
    before = file(house).read_bytes() if file(house).exists() else None
    with pytest.raises(BerthError) as caught:
        await run(house, command, **fields)
    assert (file(house).read_bytes() if file(house).exists() else None) == before
    return caught.value


def named(result: wire.ProfilesResult) -> dict[str, wire.ProfileInfo]:
    return {profile.name: profile for profile in result.profiles}


async def test_profiles_are_listed_with_what_they_come_to(house: House) -> None:
    path = team(house)
    listed = await run(house, "profiles")
    assert listed.default == "web"
    web = named(listed)["web"]
    assert (web.layer, web.place, web.inherits) == ("workspace", f"{path}:6", ("base",))
    assert (web.image, web.agent, web.is_default, web.problem) == ("node:22", None, True, None)
    assert web.summary == "node:22, 2 mounts, extends base"
    assert named(listed)["base"].summary == "Berth’s own image"


async def test_templates_are_offered_where_there_are_no_profiles(house: House) -> None:
    listed = await run(house, "profiles")
    assert (listed.default, listed.profiles) == (None, ())
    assert [one.name for one in listed.templates] == ["node", "python", "python-ml", "rust", "go", "java", "zig"]


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ({"extends": "gone"}, "which is no profile"),
        ({"extends": "bad"}, "closes a circle"),
        ({"image": 5}, "berth.docker.profiles.bad.image must be a string"),
        ("node", "must be an object"),
    ],
)
async def test_a_bad_profile_says_why_and_hides_no_other(house: House, profile: object, says: str) -> None:
    settings = {"berth.docker.profiles": {"good": {}, "bad": profile, "child": {"extends": "bad"}, "a b": {}}}
    team(house, json.dumps(settings))
    listed = named(await run(house, "profiles"))
    assert says in (listed["bad"].problem or "")
    assert listed["child"].problem is not None
    assert "is not a name" in (listed["a b"].problem or "")
    assert (listed["good"].problem, listed["good"].summary) == (None, "Berth’s own image")


async def test_settings_that_are_wrong_elsewhere_cannot_be_listed(house: House) -> None:
    team(house, '{"berth.agnt": "x"}')
    assert (await refusal(house, "profiles")).kind == "bad-settings"


async def test_a_template_is_added_to_a_file_that_was_not_there(house: House) -> None:
    added = await run(house, "addProfile", name="web", template="node", makeDefault=True)
    assert added.file == file(house).as_uri()
    assert json.loads(file(house).read_text()) == {
        "berth.docker.profiles": {"web": {"volumes": ["npm"], "env": {"NODE_ENV": "development"}}},
        "berth.docker.defaultProfile": "web",
    }
    assert (added.profiles.default, added.unsaved) == ("web", False)
    assert named(added.profiles)["web"].place == f"{file(house)}:3"


async def test_a_profile_is_added_and_all_else_stays(house: House) -> None:
    path = team(house)
    await run(house, "addProfile", name="docs", profile={"image": "python:3"})
    new = ',\n    "docs": {\n      "image": "python:3"\n    }'
    assert path.read_text().replace(new, "") == TEAM


async def test_a_template_that_only_the_user_may_have_goes_to_the_users_file(house: House) -> None:
    added = await run(house, "addProfile", name="ml", template="python-ml")
    assert added.file == user_file().as_uri()
    assert json.loads(user_file().read_text())["docker"]["profiles"]["ml"]["resources"]["gpus"] == "all"
    assert stat.S_IMODE(user_file().stat().st_mode) == 0o600
    assert not file(house).exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"profile": {"image": 5}}, "profile.image must be a string"),
        ({"profile": {"imag": "x"}}, "profile.imag is not a setting – perhaps “image” is meant"),
        ({"profile": {"env": {"A-B": "x"}}}, "profile.env.A-B is not a name"),
        ({"profile": {"image": "x\0"}}, "must not contain a NUL"),
        ({"template": "nod"}, "perhaps “node” is meant"),
        ({}, "either a template or a profile"),
        ({"template": "node", "profile": {}}, "either a template or a profile"),
    ],
)
async def test_a_profile_that_cannot_be_one_is_refused(house: House, fields: dict[str, object], says: str) -> None:
    error = await refusal(house, "addProfile", name="x", **fields)
    assert error.kind == "invalid-arguments"
    assert says in error.message


async def test_a_name_that_is_taken_is_refused_wherever_it_stands(house: House) -> None:
    team(house)
    write_user('{"docker": {"profiles": {"mine": {}}}}')
    for command, fields in (
        ("addProfile", {"name": "mine", "profile": {}}),
        ("copyProfile", {"name": "web", "to": "mine"}),
        ("renameProfile", {"name": "base", "to": "web"}),
    ):
        assert (await refusal(house, command, **fields)).kind == "profile-exists"


async def test_a_profile_is_copied_with_its_comments(house: House) -> None:
    path = team(house, TEAM.replace('"image": "node:22"', '/* pinned */ "image": "node:22"'))
    copied = await run(house, "copyProfile", name="web", to="web2")
    assert path.read_text().count("/* pinned */") == 2
    assert named(copied.profiles)["web2"].image == "node:22"


async def test_a_copy_can_go_to_the_users_own_file(house: House) -> None:
    team(house)
    await run(house, "copyProfile", name="web", to="mine", scope="user")
    assert file(house).read_text() == TEAM
    assert json.loads(user_file().read_text())["docker"]["profiles"]["mine"]["image"] == "node:22"


async def test_a_profile_of_the_editors_own_settings_is_copied_into_the_workspace(house: House) -> None:
    house.editor.settings = {"docker": {"profiles": {"web": {"image": "node:22"}}}}
    copied = await run(house, "copyProfile", name="web", to="web2")
    assert json.loads(file(house).read_text()) == {"berth.docker.profiles": {"web2": {"image": "node:22"}}}
    assert set(named(copied.profiles)) == {"web", "web2"}


async def test_a_renamed_profile_is_followed(house: House) -> None:
    path = team(house)
    renamed = await run(house, "renameProfile", name="base", to="ground")
    assert path.read_text() == TEAM.replace('"base"', '"ground"')
    assert named(renamed.profiles)["web"].inherits == ("ground",)
    await run(house, "renameProfile", name="web", to="site")
    assert '"berth.docker.defaultProfile": "site"' in path.read_text()


async def test_a_profile_that_is_extended_is_not_removed(house: House) -> None:
    path = team(house)
    error = await refusal(house, "removeProfile", name="base")
    assert error.kind == "profile-in-use"
    assert f"“web” ({path}:6)" in error.message


async def test_a_removed_profile_takes_the_default_along(house: House) -> None:
    path = team(house)
    removed = await run(house, "removeProfile", name="web")
    assert (removed.profiles.default, set(named(removed.profiles))) == (None, {"base"})
    assert "// ours" in path.read_text()
    assert "// for all" in path.read_text()


async def test_a_profile_in_two_files_needs_a_scope(house: House) -> None:
    path = team(house)
    user = write_user('{"docker": {"profiles": {"web": {}}}}')
    error = await refusal(house, "removeProfile", name="web")
    assert error.kind == "profile-elsewhere"
    assert f"{path} and {user}" in error.message
    await run(house, "removeProfile", name="web", scope="user")
    assert json.loads(user.read_text()) == {"docker": {"profiles": {}}}
    assert path.read_text() == TEAM


async def test_a_profile_of_a_code_workspace_is_changed_there(house: House) -> None:
    path = house.editor.folder / "all.code-workspace"
    text = '{"folders": [{"path": "."}], "settings": {"berth.docker.profiles": {"web": {}} /* c */}}'
    path.write_text(text)
    renamed = await run(house, "renameProfile", name="web", to="site")
    assert renamed.file == path.as_uri()
    assert path.read_text() == text.replace("web", "site")
    assert not file(house).exists()


async def test_a_profile_in_no_file_says_where_it_stands(house: House) -> None:
    house.editor.settings = {"docker": {"profiles": {"web": {}}}}
    error = await refusal(house, "renameProfile", name="web", to="site")
    assert error.kind == "profile-elsewhere"
    assert "but at berth.docker.profiles.web" in error.message


async def test_an_editor_that_has_not_read_the_file_again_is_told_what_comes(house: House) -> None:
    team(house)
    house.editor.settings = {"docker": {"profiles": {"base": {"env": {"CI": "1"}}, "web": {"extends": "base"}}}}
    renamed = await run(house, "renameProfile", name="base", to="ground")
    assert set(named(renamed.profiles)) == {"ground", "web"}
    again = await run(house, "renameProfile", name="ground", to="floor")
    assert named(again.profiles)["web"].inherits == ("floor",)


async def test_an_unknown_profile_is_refused_with_those_there_are(house: House) -> None:
    team(house)
    error = await refusal(house, "removeProfile", name="wbe")
    assert error.kind == "unknown-profile"
    assert "perhaps “web” is meant" in error.message


async def test_the_default_is_set_and_taken_out(house: House) -> None:
    path = team(house)
    changed = await run(house, "setDefaultProfile", name="base")
    assert path.read_text() == TEAM.replace('Profile": "web"', 'Profile": "base"')
    assert changed.profiles.default == "base"
    changed = await run(house, "setDefaultProfile", name=None)
    assert (changed.profiles.default, "default" in path.read_text()) == (None, False)


async def test_a_default_of_the_users_stays_in_the_users_file(house: House) -> None:
    user = write_user('{"docker": {"profiles": {"mine": {}}}}')
    await run(house, "setDefaultProfile", name="mine")
    assert json.loads(user.read_text())["docker"]["defaultProfile"] == "mine"
    assert not file(house).exists()


async def test_no_default_is_nothing_to_take_out(house: House) -> None:
    changed = await run(house, "setDefaultProfile", name=None)
    assert (changed.profiles.default, file(house).exists()) == (None, False)
    house.editor.settings = {"docker": {"profiles": {"web": {}}, "defaultProfile": "web"}}
    assert (await refusal(house, "setDefaultProfile", name=None)).kind == "profile-elsewhere"


async def test_unsaved_changes_are_edited_in_the_editor(house: House) -> None:
    path = team(house)
    unsaved = TEAM.replace('"image": "node:22"', '"image": "node:24"')
    house.editor.buffers[path.as_uri()] = unsaved
    edited = await run(house, "renameProfile", name="web", to="site")
    assert path.read_text() == TEAM
    assert house.editor.buffers[path.as_uri()] == unsaved.replace('"web"', '"site"')
    assert edited.unsaved
    assert named(edited.profiles)["site"].image == "node:24"
    assert (await refusal(house, "addProfile", name="site", profile={})).kind == "profile-exists"


async def test_unsaved_changes_that_the_editor_keeps_to_itself_must_be_saved_first(house: House) -> None:
    path = team(house)
    house.editor.buffers[path.as_uri()] = "{}"
    house.editor.edits = False
    error = await refusal(house, "addProfile", name="x", profile={})
    assert error.kind == "settings-unsaved"
    assert "Save it first" in error.hint


async def test_an_open_file_without_changes_is_written(house: House) -> None:
    path = team(house, "\ufeff" + TEAM.replace("\n", "\r\n"))
    house.editor.buffers[path.as_uri()] = TEAM
    edited = await run(house, "renameProfile", name="web", to="site")
    assert not edited.unsaved
    assert path.read_bytes().decode() == "\ufeff" + TEAM.replace("\n", "\r\n").replace('"web"', '"site"')


async def test_the_mode_of_a_file_is_kept(house: House) -> None:
    path = team(house)
    path.chmod(0o640)
    await run(house, "removeProfile", name="web")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(path.parent) == ["settings.json"]  # noqa: PTH208 - nothing is left beside it


async def test_a_link_inside_the_workspace_is_followed(house: House) -> None:
    real = house.editor.folder / "shared.json"
    real.write_text(TEAM)
    file(house).parent.mkdir()
    file(house).symlink_to(real)
    await run(house, "renameProfile", name="web", to="site")
    assert real.read_text() == TEAM.replace('"web"', '"site"')
    assert file(house).is_symlink()


async def test_a_link_out_of_the_workspace_is_not_followed(house: House, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(TEAM)
    file(house).parent.mkdir()
    file(house).symlink_to(outside)
    error = await refusal(house, "renameProfile", name="web", to="site")
    assert (error.kind, str(outside) in error.message) == ("settings-elsewhere", True)
    assert outside.read_text() == TEAM


async def test_a_folder_that_leads_out_of_the_workspace_is_not_written_into(house: House, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (house.editor.folder / ".vscode").symlink_to(tmp_path / "elsewhere")
    assert (await refusal(house, "addProfile", name="x", profile={})).kind == "settings-elsewhere"
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_a_change_by_others_in_between_is_not_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path, replace = team(house), StoredFile.replace
    seen: list[bool] = []

    def late(stored: StoredFile, before: str, after: str) -> bool:
        if not seen:
            path.write_text(TEAM.replace("// ours", "// ours, and new"))
        seen.append(replace(stored, before, after))
        return seen[-1]

    monkeypatch.setattr(StoredFile, "replace", late)
    await run(house, "renameProfile", name="web", to="site")
    assert seen == [False, True]
    assert path.read_text() == TEAM.replace("// ours", "// ours, and new").replace('"web"', '"site"')


async def test_a_file_that_changes_all_the_time_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    team(house)
    monkeypatch.setattr(StoredFile, "replace", lambda *_: False)
    assert (await refusal(house, "renameProfile", name="web", to="site")).kind == "settings-changed"


async def test_a_folder_that_cannot_be_made_is_an_error(house: House) -> None:
    (house.editor.folder / ".vscode").write_text("")
    error = await refusal(house, "addProfile", name="x", profile={})
    assert error.kind == "settings-unwritable"
    assert str(file(house)) in error.message


@pytest.mark.parametrize(
    ("text", "line"),
    [('{\n"berth.docker": 3}', 2), ('{\n"berth.agnt": "x"}', 2), ('{\n"a": {,}\n}', 2), ("{", 1)],
)
async def test_a_file_that_cannot_be_changed_names_its_line(house: House, text: str, line: int) -> None:
    team(house, text)
    error = await refusal(house, "addProfile", name="x", profile={})
    assert error.kind == "bad-settings"
    assert f"{file(house)}:{line}" in error.message


async def test_a_dotted_key_takes_no_name_with_dots(house: House) -> None:
    team(house, '{"berth.docker.profiles.web": {"image": "x"}}')
    error = await refusal(house, "renameProfile", name="web", to="a.b")
    assert (error.kind, error.message.startswith("to: ")) == ("invalid-arguments", True)
    await run(house, "renameProfile", name="web", to="site")
    assert file(house).read_text() == '{"berth.docker.profiles.site": {"image": "x"}}'


async def test_a_profile_is_not_written_when_it_would_be_a_bad_one(house: House) -> None:
    team(house, '{"berth.docker.profiles": {"web": {"image": 5}}}')
    error = await refusal(house, "copyProfile", name="web", to="web2")
    assert (error.kind, "must be a string" in error.message) == ("bad-settings", True)


async def test_no_value_of_a_variable_is_in_what_is_answered(house: House) -> None:
    team(house, '{"berth.docker.profiles": {"web": {"env": {"KEY": "canary", "A-B": "canary2"}}}}')
    assert "canary" not in (await run(house, "profiles")).model_dump_json()
    error = await refusal(house, "addProfile", name="x", profile={"env": {"A": ["canary"]}})
    assert "canary" not in str(error)
