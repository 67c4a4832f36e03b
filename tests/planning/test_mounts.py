from pathlib import Path
from typing import Any

import pytest

from berth.planning.accounts import accounts_folder
from berth.planning.facts import WorkspaceFacts
from berth.settings.origin import LayerName
from tests.planning.plans import CANARY, WORKSPACE, Case, profile


def case_with(*volumes: str, layer: LayerName = "user", existing: tuple[str, ...] = (), **more: Any) -> Case:
    return Case({layer: profile(volumes=list(volumes))}, existing=existing, **more)


def at(path: str) -> dict[str, Any]:
    return {"workspace": WorkspaceFacts(Path(path), 1000, 1000)}


def test_the_workspace_is_at_its_own_path_and_at_workspace() -> None:
    mounts = Case().mounts()
    for target in (str(WORKSPACE), "/workspace"):
        mount = mounts[target]
        assert (mount.type, mount.source, mount.read_only) == ("bind", str(WORKSPACE), False)
    assert Case().plan().container.workdir == str(WORKSPACE)


def test_home_is_a_volume_of_workspace_and_agent() -> None:
    mount = Case().mounts()["/home/agent"]
    assert (mount.type, mount.read_only) == ("volume", False)
    others = [Case(request={"agent": "codex"}), Case(facts=at("/home/ada/other"))]
    assert len({mount.source, *(case.mounts()["/home/agent"].source for case in others)}) == 3


def test_the_account_files_of_the_user_are_mounted_read_only() -> None:
    plan = Case().plan()
    folder = f"/state/accounts/{accounts_folder(plan.container.user)}"
    mounts = Case().mounts()
    assert (mounts["/etc/passwd"].source, mounts["/etc/passwd"].read_only) == (f"{folder}/passwd", True)
    assert (mounts["/etc/group"].source, mounts["/etc/group"].read_only) == (f"{folder}/group", True)


def test_outer_mounts_come_before_inner_ones() -> None:
    targets = list(case_with("a-cache:/home/agent/.npm", "b-cache:/home/agent/.npm/x").mounts())
    assert targets.index("/home/agent") < targets.index("/home/agent/.npm") < targets.index("/home/agent/.npm/x")


@pytest.mark.parametrize(
    ("volume", "source", "target", "read_only"),
    [
        ("./config:/app/config:ro", f"{WORKSPACE}/config", "/app/config", True),
        ("config:/app", "config", "/app", False),
        ("./config/../config:/app/", f"{WORKSPACE}/config", "/app", False),
        ("${workspaceFolder}/config:${workspaceFolder}/x", f"{WORKSPACE}/config", f"{WORKSPACE}/x", False),
        ("~/project/config:/app:rw", f"{WORKSPACE}/config", "/app", False),
        ("${localEnv:CONFIG}:/app", f"{WORKSPACE}/config", "/app", False),
        ("${localEnv:MISSING:./config}:/app", f"{WORKSPACE}/config", "/app", False),
        ("npm-cache:/home/agent/.npm", "npm-cache", "/home/agent/.npm", False),
    ],
)
def test_volumes_are_read_as_docker_writes_them(volume: str, source: str, target: str, *, read_only: bool) -> None:
    case = case_with(volume, existing=("config",), environment={"CONFIG": f"{WORKSPACE}/config"})
    mount = case.mounts()[target]
    assert (mount.source, mount.read_only) == (source, read_only)
    assert mount.type == ("bind" if source.startswith("/") else "volume")


@pytest.mark.parametrize(
    ("volume", "says"),
    [
        ("/a", "is not of the form"),
        ("a:b:c:d", "is not of the form"),
        ("./gone:/app", "does not exist"),
        ("./config:app", "not an absolute path"),
        ("./config:/a,b", "not an absolute path"),
        ("./config:/app:exec", "has an option other than"),
        ("./config:/app:ro,rw", "is both ro and rw"),
        ("./config:/app:", "has an option other than"),
        ("./config:/", "belongs to the system"),
        ("./config:/app/../etc/passwd", "belongs to the system"),
        ("./config:/proc/x", "belongs to the system"),
        ("./config://etc/passwd", "belongs to the system"),
        ("./config:/etc/berth/ca.crt", "belongs to the system"),
        ("./config:/tmp", "belongs to the system"),
        ("x:/app", "neither a path nor the name"),
        ("berth-home-abc-claude:/app", "a volume of Berth's own"),
        ("${localEnv:GONE}/x:/app", "editor's environment does not have"),
        ("${config:x}:/app", "uses a variable other than"),
        ("./config:${localEnv:HOME}/x", "uses a variable other than"),
        (":/app", "neither a path nor the name"),
    ],
)
def test_a_volume_that_cannot_be_is_refused_with_its_setting(volume: str, says: str) -> None:
    error = case_with(volume, existing=("config",)).refusal()
    assert error.kind == "bad-mount"
    assert says in error.message
    assert "berth.docker.profiles.web.volumes" in error.message


def test_a_secret_in_a_variable_never_becomes_a_volumes_name_or_part_of_a_message() -> None:
    error = case_with("${localEnv:KEY}:/app", environment={"KEY": CANARY}).refusal()
    assert error.kind == "bad-mount"
    assert CANARY not in str(error)


def test_two_volumes_for_one_target_are_refused() -> None:
    error = case_with("one:/app", "two:/app/").refusal()
    assert (error.kind, "in the way of another mount" in error.message) == ("bad-mount", True)


