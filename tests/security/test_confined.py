"""What an engine made is held to the plan, point by point; an engine that made something else gets nothing."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.engine.confinement import Confinement
from berth.engine.docker import process_status
from berth.engine.docker.confined import confinement
from berth.engine.docker.process_status import ProcessStatus
from berth.engine.docker.request_terms import Terms, terms_of
from berth.planning.credentials_plan import CredentialsPlan, PlannedKey
from berth.protocol.session import State
from berth.sessions.keys_seen import digest_of, keys_before, keys_inside
from berth.sessions.proof import proof
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.security.pipeline import Start
from tests.sessions.sessions_on_fake import REASON, SECRET, on_stage, session_plan

PLAN = Start({}, {}).plan().container
TERMS = terms_of(PLAN)
ANSWER: dict[str, Any] = {
    "Id": "c" * 64,
    "State": {"Pid": 4242},
    "Config": {"User": TERMS.user},
    "HostConfig": {
        "Privileged": False,
        "PidMode": "",
        "UTSMode": "",
        "IpcMode": "private",
        "NetworkMode": "default",
        "CapAdd": None,
        "SecurityOpt": ["no-new-privileges"],
        "Memory": TERMS.memory,
        "PidsLimit": TERMS.pids,
        "RestartPolicy": {"Name": "no"},
        "VolumesFrom": None,
        "Devices": None,
    },
    "Mounts": [
        {"Type": mount.kind, "Name": mount.source, "Source": mount.source, "Destination": mount.target}
        | {"RW": not mount.read_only}
        for mount in TERMS.mounts
    ],
}
STATUS = """Name:\tdocker-init
Uid:\t1000\t1000\t1000\t1000
Gid:\t1000\t1000\t1000\t1000
CapInh:\t0000000000000000
CapPrm:\t0000000000000000
CapEff:\t0000000000000000
CapBnd:\t0000000000000000
CapAmb:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t2
"""


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A process 4242 of the container with a status of one's own."""
    monkeypatch.setattr(process_status, "PROC", tmp_path)
    folder = tmp_path / "4242"
    folder.mkdir()
    (folder / "cgroup").write_text(f"0::/docker/{'c' * 64}\n")
    (folder / "uid_map").write_text("         0          0 4294967295\n")

    def write(text: str) -> None:
        (folder / "status").write_text(text)

    return write


def seen(answer: dict[str, Any], terms: Terms = TERMS) -> Confinement:
    return confinement(answer, terms, filtered=True)


def test_a_container_as_it_was_asked_for_differs_in_nothing(proc: Callable[[str], None]) -> None:
    proc(STATUS)
    found = seen(ANSWER)
    assert found.differences == ()
    assert found.seen["capabilities"] == "0" * 16


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Privileged", True),
        ("PidMode", "host"),
        ("UTSMode", "host"),
        ("IpcMode", "host"),
        ("NetworkMode", "host"),
        ("NetworkMode", "container:victim"),
        ("CapAdd", ["CAP_SYS_ADMIN"]),
        ("SecurityOpt", []),
        ("SecurityOpt", ["no-new-privileges", "seccomp=unconfined"]),
        ("Memory", 0),
        ("PidsLimit", None),
        ("RestartPolicy", {"Name": "always"}),
        ("VolumesFrom", ["victim"]),
        ("Devices", [{"PathOnHost": "/dev/mem"}]),
    ],
)
def test_each_wall_that_the_engine_left_out_is_a_difference(key: str, value: object) -> None:
    answer = copy.deepcopy(ANSWER)
    answer["HostConfig"][key] = value
    assert len(seen(answer).differences) == 1


