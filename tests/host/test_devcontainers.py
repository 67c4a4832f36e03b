"""When a project's devcontainer.json is read, and when it is only told of."""

from dataclasses import replace
from pathlib import Path

import pytest

from berth.errors import BerthError
from berth.host.devcontainers import look_at_features, with_devcontainer
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.devcontainer import DevFeatures
from berth.settings.layers import Layer
from berth.settings.origin import Origin
from berth.settings.resolve import resolve_settings
from berth.settings.settings import Settings
from berth.settings.watched import concerns


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / ".devcontainer").mkdir(parents=True)
    (folder / ".devcontainer" / "devcontainer.json").write_text('{"image": "node:22"}')
    return folder


def found(workspace: Path, docker: dict[str, object], **request: object) -> Settings:
    settings = resolve_settings([Layer("user", {"docker": docker}, trusted=True)])
    return with_devcontainer(settings, PlanArguments.model_validate(request), workspace, {})


def image(settings: Settings) -> str | None:
    return settings.project.image.value if settings.project and settings.project.image else None


def test_a_file_that_nobody_asks_for_is_only_told_of(workspace: Path) -> None:
    settings = found(workspace, {})
    assert settings.project is None
    assert settings.notes == (
        ".devcontainer/devcontainer.json is there and is not used: set berth.docker.devcontainer to true to use it.",
    )


def test_nothing_is_said_where_there_is_none_or_it_was_refused(workspace: Path, tmp_path: Path) -> None:
    assert found(tmp_path, {}).notes == ()
    assert found(workspace, {"devcontainer": False}).notes == ()


def test_a_user_who_wants_them_everywhere_may_open_a_project_without_one(tmp_path: Path) -> None:
    settings = found(tmp_path, {"devcontainer": True})
    assert (settings.project, settings.notes) == (None, ())


def test_it_is_read_where_settings_or_the_profile_say_so(workspace: Path) -> None:
    profiles = {"with": {"devcontainer": True}, "without": {"devcontainer": False}}
    assert image(found(workspace, {"devcontainer": True})) == "node:22"
    assert image(found(workspace, {"profiles": profiles}, profile="with")) == "node:22"
    assert image(found(workspace, {"devcontainer": True, "profiles": profiles}, profile="without")) is None


def test_nothing_of_a_workspace_that_is_not_trusted_is_read(workspace: Path) -> None:
    settings = replace(resolve_settings([Layer("user", {"docker": {"devcontainer": True}})]), workspace_trusted=False)
    assert with_devcontainer(settings, PlanArguments(), workspace, {}) == settings


def test_a_change_of_the_file_is_heard(workspace: Path) -> None:
    for name in (".devcontainer/devcontainer.json", ".devcontainer/py/Dockerfile", ".devcontainer.json"):
        assert concerns(workspace / name, workspace)
    assert not concerns(workspace / "devcontainer.json", workspace)


def features(workspace: Path, *names: str) -> DevFeatures:
    origin = Origin("workspace", "devcontainer.json:3", trusted=False)
    return DevFeatures({key: {} for key in names}, (), workspace / ".devcontainer", "", origin)


def test_a_feature_of_the_project_counts_with_its_files(workspace: Path) -> None:
    folder = workspace / ".devcontainer" / "hello"
    folder.mkdir()
    digests = []
    for text in ("a", "b"):
        (folder / "install.sh").write_text(text)
        digests.append(look_at_features(features(workspace, "./hello", "ghcr.io/x/y:1"), workspace, {}).content)
    assert digests[0] != digests[1]


@pytest.mark.parametrize("name", ["./none", "../../other", "./link"])
def test_a_feature_is_a_folder_beside_the_file(name: str, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (workspace / ".devcontainer" / "link").symlink_to(tmp_path / "other")
    with pytest.raises(BerthError) as caught:
        look_at_features(features(workspace, name), workspace, {})
    assert caught.value.kind == "bad-context"


def test_the_cli_is_looked_for_in_the_editors_path(workspace: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "devcontainer"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    wanted = features(workspace, "ghcr.io/x/y:1")
    assert look_at_features(wanted, workspace, {"PATH": str(program.parent)}).program == program
    assert look_at_features(wanted, workspace, {"PATH": "/none"}).program is None