@pytest.mark.parametrize("target", ["/workspace", str(WORKSPACE), "/home/agent"])
def test_a_volume_in_the_way_of_berths_own_mounts_is_refused(target: str) -> None:
    assert "in the way of Berth's own" in case_with(f"one-volume:{target}").refusal().message


@pytest.mark.parametrize("source", ["../other", "/srv/x", "~/.ssh", "${localEnv:HOME}/.aws"])
def test_only_the_user_may_mount_what_is_outside_the_workspace(source: str) -> None:
    outside: dict[str, Any] = {
        "existing": frozenset((Path("/home/ada/other"), Path("/srv/x"), Path("/home/ada/.ssh"), Path("/home/ada/.aws")))
    }
    for layer in ("workspace", "editor"):
        breach = case_with(f"{source}:/app", layer=layer, facts=outside).breaches()["mount /app"]
        assert (breach.layer, breach.why) == (layer, "its source is outside the workspace")
    assert "/app" in case_with(f"{source}:/app", layer="user", facts=outside).mounts()


def test_a_link_out_of_the_workspace_is_outside_of_it() -> None:
    case = case_with("./link:/app", layer="workspace", links={"link": "../../root"})
    assert "outside the workspace" in case.breaches()["mount /app"].why


def test_what_is_mounted_is_the_folder_behind_a_link() -> None:
    mounts = case_with("./link:/app", layer="workspace", links={"link": "real"}).mounts()
    assert mounts["/app"].source == f"{WORKSPACE}/real"


@pytest.mark.parametrize(
    "source",
    [
        *(
            "/var/run/docker.sock",
            "/run/podman/podman.sock",
            "/x/docker.sock",
            "/custom/engine",
            "~/.docker/run/docker.sock",
        ),
        *("/", "/var/run", "/run", "/var", "//var/run", "///var"),
    ],
)
def test_the_engines_socket_is_never_mounted(source: str) -> None:
    existing = {Path("/var/run/docker.sock"), Path("/run/podman/podman.sock"), Path("/custom/engine")}
    facts = {"existing": frozenset({*existing, Path("/"), Path("/var/run"), Path("/run"), Path("/var")})}
    case = case_with(f"{source}:/app", facts=facts, environment={"DOCKER_HOST": "unix:///custom/engine"})
    assert "container engine itself" in case.refusal().message


def test_a_link_to_the_engines_socket_is_never_mounted() -> None:
    facts = {
        "existing": frozenset({WORKSPACE / "link", Path("/var/run/docker.sock")}),
        "links": {WORKSPACE / "link": Path("/run/docker.sock"), Path("/var/run/docker.sock"): Path("/run/docker.sock")},
    }
    assert "container engine itself" in case_with("./link:/app", facts=facts).refusal().message


@pytest.mark.parametrize("name", [".git/hooks", ".git/config", ".vscode", ".devcontainer", ".berth", ".idea"])
def test_what_runs_later_on_the_host_is_read_only_where_it_exists(name: str) -> None:
    mounts = Case(existing=(name,)).mounts()
    for target in (f"{WORKSPACE}/{name}", f"/workspace/{name}"):
        assert (mounts[target].source, mounts[target].read_only) == (f"{WORKSPACE}/{name}", True)
    assert f"/workspace/{name}" not in Case().mounts()


def test_a_second_writable_view_of_the_workspace_is_protected_too() -> None:
    mounts = case_with(".:/app", existing=(".", ".vscode")).mounts()
    assert (mounts["/app"].read_only, mounts["/app/.vscode"].read_only) == (False, True)


def test_a_volume_of_a_protected_folder_is_read_only() -> None:
    assert case_with("./.git/hooks:/app", existing=(".git/hooks",)).mounts()["/app"].read_only


def test_a_protected_path_that_is_a_link_is_not_followed_out_of_the_workspace() -> None:
    case = Case(links={".vscode": "../.ssh"})
    assert not [mount for mount in case.mounts().values() if ".ssh" in mount.source or ".vscode" in mount.target]
    assert any(".vscode is a link" in note for note in case.plan().notes)


def test_a_protected_path_that_is_a_link_inside_is_protected_where_it_is() -> None:
    mounts = Case(links={".vscode": "editor"}).mounts()
    assert mounts["/workspace/editor"].read_only


def test_options_that_do_nothing_are_told() -> None:
    notes = case_with("./c:/app:ro,cached,z", existing=("c",)).plan().notes
    assert [note for note in notes if "does nothing" in note] == [
        "The option cached of the volume for /app does nothing here.",
        "The option z of the volume for /app does nothing here.",
    ]


def test_a_workspace_at_workspace_is_mounted_once() -> None:
    assert Case(facts=at("/workspace")).mounts()["/workspace"].source == "/workspace"


def test_a_workspace_below_workspace_has_no_second_place() -> None:
    case = Case(facts=at("/workspace/project"))
    assert "/workspace" not in case.mounts()
    assert any("not at /workspace as well" in note for note in case.plan().notes)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/home",
            "/etc",
            "/usr",
            "/tmp",
            "/root",
            "/proc/self",
            "/dev/shm",
            "/home/ada",
            "/a:b",
            "/a,b",
            "/a\nb",
        ),
        "relative",
    ],
)
def test_a_folder_that_is_no_project_is_refused_as_a_workspace(path: str) -> None:
    error = Case(facts=at(path)).refusal()
    assert error.kind == "workspace-unsuitable"
    assert error.message.startswith(str(Path(path)))
