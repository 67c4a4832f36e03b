"""Caches, what the user shares, and mounts of the request."""

from typing import Any

import pytest

from berth.planning.caches import CACHES
from berth.planning.needs import needs
from berth.protocol.plans import PlanArguments
from berth.settings.resolve import resolve_settings
from tests.planning.plans import WORKSPACE, Case, engine, layer, profile

HOME = "/home/agent"
GITCONFIG = "/home/ada/.gitconfig"
SOCKET = "/run/user/1000/ssh"


def caches(*words: str) -> dict[str, str]:
    """The volumes of caches by target."""
    mounts = Case({"workspace": profile(volumes=list(words))}).mounts()
    return {target: mount.source for target, mount in mounts.items() if mount.source.startswith("berth-cache-")}


@pytest.mark.parametrize(
    ("word", "targets"),
    [
        ("npm", [".npm"]),
        ("pip", [".cache"]),
        ("cargo", [".cargo"]),
        ("go", [".cache", "go"]),
        ("zig", [".cache"]),
        ("maven", [".m2"]),
        ("gradle", [".gradle"]),
    ],
)
def test_a_cache_is_in_its_place_below_home(word: str, targets: list[str]) -> None:
    assert sorted(caches(word)) == [f"{HOME}/{target}" for target in targets]


def test_caches_in_one_folder_are_one_volume() -> None:
    assert sorted(caches(*CACHES)) == [
        f"{HOME}/{target}" for target in (".cache", ".cargo", ".gradle", ".m2", ".npm", "go")
    ]


def test_no_folder_above_a_cache_has_to_be_made() -> None:
    assert not [target for target in caches(*CACHES) if target.removeprefix(HOME).count("/") > 1]


def test_a_cache_is_the_workspaces_and_every_agents() -> None:
    by_agent = [
        Case({"user": profile(volumes=["npm"], agent=agent)}).mounts()[f"{HOME}/.npm"].source
        for agent in ("claude", "codex")
    ]
    assert by_agent[0] == by_agent[1]
    assert by_agent[0].startswith("berth-cache-")
    assert by_agent[0].endswith("-npm")


def test_a_cache_follows_the_agents_home() -> None:
    settings: dict[str, Any] = profile(volumes=["npm"])
    settings["agents"] = {"claude": {"home": "/root2"}}
    assert "/root2/.npm" in Case({"user": settings}).mounts()


def test_variables_point_to_a_cache_and_can_be_set_otherwise() -> None:
    case = Case({"user": profile(volumes=["cargo", "go"], env={"GOPATH": "/elsewhere"})})
    found = case.variables()
    assert (found["CARGO_HOME"], found["GOPATH"]) == (f"{HOME}/.cargo", "/elsewhere")


def test_a_word_that_is_no_cache_is_refused_with_those_there_are() -> None:
    error = Case({"user": profile(volumes=["nmp"])}).refusal()
    assert error.kind == "bad-mount"
    assert "and no cache (npm, pip, cargo, go, zig, maven, gradle)" in error.message


def test_a_volume_in_the_place_of_a_cache_is_refused() -> None:
    error = Case({"user": profile(volumes=["npm", f"mine:{HOME}/.npm"])}).refusal()
    assert (error.kind, "in the way of" in error.message) == ("bad-mount", True)


def share(*names: str) -> dict[str, object]:
    return {"docker": {"share": list(names)}}


def test_git_settings_are_shown_read_only() -> None:
    mount = Case({"user": share("gitconfig")}, existing=(GITCONFIG,)).mounts()[f"{HOME}/.gitconfig"]
    assert (mount.type, mount.source, mount.read_only) == ("bind", GITCONFIG, True)
    assert (mount.reason.layer, mount.reason.place) == ("user", "berth.docker.share")


def test_settings_for_aws_are_shown_read_only() -> None:
    case = Case({"user": profile(share=["aws"])}, existing=("/home/ada/.aws",))
    assert case.mounts()[f"{HOME}/.aws"].read_only


