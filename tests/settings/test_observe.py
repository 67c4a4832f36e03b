import os
from pathlib import Path

import pytest

from berth.errors import SettingsError
from berth.settings.observe import observe


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return folder


def refused(path: Path, workspace: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        observe([path], [], workspace=workspace)
    assert caught.value.kind == "bad-env-file"
    return caught.value.message


def test_files_that_exist_are_read_and_others_are_left_out(workspace: Path) -> None:
    (workspace / ".env").write_text("A=1")
    found = observe([workspace / ".env", workspace / "no", workspace / ".env" / "x"], [], workspace=workspace)
    assert found.files == {workspace / ".env": "A=1"}


def test_a_folder_in_an_env_files_place_is_no_env_file(workspace: Path) -> None:
    (workspace / ".env").mkdir()
    assert observe([workspace / ".env"], [], workspace=workspace).files == {}


def test_paths_that_exist_are_told_with_their_links(workspace: Path) -> None:
    (workspace / "real").mkdir()
    (workspace / "link").symlink_to("real")
    (workspace / "broken").symlink_to("gone")
    paths = [workspace / name for name in ("real", "link", "broken", "gone", "x" * 300)]
    found = observe([], paths, workspace=workspace)
    assert found.existing == {workspace / "real", workspace / "link"}
    assert found.links == {workspace / "link": workspace / "real"}


def test_an_env_file_in_the_workspace_that_is_a_link_is_refused(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("A=canary")
    (workspace / ".env").symlink_to(tmp_path / "secret")
    assert "symbolic link" in refused(workspace / ".env", workspace)


def test_an_env_file_behind_a_linked_folder_is_refused(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.env").write_text("A=canary")
    (workspace / "folder").symlink_to(tmp_path / "outside")
    assert "symbolic link" in refused(workspace / "folder" / "x.env", workspace)


def test_an_env_file_with_a_second_name_is_refused(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("A=canary")
    os.link(tmp_path / "secret", workspace / ".env")
    assert "hard link" in refused(workspace / ".env", workspace)


def test_an_env_file_outside_may_be_a_link(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1")
    (tmp_path / "link").symlink_to("real")
    found = observe([tmp_path / "link"], [], workspace=workspace)
    assert list(found.files.values()) == ["A=1"]


def test_an_env_file_that_is_a_pipe_is_refused_and_not_waited_for(workspace: Path) -> None:
    os.mkfifo(workspace / ".env")
    assert "is not a plain file" in refused(workspace / ".env", workspace)


@pytest.mark.parametrize(("content", "says"), [(b"\xff", "is not UTF-8"), (b"#" * 65_537, "is larger than 64 KiB")])
def test_an_env_file_that_cannot_be_used_is_refused(workspace: Path, content: bytes, says: str) -> None:
    (workspace / ".env").write_bytes(content)
    assert says in refused(workspace / ".env", workspace)


def test_an_env_file_that_cannot_be_opened_is_refused(workspace: Path) -> None:
    assert "cannot be read" in refused(workspace / ("x" * 300), workspace)
