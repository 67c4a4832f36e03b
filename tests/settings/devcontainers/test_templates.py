"""What comes out of files in the style of real ones."""

from pathlib import Path

import pytest

from berth.errors import SettingsError
from berth.settings.devcontainers.devcontainer import DevContainer
from berth.settings.devcontainers.map import devcontainer_of
from berth.settings.devcontainers.read import read_devcontainer
from berth.settings.devcontainers.substitute import Substitution
from tests.settings.devcontainers import templates

ENVIRONMENT = {"HOME": "/home/ada", "USER": "ada", "GITHUB_TOKEN": "canary-token", "MY_KEY": "canary-key"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / ".devcontainer").mkdir(parents=True)
    return folder


def file_of(workspace: Path) -> Path:
    return workspace / ".devcontainer" / "devcontainer.json"


def read(text: str, workspace: Path) -> DevContainer:
    file_of(workspace).write_text(text)
    return devcontainer_of(read_devcontainer(file_of(workspace)), Substitution(workspace, ENVIRONMENT))


def refusal(text: str, workspace: Path) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(text, workspace)
    return caught.value


def flags(container: DevContainer) -> dict[str, tuple[str, ...]]:
    """The flags by the line that they stand in."""
    return {flags.origin.place.rpartition(":")[2]: flags.value for flags in container.docker_args}


def commands(container: DevContainer) -> list[tuple[str, tuple[str, ...]]]:
    return [(command.hook, command.argv) for command in container.commands]