def test_a_session_that_joins_a_holder_is_in_that_network_and_in_no_other() -> None:
    joins = replace(TERMS, network="container:holder", joins="holder")
    answers = {
        mode: {**ANSWER, "HostConfig": {**ANSWER["HostConfig"], "NetworkMode": mode}}
        for mode in ("container:holder", "container:victim", "bridge", "none")
    }
    assert seen(answers["container:holder"], joins).differences == ()
    assert seen(answers["container:holder"], TERMS).differences == ("the network",)
    assert all(seen(answers[mode], joins).differences for mode in ("container:victim", "bridge"))
    assert seen(answers["none"], joins).differences == ("the network",)


def test_another_user_and_another_mount_are_differences() -> None:
    assert seen({**ANSWER, "Config": {"User": "0:0"}}).differences == ("the user",)
    socket = {"Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/x", "RW": True}
    assert seen({**ANSWER, "Mounts": [*ANSWER["Mounts"], socket]}).differences == ("a mount at /x",)


def test_a_state_folder_that_moved_is_none_and_other_account_files_are() -> None:
    mounts = [mount for mount in ANSWER["Mounts"] if mount["Destination"] != "/etc/passwd"]
    [passwd] = [mount for mount in ANSWER["Mounts"] if mount["Destination"] == "/etc/passwd"]
    moved = {**passwd, "Source": passwd["Source"].replace("/state/", "/elsewhere/")}
    assert moved != passwd
    assert seen({**ANSWER, "Mounts": [*mounts, moved]}).differences == ()
    for changed in ({"Source": "/home/ada/project/passwd"}, {"RW": True}):
        assert seen({**ANSWER, "Mounts": [*mounts, {**passwd, **changed}]}).differences == ("a mount at /etc/passwd",)


def test_a_volume_that_the_image_brings_along_is_none() -> None:
    volume = {"Type": "volume", "Name": "a" * 64, "Destination": "/data", "RW": True}
    assert seen({**ANSWER, "Mounts": [*ANSWER["Mounts"], volume]}).differences == ()


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("CapEff:\t0000000000000000", "CapEff:\t0000000000200000"),
        ("CapBnd:\t0000000000000000", "CapBnd:\t000001ffffffffff"),
        ("CapInh:\t0000000000000000", "CapInh:\t0000000000000001"),
        ("NoNewPrivs:\t1", "NoNewPrivs:\t0"),
        ("Seccomp:\t2", "Seccomp:\t0"),
        ("Uid:\t1000\t1000", "Uid:\t1000\t0"),
        ("Gid:\t1000\t1000", "Gid:\t1000\t0"),
    ],
)
def test_the_kernel_has_the_last_word(proc: Callable[[str], None], line: str, changed: str) -> None:
    proc(STATUS.replace(line, changed))
    assert len(seen(ANSWER).differences) == 1


def test_a_capability_of_the_users_word_is_no_difference(proc: Callable[[str], None]) -> None:
    proc(STATUS.replace("CapBnd:\t0000000000000000", "CapBnd:\t0000000000080000"))
    terms = Terms(
        "agent",
        TERMS.image,
        TERMS.user,
        TERMS.memory,
        TERMS.pids,
        TERMS.mounts,
        TERMS.flags,
        frozenset({"CAP_SYS_PTRACE"}),
    )
    assert seen(ANSWER, terms).differences == ()
    assert seen(ANSWER).differences == ("the capabilities of its first process",)


def test_somebody_elses_process_is_not_taken_for_the_containers(proc: Callable[[str], None], tmp_path: Path) -> None:
    proc(STATUS)
    (tmp_path / "4242" / "cgroup").write_text("0::/user.slice\n")
    assert seen(ANSWER).seen["process"] == "not seen from here"
    assert process_status.process_status(1, "c" * 64) is None
    assert process_status.process_status(4243, "c" * 64) is None


@pytest.mark.parametrize("text", ["", "Uid:\tx\n", STATUS.replace("CapEff:\t0000000000000000", "CapEff:\tzz")])
def test_a_status_that_cannot_be_read_says_nothing(proc: Callable[[str], None], text: str) -> None:
    proc(text)
    assert seen(ANSWER).seen["process"] == "not seen from here"


