"""What is said of settings files that have something wrong in them."""

from pathlib import Path

import pytest

from berth.host.checking import MOST, check_settings
from berth.host.findings import Finding
from berth.settings.scopes import ScopedSection

CANARY = "canary-value-never-to-be-seen"


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "berth" / "settings.json"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def workspace(tmp_path: Path, user_file: Path) -> Path:
    assert not user_file.exists()
    folder = tmp_path / "project"
    (folder / ".vscode").mkdir(parents=True)
    return folder


def found(workspace: Path, given: object = None) -> list[Finding]:
    return list(check_settings(workspace, given, {"HOME": "/home/ada"}).findings)


def shown(workspace: Path, given: object = None) -> list[tuple[str, int, str, str]]:
    """File name, line, severity and message of everything, without the folder in messages."""
    inside = f"{workspace}/"
    return [
        (it.file.name, it.line, it.severity, it.message.replace(inside, "").replace(str(workspace), "W"))
        for it in found(workspace, given)
    ]


def test_files_in_order_have_nothing_wrong(workspace: Path, user_file: Path) -> None:
    user_file.write_text('{"agent": "claude"}')
    (workspace / ".vscode" / "settings.json").write_text('{"berth.docker.defaultEnvFile": "dev.env"}')
    (workspace / "dev.env").write_text("A=1\n")
    (workspace / ".env").write_text("export B='2'\n")
    assert found(workspace) == []


def test_every_wrong_setting_is_told_with_its_line_and_the_lines_text(workspace: Path, user_file: Path) -> None:
    user_file.write_text('{\n  "agnet": "x",\r\n  "docker": {\n    "defaultImage": 5\n  }\n}')
    assert shown(workspace) == [
        ("settings.json", 2, "error", "berth.agnet is not a setting – perhaps “agent” is meant."),
        ("settings.json", 4, "error", "berth.docker.defaultImage must be a string."),
    ]
    assert [it.text for it in found(workspace)] == ['  "agnet": "x",', '    "defaultImage": 5']


def test_the_workspaces_files_are_checked_though_the_editor_speaks_for_them(workspace: Path) -> None:
    (workspace / ".vscode" / "settings.json").write_text('{\n"berth.agent": 1}')
    path = workspace / "x.code-workspace"
    path.write_text('{"folders": [{"path": "."}], "settings": {\n\n"berth.docker": []}}')
    for given in (None, {"agent": "claude"}, ScopedSection(trusted=True)):
        assert shown(workspace, given) == [
            ("settings.json", 2, "error", "berth.agent must be a string."),
            ("x.code-workspace", 3, "error", "berth.docker must be an object."),
        ]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(workspace: Path, user_file: Path) -> None:
    user_file.write_text('{\n"agent": claude}')
    (workspace / "x.code-workspace").write_bytes(b"\xff")
    (workspace / ".vscode" / "settings.json").write_text('{"berth.agent": 1}')
    assert shown(workspace) == [
        ("settings.json", 2, "error", "This file is not JSON with comments: Expecting value."),
        ("settings.json", 1, "error", "berth.agent must be a string."),
        ("x.code-workspace", 0, "error", "This file is not UTF-8 text."),
    ]


def test_a_broken_chain_of_profiles_is_a_warning_once(workspace: Path, user_file: Path) -> None:
    profiles = '"base": {\n"extends": "gone"}, "web": {"extends": "base"}, "api": {"extends": "base"}'
    user_file.write_text('{"docker": {"profiles": {' + profiles + "}}}")
    assert shown(workspace) == [
        (
            "settings.json",
            2,
            "warning",
            "berth.docker.profiles.base.extends names “gone”, which is no profile.",
        )
    ]


def test_env_files_are_checked_where_they_are_named_and_inside(workspace: Path, user_file: Path) -> None:
    text = '{"berth.docker.defaultEnvFile": "bad.env",\n"berth.docker.profiles": {"web": {\n"envFile": "gone.env"}}}'
    (workspace / ".vscode" / "settings.json").write_text(text)
    (workspace / "bad.env").write_text(f"A=1\n\nB-C={CANARY}\n")
    (workspace / ".env").write_text(f"ALONE\nX={CANARY}")
    assert shown(workspace) == [
        (".env", 1, "error", ".env:1 names ALONE without a value."),
        ("settings.json", 3, "error", "gone.env does not exist."),
        (
            "bad.env",
            3,
            "error",
            "bad.env:3 has a variable name with characters other than letters, digits and _.",
        ),
    ]
    assert CANARY not in repr(found(workspace))
    assert not user_file.exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../other.env", "Only the user's own settings may name an env file elsewhere."),
        ("${nope}/x", "The path uses a variable other than ${workspaceFolder}"),
        ("x" * 300, "does not exist."),
    ],
)
def test_an_env_file_that_cannot_be_named_is_told_where_it_is_named(workspace: Path, path: str, message: str) -> None:
    (workspace / ".vscode" / "settings.json").write_text('{\n"berth.docker.defaultEnvFile": "' + path + '"}')
    [finding] = found(workspace)
    assert (finding.line, finding.kind) == (2, "bad-env-file")
    assert message in finding.message


def test_what_stands_in_no_file_is_not_told_here(workspace: Path) -> None:
    assert found(workspace, {"agnet": 1}) == []


def test_in_a_workspace_without_trust_only_the_users_file_is_checked(workspace: Path, user_file: Path) -> None:
    (workspace / ".vscode" / "settings.json").write_text('{"berth.agent": 1}')
    (workspace / ".env").write_text("ALONE")
    user_file.write_text('{"agent": 1}')
    assert [it.file for it in found(workspace, ScopedSection(trusted=False))] == [user_file]


def test_no_file_makes_an_endless_list(workspace: Path, user_file: Path) -> None:
    user_file.write_text("{" + ",".join(f'"wrong{number}": 1' for number in range(2 * MOST)) + "}")
    assert len(found(workspace)) == MOST


def test_dockerfiles_that_settings_name_are_known_wherever_in_the_workspace_they_are(workspace: Path) -> None:
    profiles = {"web": {"build": {"dockerfile": "web/Dockerfile"}}, "low": {"build": {"dockerfile": "/etc/passwd"}}}
    given = {"docker": {"dockerfile": "docker/dev.Dockerfile", "profiles": profiles}}
    files = check_settings(workspace, given, {}).files
    assert {workspace / "docker/dev.Dockerfile", workspace / "web/Dockerfile"} <= files
    assert Path("/etc/passwd") not in files


def test_the_files_that_were_looked_for_are_known(workspace: Path, user_file: Path) -> None:
    user_file.write_text('{"docker": {"defaultEnvFile": "config/gone"}}')
    files = check_settings(workspace, None, {}).files
    expected = {workspace / "config/gone", workspace / ".env", workspace / ".vscode/settings.json", user_file}
    assert files == expected