def shell(line: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", line)


def test_node(workspace: Path) -> None:
    found = read(templates.NODE, workspace)
    assert found.image is not None
    assert found.image.value == "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm"
    assert found.image.origin.place == f"{file_of(workspace)}:5"
    assert (found.image.origin.layer, found.image.origin.trusted) == ("workspace", False)
    assert commands(found) == [("postCreateCommand", shell("yarn install"))]
    assert found.commands[0].once
    assert [note.partition(": ")[2].split(":")[0] for note in found.notes] == [
        "the agent runs as the owner of the workspace, not as the user node.",
        "ports are not forwarded",
    ]


def test_python_takes_the_default_of_a_variable_that_the_editor_does_not_have(workspace: Path) -> None:
    found = read(templates.PYTHON, workspace)
    assert found.image is not None
    assert found.image.value == "mcr.microsoft.com/devcontainers/python:3.12"
    assert {name: (it.value, it.taken_from) for name, it in found.env.items()} == {"PYTHONUNBUFFERED": ("1", ())}
    assert found.notes == ()


def test_typescript_with_features(workspace: Path) -> None:
    found = read(templates.TYPESCRIPT_FEATURES, workspace)
    assert found.features is not None
    assert list(found.features.options) == [
        "ghcr.io/devcontainers/features/github-cli:1",
        "ghcr.io/devcontainers/features/aws-cli:1",
    ]
    assert (found.features.user, found.features.order) == ("node", ("ghcr.io/devcontainers/features/aws-cli",))
    assert found.features.origin.place == f"{file_of(workspace)}:4"
    assert commands(found) == [
        ("postCreateCommand.deps", shell("npm ci")),
        ("postCreateCommand.hooks", ("npx", "husky", "install")),
    ]


def test_rust_keeps_the_lines_of_its_flags(workspace: Path) -> None:
    found = flags(read(templates.RUST, workspace))
    assert found["5"] == ("--cap-add=SYS_PTRACE", "--security-opt", "seccomp=unconfined")
    flag, mount = found["6"]
    assert flag == "--mount"
    assert mount.startswith("type=volume,source=devcontainer-cargo-cache-")
    assert "$" not in mount


def test_go_with_a_dockerfile_whose_paths_start_at_the_workspace(workspace: Path) -> None:
    found = read(templates.GO_WITH_DOCKERFILE, workspace)
    build = found.build
    assert build is not None
    assert build.dockerfile is not None
    assert build.context is not None
    assert build.target is not None
    assert build.cache_from is not None
    assert (build.dockerfile.value, build.context.value) == (".devcontainer/Dockerfile", ".")
    assert build.dockerfile.origin.place == f"{file_of(workspace)}:5"
    assert {name: value.value for name, value in build.args.items()} == {
        "VARIANT": "1.23",
        "NODE": "22",
        "USERNAME": "ada",
    }
    assert (build.target.value, build.cache_from.value) == ("dev", ["ghcr.io/acme/go-cache"])
    assert [(command.hook, command.once) for command in found.commands] == [
        ("updateContentCommand", True),
        ("postStartCommand", False),
    ]
    assert found.notes == ("devcontainer.json: build.options are left out.",)


def test_an_older_spelling_of_a_build(workspace: Path) -> None:
    found = read(templates.OLD_DOCKERFILE, workspace)
    assert found.build is not None
    assert found.build.dockerfile is not None
    assert found.build.context is not None
    assert (found.build.dockerfile.value, found.build.context.value) == (".devcontainer/Dockerfile", ".")
    assert found.notes == ()


@pytest.mark.parametrize(("text", "line"), [(templates.COMPOSE, 4), (templates.POSTGRES, 5)], ids=["mongo", "postgres"])
def test_compose_is_refused_with_its_line(text: str, line: int, workspace: Path) -> None:
    error = refusal(text, workspace)
    assert error.kind == "devcontainer-compose"
    assert error.message.startswith(f"{file_of(workspace)}:{line} uses Docker Compose")


def test_docker_in_docker_asks_for_privileges_where_they_are_refused(workspace: Path) -> None:
    assert flags(read(templates.DOCKER_IN_DOCKER, workspace)) == {"4": ("--privileged",)}


def test_docker_outside_of_docker_asks_for_the_socket(workspace: Path) -> None:
    found = flags(read(templates.DOCKER_OUTSIDE, workspace))
    assert found == {"4": ("--mount", "source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind")}


def test_universal_says_what_it_would_like_and_is_not_kept_waiting_by_its_server(workspace: Path) -> None:
    found = read(templates.UNIVERSAL, workspace)
    assert [(it.hook, it.background) for it in found.commands] == [
        ("updateContentCommand", False),
        ("postAttachCommand.server", True),
    ]
    assert [note for note in found.notes if "cpus 4, memory 8gb, gpu optional" in note] == list(found.notes)


def test_the_sandbox_of_claude_code(workspace: Path) -> None:
    found = read(templates.CLAUDE, workspace)
    assert found.build is not None
    assert found.build.context is not None
    assert found.build.context.value == ".devcontainer"
    assert found.build.args["TZ"].value == "America/Los_Angeles"
    assert found.env["NODE_OPTIONS"].origin.place == f"{file_of(workspace)}:11"
    assert sum("workspaceFolder and workspaceMount" in note for note in found.notes) == 1


def test_variables_of_the_editor_are_marked_and_those_of_the_container_kept(workspace: Path) -> None:
    found = read(templates.KEYS_FROM_THE_EDITOR, workspace).env
    assert (found["GITHUB_TOKEN"].value, found["GITHUB_TOKEN"].taken_from) == ("canary-token", ("GITHUB_TOKEN",))
    assert (found["KEY"].value, found["KEY"].taken_from) == ("canary-key", ("MY_KEY",))
    assert (found["LOCAL_HOME"].value, found["LOCAL_HOME"].taken_from) == ("/home/ada", ("HOME",))
    assert found["PATH"].value == f"${{containerEnv:PATH}}:{workspace}/node_modules/.bin"
    assert [name for name, variable in found.items() if variable.expands] == ["PATH"]
    assert "STAGE" not in found


def test_no_value_of_the_editor_is_in_a_flag_or_can_be_printed(workspace: Path) -> None:
    found = read(templates.KEYS_FROM_THE_EDITOR, workspace)
    assert flags(found) == {"10": ("--name", "app-dev", "--rm", "-it", "--init", "--memory=2g")}
    assert "canary" not in repr(found)


def test_mounts_name_what_is_in_the_workspace_and_leave_the_users_to_the_plan(workspace: Path) -> None:
    (words,) = flags(read(templates.CONFIG_OF_THE_USER, workspace)).values()
    assert words[1::2] == (
        "source=/home/ada/.ssh,target=/home/vscode/.ssh,type=bind,readonly",
        f"source={workspace}/config,target=/etc/app,type=bind,consistency=cached",
        f"source=shop-node_modules,target={workspace}/node_modules,type=volume",
        f'type=bind,"source={workspace}/a,b",target=/data',
    )


def test_what_would_run_on_this_machine_does_not(workspace: Path) -> None:
    found = read(templates.PORTS_AND_SETUP, workspace)
    assert commands(found) == [
        ("onCreateCommand", shell("bundle install")),
        ("postCreateCommand", ("bin/setup", "--skip-server")),
    ]
    notes = " ".join(found.notes)
    assert "initializeCommand would run on this machine" in notes
    assert "the user root is not given" in notes
    assert "keys that Berth does not know are left out: x-acme, dotfiles." in notes
    assert "ports are not forwarded" in notes


def test_an_empty_file_asks_for_nothing(workspace: Path) -> None:
    found = read(templates.EMPTY, workspace)
    assert (found.image, found.build, found.commands, found.docker_args, found.notes) == (None, None, (), (), ())