def test_ids_in_a_namespace_of_their_own_say_nothing(proc: Callable[[str], None], tmp_path: Path) -> None:
    proc(STATUS.replace("1000", "101000"))
    (tmp_path / "4242" / "uid_map").write_text("0 100000 65536\n")
    assert seen(ANSWER).differences == ()
    assert seen(ANSWER).seen["uid"] == "mapped"


def test_capabilities_have_the_kernels_numbers() -> None:
    status = ProcessStatus(frozenset(), 1, 2, 0, 0)
    assert status.named(["CAP_CHOWN", "SYS_ADMIN", "CAP_CHECKPOINT_RESTORE", "CAP_NO_SUCH"]) == {0, 21, 40}


@pytest.mark.anyio
async def test_a_container_that_differs_gets_nothing_and_the_session_says_why(tmp_path: Path) -> None:
    async with FakeEngine({"scripted": scripted_acp}) as engine:
        engine.confined = Confinement(("the capabilities of its first process",))
        async with on_stage(engine, session_plan(tmp_path), tmp_path / "s1") as stage:
            stage.session.begin()
            await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
            error = stage.session.info.error
            assert error is not None
            assert (error.kind, "the capabilities of its first process" in error.message) == ("container-differs", True)
            [container] = engine._containers.values()
            assert container.process is not None
            assert SECRET not in str(container.process.environment) + str(container.stdin._buffer)
            assert container.status == "exited"


@pytest.mark.anyio
async def test_a_key_that_the_container_had_before_ends_the_start(tmp_path: Path) -> None:
    async with (
        FakeEngine(programs={"scripted": scripted_acp}) as engine,
        on_stage(engine, session_plan(tmp_path), tmp_path / "state") as stage,
    ):
        engine.confined = Confinement(environment=frozenset({digest_of(SECRET.encode())}), runs=True)
        stage.session.begin()
        await stage.audience.until(lambda: stage.session.info.state is State.FAILED)
        error = stage.session.info.error
        assert error is not None
        assert (error.kind, "SCRIPTED_API_KEY" in error.message, SECRET in error.message) == (
            "isolation-failed",
            True,
            False,
        )


def test_the_environment_that_an_engine_made_is_known_by_its_digests() -> None:
    answer = {**ANSWER, "Config": {**ANSWER["Config"], "Env": ["PATH=/bin", "A_KEY=a=b"]}}
    seen = confinement(answer, TERMS, filtered=False)
    assert seen.environment == {digest_of(b"/bin"), digest_of(b"a=b")}
    assert "a=b" not in repr(seen)


def test_the_kernels_word_of_the_environment_counts_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_status, "PROC", tmp_path)
    folder = tmp_path / "4242"
    folder.mkdir()
    (folder / "cgroup").write_text(f"0::/docker/{'c' * 64}")
    (folder / "environ").write_bytes(b"PATH=/bin\0A_KEY=secret\0")
    assert digest_of(b"secret") in confinement(ANSWER, TERMS, filtered=False).environment


def test_what_goes_in_is_told_by_name_and_a_sentinel_is_no_key(tmp_path: Path) -> None:
    plan = session_plan(tmp_path)
    assert keys_inside(plan) == ("SCRIPTED_API_KEY",)
    proved = proof(plan)
    assert proved is not None
    assert proved.checks[-1] == "no key was there before; given on purpose: SCRIPTED_API_KEY"
    key = PlannedKey("SCRIPTED_API_KEY", "0" * 64, "https://a", "", (), "authorization", "", REASON, key=SECRET)
    entrusted = replace(plan, network=replace(plan.network, credentials=CredentialsPlan("broker", keys=(key,))))
    assert keys_inside(entrusted) == ()
    assert keys_before(entrusted, {digest_of(SECRET.encode())}) == ("SCRIPTED_API_KEY",)
    proved = proof(entrusted)
    assert proved is not None
    assert proved.checks[-1] == "no key in the environment"