def test_the_ssh_agent_is_shown_with_its_variable() -> None:
    case = Case({"user": share("ssh-agent")}, environment={"SSH_AUTH_SOCK": SOCKET}, existing=(SOCKET,))
    assert case.mounts()[case.variables()["SSH_AUTH_SOCK"]].source == SOCKET


@pytest.mark.parametrize("layer", ["workspace", "editor"])
def test_a_repository_shares_nothing_of_the_user(layer: Any) -> None:
    breach = Case({layer: profile(share=["aws"])}, existing=("/home/ada/.aws",)).breaches()[f"mount {HOME}/.aws"]
    assert (breach.place, breach.why) == ("berth.docker.profiles.web.share", "its source is outside the workspace")


def test_what_the_user_shares_stays_shared_when_a_workspace_asks_too() -> None:
    case = Case({"user": share("aws"), "workspace": share("aws")}, existing=("/home/ada/.aws",))
    assert f"{HOME}/.aws" in case.mounts()


def test_what_does_not_exist_cannot_be_shown() -> None:
    error = Case({"user": share("gitconfig")}).refusal()
    assert (error.kind, "does not exist" in error.message) == ("bad-mount", True)


def test_without_an_ssh_agent_there_is_none_to_show() -> None:
    assert "has no SSH_AUTH_SOCK" in Case({"user": share("ssh-agent")}).refusal().message


def test_the_ssh_agent_is_not_shown_to_a_virtual_machine() -> None:
    case = Case(
        {"user": share("ssh-agent")},
        environment={"SSH_AUTH_SOCK": SOCKET},
        existing=(SOCKET,),
        facts={"engine": engine(desktop=True)},
    )
    assert "not supported yet with an engine in a virtual machine" in case.refusal().message


def test_the_engines_socket_is_no_ssh_agent() -> None:
    socket = "/var/run/docker.sock"
    case = Case({"user": share("ssh-agent")}, environment={"SSH_AUTH_SOCK": socket}, existing=(socket,))
    assert "container engine itself" in case.refusal().message


def test_a_thing_that_cannot_be_shared_is_named() -> None:
    message = Case({"user": share("ssh")}).refusal().message
    assert message == "berth.docker.share.0 must be 'gitconfig', 'ssh-agent' or 'aws'."


def test_mounts_of_the_request_come_beside_the_profiles() -> None:
    case = Case({"user": profile(volumes=["aa:/a"])}, request={"mounts": ["bb:/b:ro", "npm"]})
    mounts = case.mounts()
    assert (mounts["/a"].source, mounts["/b"].source, mounts["/b"].read_only) == ("aa", "bb", True)
    assert (mounts["/b"].reason.layer, mounts["/b"].reason.place) == ("request", "mounts[0]")
    assert f"{HOME}/.npm" in mounts


def test_the_request_may_mount_what_is_outside_the_workspace() -> None:
    assert Case(request={"mounts": ["/data:/data"]}, existing=("/data",)).mounts()["/data"].source == "/data"


@pytest.mark.parametrize("mount", ["/missing:/x", "a", "aa:b", "aa:/proc", "aa:/x:zz", "/var/run/docker.sock:/x"])
def test_a_mount_of_the_request_that_cannot_be_is_refused(mount: str) -> None:
    error = Case(request={"mounts": [mount]}).refusal()
    assert (error.kind, "(mounts[0])" in error.message) == ("bad-mount", True)


def test_one_target_twice_is_refused() -> None:
    error = Case({"user": profile(volumes=["aa:/x"])}, request={"mounts": ["bb:/x"]}).refusal()
    assert "in the way of another mount" in error.message


def test_sources_of_the_request_and_of_shares_are_looked_at() -> None:
    settings = resolve_settings([layer("user", share("aws"))])
    found = needs(
        settings,
        PlanArguments(mounts=("./data:/data",)),
        workspace=WORKSPACE,
        environment={"HOME": "/home/ada"},
    )
    assert {str(path) for path in found.paths} >= {"/home/ada/.aws", f"{WORKSPACE}/data"}
