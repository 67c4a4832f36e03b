from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.accounts import accounts_files, accounts_folder
from berth.planning.facts import WorkspaceFacts
from berth.planning.labels import fingerprint
from berth.planning.plan import User
from berth.planning.reason import Reason
from tests.planning.plans import CANARY, WORKSPACE, Case, engine, profile

GIB = 1024**3


def owned_by(uid: int, gid: int) -> WorkspaceFacts:
    return WorkspaceFacts(WORKSPACE, uid, gid)


@pytest.mark.parametrize(
    ("product", "rootless", "owner", "expected"),
    [
        ("docker", False, (1000, 100), (1000, 100, None)),
        ("docker", False, (0, 0), (0, 0, None)),
        ("docker", False, (1234, 1234), (1234, 1234, None)),
        ("docker", True, (1000, 100), (0, 0, None)),
        ("docker", True, (1234, 1234), (0, 0, None)),
        ("podman", False, (1000, 100), (1000, 100, None)),
        ("podman", True, (1000, 100), (1000, 100, "keep-id")),
        ("podman", True, (0, 0), (1000, 1000, "keep-id")),
    ],
)
def test_the_user_is_the_one_whose_files_the_agent_may_write(
    product: str, owner: tuple[int, int], expected: tuple[int, int, str | None], *, rootless: bool
) -> None:
    facts = {"engine": engine(product=product, rootless=rootless), "workspace": owned_by(*owner)}
    user = Case(facts=facts).plan().container.user
    assert (user.uid, user.gid, user.userns) == expected


def test_an_engine_in_a_virtual_machine_gets_the_owner() -> None:
    facts = {"engine": engine(desktop=True, rootless=True), "workspace": owned_by(501, 20)}
    user = Case(facts=facts).plan().container.user
    assert (user.uid, user.gid) == (501, 20)


def test_a_workspace_of_root_is_served_as_root_and_the_plan_says_so() -> None:
    plan = Case(facts={"workspace": owned_by(0, 0)}).plan()
    assert any("belongs to root" in note for note in plan.notes)
    assert plan.container.cap_drop == ("ALL",)
    assert not Case().plan().notes


def test_a_rootless_engine_says_that_it_cannot_act_for_another_user() -> None:
    plan = Case(facts={"engine": engine(rootless=True), "workspace": owned_by(1234, 1234)}).plan()
    assert any("belongs to another user" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("uid", "gid", "passwd", "group"),
    [
        (1000, 100, "agent:x:1000:100::/h:/bin/sh", "agent:x:100:"),
        (0, 0, "root:x:0:0::/h:/bin/sh", "root:x:0:"),
        (0, 7, "root:x:0:7::/h:/bin/sh", "agent:x:7:"),
        (1000, 0, "agent:x:1000:0::/h:/bin/sh", "root:x:0:"),
        (65534, 65534, "agent:x:65534:65534::/h:/bin/sh", "nogroup:x:65534:"),
    ],
)
def test_the_account_files_name_the_user_and_no_id_twice(uid: int, gid: int, passwd: str, group: str) -> None:
    files = accounts_files(User(uid, gid, "agent" if uid else "root", "/h", None, Reason("built-in")))
    for name, line in (("passwd", passwd), ("group", group)):
        lines = files[name].splitlines()
        ids = [one.split(":")[2] for one in lines]
        assert line in lines
        assert len(ids) == len(set(ids))
        assert "0" in ids


def test_other_account_files_lie_in_another_folder() -> None:
    users = [User(1000, 1000, "agent", home, None, Reason("built-in")) for home in ("/a", "/b")]
    assert accounts_folder(users[0]) != accounts_folder(users[1])


@pytest.mark.parametrize(("memory", "expected"), [(64 * GIB, 8 * GIB), (4 * GIB, 3 * GIB), (0, 8 * GIB)])
def test_memory_is_bounded_and_leaves_a_quarter_to_the_engine(memory: int, expected: int) -> None:
    limits = Case(facts={"engine": engine(memory=memory)}).plan().container.limits
    assert (limits.memory, limits.cpus, limits.pids) == (expected, 4.0, 2048)


def test_scratch_space_is_at_most_half_of_the_memory() -> None:
    [tmp] = Case(facts={"engine": engine(memory=1 * GIB)}).plan().container.tmpfs
    assert (tmp.target, tmp.size) == ("/tmp", GIB * 3 // 8)


def test_the_container_is_hardened_and_reaches_the_host_by_name() -> None:
    container = Case(network="open").plan().container
    assert container.cap_drop == ("ALL",)
    assert container.security_options == ("no-new-privileges",)
    assert container.extra_hosts == {"host.docker.internal": "host-gateway"}


@pytest.mark.parametrize(
    ("session", "hostname"), [("s1", "berth-s1"), ("A_B.c" + "x" * 60, "berth-a-b-cxxxxxxx"), ("a-----", "berth-a")]
)
def test_the_host_name_is_short_and_valid(session: str, hostname: str) -> None:
    assert Case(facts={"session": session}).plan().container.hostname == hostname


def test_the_labels_tell_whose_container_it_is() -> None:
    plan = Case({"user": profile()}, facts={"session": "s9"}).plan()
    labels = dict(plan.container.labels)
    assert labels.pop("dev.berth.version")
    assert labels == {
        "dev.berth": "1",
        "dev.berth.session": "s9",
        "dev.berth.workspace": str(WORKSPACE),
        "dev.berth.agent": "claude",
        "dev.berth.profile": "web",
        "dev.berth.plan": fingerprint(plan),
    }


def test_the_fingerprint_is_of_the_shape_and_not_of_values() -> None:
    def of(case: Case) -> str:
        return fingerprint(case.plan())

    same = [
        Case({"user": profile(env={"A": "1"})}),
        Case({"user": profile(env={"A": CANARY})}),
        Case({"workspace": profile(env={"A": "1"})}),
        Case({"user": profile(env={"A": "1"})}, facts={"session": "other", "accounts_folder": Path("/elsewhere")}),
    ]
    other = [
        Case({"user": profile(env={"B": "1"})}),
        Case({"user": profile(env={"A": "1"}, image="x")}),
        Case({"user": profile(env={"A": "1"}, volumes=["cache:/cache"])}),
        Case({"user": profile(env={"A": "1"})}, request={"agent": "codex"}),
        Case({"user": profile(env={"A": "1"})}, facts={"engine": engine(memory=4 * GIB)}),
        Case({"user": profile(env={"A": "1"})}, facts={"workspace": owned_by(7, 7)}),
    ]
    assert len({of(case) for case in same}) == 1
    assert len({of(case) for case in [same[0], *other]}) == 1 + len(other)


@pytest.mark.parametrize("has_init", [True, False])
def test_an_init_is_asked_for_where_the_engine_has_one(*, has_init: bool) -> None:
    assert Case(facts={"engine": replace(engine(), init=has_init)}).plan().container.init is has_init
