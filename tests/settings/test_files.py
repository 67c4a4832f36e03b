import json
from pathlib import Path

import pytest

from berth.errors import SettingsError
from berth.settings.files import file_layers, user_file
from berth.settings.json_files import MAX_BYTES
from berth.settings.resolve import resolve_settings


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's settings file, not yet written."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = user_file()
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "project" / ".vscode").mkdir(parents=True)
    return tmp_path / "project"


def write_workspace(workspace: Path, content: str) -> Path:
    path = workspace / ".vscode" / "settings.json"
    path.write_text(content)
    return path


def test_no_files_are_no_layers(config: Path, workspace: Path) -> None:
    assert not config.exists()
    assert file_layers(workspace, editor_gave=False) == []


def test_the_users_file_stands_under_the_config_folder(config: Path, tmp_path: Path) -> None:
    assert config == tmp_path / "config" / "berth" / "settings.json"


def test_both_files_are_read_with_their_lines(config: Path, workspace: Path) -> None:
    config.write_text('{"$schema": "x", "agent": "codex"}')
    path = write_workspace(workspace, '{\n// c\n"editor.tabSize": 2,\n"berth.docker.defaultImage": "x",\n}')
    found = resolve_settings(file_layers(workspace, editor_gave=False))
    assert found.agent.origin.layer == "user"
    assert found.default_image is not None
    assert found.default_image.origin.place == f"{path}:4"
    assert not found.default_image.origin.trusted


def test_the_workspaces_file_is_left_to_an_editor_that_answers(config: Path, workspace: Path) -> None:
    assert not config.exists()
    write_workspace(workspace, '{"berth.agent": "codex"}')
    assert file_layers(workspace, editor_gave=True) == []


def test_settings_of_others_in_the_workspaces_file_are_no_layer(config: Path, workspace: Path) -> None:
    assert not config.exists()
    write_workspace(workspace, '{"editor.tabSize": 2, "berthing": 1}')
    assert file_layers(workspace, editor_gave=False) == []


def test_a_file_that_cannot_be_parsed_is_an_error_with_its_line(config: Path, workspace: Path) -> None:
    config.write_text('{\n"agent": secret-looking\n}')
    with pytest.raises(SettingsError) as caught:
        file_layers(workspace, editor_gave=True)
    assert caught.value.kind == "bad-settings"
    assert f"{config}:2 is not JSON" in caught.value.message
    assert "secret-looking" not in caught.value.message


@pytest.mark.parametrize(
    ("content", "says"), [(b"\xff{}", "is not UTF-8 text"), (b" " * (MAX_BYTES + 1), "is larger than 1024 KiB")]
)
def test_a_file_that_cannot_be_read_is_an_error(config: Path, workspace: Path, content: bytes, says: str) -> None:
    config.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        file_layers(workspace, editor_gave=True)


def test_a_folder_in_the_files_place_is_an_error(config: Path, workspace: Path) -> None:
    config.mkdir()
    with pytest.raises(SettingsError, match="is not a plain file"):
        file_layers(workspace, editor_gave=True)


def test_every_setting_of_the_vs_code_client_is_known_to_the_server(config: Path, workspace: Path) -> None:
    package = json.loads((Path(__file__).parents[2] / "vscode-client" / "package.json").read_text())
    groups = package["contributes"]["configuration"]
    settings = {name: schema for group in groups for name, schema in group["properties"].items()}
    defaults: dict[str, object] = {"string": "", "array": [], "object": {}, "boolean": False, "integer": 1}
    content = {name: schema.get("default", defaults[schema["type"]]) for name, schema in settings.items()}
    assert not config.exists()
    write_workspace(workspace, json.dumps(content))
    assert resolve_settings(file_layers(workspace, editor_gave=False)).agent.value == "claude"
