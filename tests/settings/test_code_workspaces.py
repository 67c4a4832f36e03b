"""Settings for several folders in one ``*.code-workspace`` file."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from berth.settings.code_workspaces import code_workspace_layers
from berth.settings.files import file_layers
from berth.settings.problems import BadSettings
from berth.settings.resolve import resolve_settings


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the folders ``api`` and ``web``."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("api", "web"):
        (tmp_path / "root" / name).mkdir(parents=True)
    return tmp_path / "root"


def write(path: Path, settings: Mapping[str, object], *folders: str) -> Path:
    path.write_text(json.dumps({"folders": [{"path": folder} for folder in folders], "settings": settings}, indent=1))
    return path


def agent(folder: Path) -> str:
    return resolve_settings(file_layers(folder, editor_gave=False)).agent.value


def test_a_file_above_counts_for_the_folders_it_lists(root: Path) -> None:
    write(root / "all.code-workspace", {"berth.agent": "codex"}, "api")
    assert (agent(root / "api"), agent(root / "web")) == ("codex", "claude")


def test_a_file_in_the_folder_counts_when_it_lists_it(root: Path) -> None:
    write(root / "api" / "api.code-workspace", {"berth.agent": "codex"}, ".")
    assert agent(root / "api") == "codex"


def test_each_folder_of_several_has_its_own_settings_over_the_common_ones(root: Path) -> None:
    write(root / "all.code-workspace", {"berth.agent": "codex", "berth.docker.defaultImage": "node"}, "api", "web")
    (root / "web" / ".vscode").mkdir()
    (root / "web" / ".vscode" / "settings.json").write_text('{"berth.agent": "gemini"}')
    found = {name: resolve_settings(file_layers(root / name, editor_gave=False)) for name in ("api", "web")}
    assert {name: settings.agent.value for name, settings in found.items()} == {"api": "codex", "web": "gemini"}
    assert {settings.default_image.value for settings in found.values() if settings.default_image} == {"node"}


def test_a_setting_is_known_by_file_and_line_and_is_the_workspaces(root: Path) -> None:
    path = write(root / "all.code-workspace", {"editor.tabSize": 2, "berth.agent": "codex"}, "api")
    origin = resolve_settings(file_layers(root / "api", editor_gave=False)).agent.origin
    assert (origin.layer, origin.place, origin.trusted) == ("workspace", f"{path}:9", False)


def test_it_is_left_to_an_editor_that_answers(root: Path) -> None:
    write(root / "all.code-workspace", {"berth.agent": "codex"}, "api")
    assert file_layers(root / "api", editor_gave=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"folders": "api", "settings": {"berth.agent": "codex"}}',
        '{"folders": [{"path": "api"}]}',
        '{"folders": [{"path": "api"}], "settings": []}',
        '{"folders": [{"path": "api"}], "settings": {"editor.tabSize": 2}}',
        '{"folders": [{"uri": "ssh://x/api"}, 1, {"path": 2}], "settings": {"berth.agent": "codex"}}',
    ],
)
def test_a_file_without_a_word_for_the_folder_is_no_layer(root: Path, text: str) -> None:
    (root / "all.code-workspace").write_text(text)
    assert code_workspace_layers(root / "api") == []


def test_a_file_that_cannot_be_read_is_named_with_its_line(root: Path) -> None:
    path = root / "all.code-workspace"
    path.write_text('{\n "folders": [{"path": "api"]\n}')
    with pytest.raises(BadSettings, match=rf"{path.name}:2 is not JSON with comments"):
        code_workspace_layers(root / "api")


def test_a_broken_file_about_other_folders_does_no_harm(root: Path) -> None:
    (root / "other.code-workspace").write_text('{"folders": [{"path": "elsewhere"')
    assert code_workspace_layers(root / "api") == []


def test_a_file_that_is_too_large_is_refused(root: Path) -> None:
    (root / "api" / "x.code-workspace").write_text(" " * 1024 * 1024 + "  ")
    with pytest.raises(BadSettings, match="is larger than 1024 KiB"):
        code_workspace_layers(root / "api")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_that_belongs_to_somebody_else_does_not_count(root: Path) -> None:
    path = write(root / "all.code-workspace", {"berth.agent": "codex"}, "api")
    os.chown(path, 12345, 12345)
    assert agent(root / "api") == "claude"
