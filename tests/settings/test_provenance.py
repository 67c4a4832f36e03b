"""Where the editor's values come from: its scopes, and the files of the workspace."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.settings.code_workspaces import code_workspace_files
from berth.settings.gathered import gathered_layers, is_trusted
from berth.settings.layers import Layer
from berth.settings.origin import Origin
from berth.settings.provenance import placed
from berth.settings.resolve import resolve_settings
from berth.settings.scopes import ScopedSection
from berth.settings.settings import Settings
from berth.settings.watched import concerns


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "project"
    (folder / ".vscode").mkdir(parents=True)
    return folder


def write(workspace: Path, text: str) -> Path:
    path = workspace / ".vscode" / "settings.json"
    path.write_text(text)
    return path


def settled(workspace: Path, given: object) -> Settings:
    return resolve_settings(gathered_layers(workspace, given))


def image_origin(settings: Settings) -> Origin:
    assert settings.default_image is not None
    return settings.default_image.origin


def test_a_value_that_the_workspaces_file_has_too_is_the_workspaces(workspace: Path) -> None:
    path = write(workspace, '{\n  "berth.docker.default_image": "node" // ours\n}')
    found = settled(workspace, {"agent": "codex", "docker": {"default_image": "node"}})
    assert image_origin(found) == Origin("workspace", f"{path}:2", trusted=False)
    assert found.agent.origin == Origin("editor", "berth.agent", trusted=False)


@pytest.mark.parametrize("given_value", ["other", True, ["node"]])
def test_another_value_under_the_same_key_stays_the_editors(workspace: Path, given_value: object) -> None:
    write(workspace, '{"berth.agents": {"a": {"command": ["node"]}}, "berth.docker.allowedImages": 1}')
    [layer] = placed(Layer("editor", {"docker": {"allowedImages": given_value}}), gathered_layers(workspace, None))
    assert layer.name == "editor"


def test_one_profile_may_come_from_two_places(workspace: Path) -> None:
    path = write(workspace, '{\n"berth.docker.profiles": {\n"web": {\n"env": {"A": "1"},\n"image": "theirs"}}}')
    given = {"docker": {"profiles": {"web": {"env": {"A": "1", "B": "2"}, "image": "mine"}}}}
    profile = settled(workspace, given).profiles["web"]
    assert {name: value.origin.place for name, value in profile.env.items()} == {
        "A": f"{path}:4",
        "B": "berth.docker.profiles.web.env.B",
    }
    assert profile.image is not None
    assert (profile.image.value, profile.image.origin.layer) == ("mine", "editor")


def test_a_code_workspace_file_is_named_with_its_line(workspace: Path) -> None:
    path = workspace / "all.code-workspace"
    path.write_text('{"folders": [{"path": "."}],\n"settings": {"berth.docker.defaultImage": "node"}}')
    assert image_origin(settled(workspace, {"docker": {"defaultImage": "node"}})).place == f"{path}:2"


@pytest.mark.parametrize("broken", ["{", '{"berth.docker.defaultImage": 1}', "[]"])
def test_a_file_that_tells_nothing_leaves_the_editors_values_alone(workspace: Path, broken: str) -> None:
    write(workspace, broken)
    (workspace / "x.code-workspace").write_text("{")
    assert image_origin(settled(workspace, {"docker": {"defaultImage": "node"}})).layer == "editor"


def test_scopes_say_who_wrote_what(workspace: Path) -> None:
    path = write(workspace, '{\n"berth.agent": "gemini"}')
    given = ScopedSection(
        user={"agent": "claude", "docker.defaultImage": "mine"},
        workspace={"docker.forwardEnv": ["A"], "agent": "codex"},
        folder={"agent": "gemini"},
        trusted=True,
    )
    found = settled(workspace, given)
    assert image_origin(found) == Origin("editor", "berth.docker.defaultImage", trusted=True)
    assert found.forward_env[0].origin == Origin("workspace", "berth.docker.forwardEnv", trusted=False)
    assert (found.agent.value, found.agent.origin) == ("gemini", Origin("workspace", f"{path}:2", trusted=False))


def test_what_the_user_wrote_is_the_users_word_though_the_workspace_wrote_the_same(workspace: Path) -> None:
    write(workspace, '{"berth.docker.defaultImage": "node"}')
    given = ScopedSection(user={"docker.defaultImage": "node"}, trusted=True)
    assert image_origin(settled(workspace, given)).trusted


def test_an_editor_with_scopes_speaks_for_the_workspaces_files(workspace: Path) -> None:
    write(workspace, '{"berth.agent": "codex"}')
    assert settled(workspace, ScopedSection(trusted=True)).agent.value == "claude"


def test_of_a_workspace_without_trust_nothing_counts_and_nothing_is_opened(workspace: Path) -> None:
    for name in (".vscode/settings.json", "x.code-workspace"):
        os.mkfifo(workspace / name)  # were it opened for reading, it would be no plain file
    given = ScopedSection(user={"agent": "codex"}, workspace={"agent": "bad"}, folder={"oops": 1}, trusted=False)
    assert settled(workspace, given).agent.value == "codex"
    assert not is_trusted(given)
    assert is_trusted({"agent": "codex"})


def test_scopes_are_kept_out_of_logs() -> None:
    assert "secret" not in repr(
        ScopedSection(user={"env": "secret"}, workspace={"a": "secret"}, folder={"b": "secret"})
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "x", "docker"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "env", "x.y"]), inner),
    max_leaves=8,
)
SECTIONS = st.dictionaries(st.sampled_from(["a", "b", "docker"]), JSON, max_size=3)


@given(section=SECTIONS, files=st.lists(SECTIONS, max_size=2))
def test_placing_loses_and_invents_nothing(section: dict[str, Any], files: list[dict[str, Any]]) -> None:
    layers = [Layer("workspace", raw, f"/f{index}") for index, raw in enumerate(files)]
    found = placed(Layer("editor", section), layers)
    values = [value for layer in found for value in leaves(layer.section())]
    assert sorted(values) == sorted(leaves(Layer("editor", section).section()))


def leaves(node: object, path: tuple[str, ...] = ()) -> list[str]:
    if isinstance(node, dict) and node:
        return [leaf for key, value in node.items() for leaf in leaves(value, (*path, key))]
    return [] if not path and node == {} else [f"{path} {node!r}"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/w/.vscode/settings.json", True),
        ("/a/w/team.code-workspace", True),
        ("/a/team.code-workspace", True),
        ("/a/w/.berth/Dockerfile", True),
        ("/a/w/.env", True),
        ("/a/w/.env.development", True),
        ("/a/w/sub/.vscode/settings.json", False),
        ("/a/w/sub/team.code-workspace", False),
        ("/a/w/sub/.env", False),
        ("/a/w/.environment", False),
        ("/a/.env", False),
        ("/a/w/main.py", False),
        ("/a/w", False),
    ],
)
def test_a_file_concerns_the_folder_whose_settings_it_can_change(path: str, *, expected: bool) -> None:
    assert concerns(Path(path), Path("/a/w")) is expected


def test_every_code_workspace_file_that_is_read_is_one_that_concerns_the_folder(workspace: Path) -> None:
    for place in (workspace, workspace.parent):
        (place / "x.code-workspace").write_text("{}")
    assert all(concerns(path, workspace) for path in code_workspace_files(workspace))
    assert len(code_workspace_files(workspace)) == 2
