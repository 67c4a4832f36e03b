"""Which containers may wait for a session, and when two are alike."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from berth.planning.explain import explain
from berth.planning.plan import SessionPlan
from berth.planning.spares import NAME, is_spare, shape, spare_container
from berth.planning.spares_plan import SparesPlan
from berth.settings.origin import LayerName
from berth.settings.problems import BadSettings
from tests.planning.plans import CANARY, Case, engine, profile

IMAGE = "sha256:" + "a" * 64


def asked(**spares: object) -> dict[str, object]:
    return {"docker": {"spares": spares}}


def on_the_bridge(layers: Mapping[LayerName, object] | None = None, **more: Any) -> Case:
    return Case(layers or {}, network="open", **more)


def with_flags(*flags: str) -> SessionPlan:
    return on_the_bridge({"user": profile(dockerArgs=list(flags))}).plan()


def test_one_waits_for_half_an_hour_where_nobody_says_otherwise() -> None:
    spares = on_the_bridge().plan().spares
    assert (spares.count, spares.total, spares.expire_after, spares.paused) == (1, 3, 1800.0, False)
    assert spares.why_none == ""


def test_the_settings_say_how_many_wait_and_how_long() -> None:
    spares = on_the_bridge({"workspace": asked(count=2, total=5, expireAfter="1h30m", paused=True)}).plan().spares
    assert replace(spares, reason=SparesPlan().reason) == SparesPlan(2, 5, 5400.0, paused=True)


def test_each_setting_is_the_highest_layers_on_its_own() -> None:
    spares = on_the_bridge({"user": asked(count=0, total=8), "workspace": asked(count=3)}).plan().spares
    assert (spares.count, spares.total) == (3, 8)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"count": 5}, "berth.docker.spares.count is too large"),
        ({"count": -1}, "berth.docker.spares.count is too small"),
        ({"total": 9}, "berth.docker.spares.total is too large"),
        ({"expireAfter": "5s"}, "berth.docker.spares.expireAfter must be at least 10s and at most 24h"),
        ({"expireAfter": "2d"}, "berth.docker.spares.expireAfter must be at least 10s and at most 24h"),
        ({"paused": "yes"}, "berth.docker.spares.paused must be true or false"),
        ({"cuont": 1}, "berth.docker.spares.cuont"),
    ],
)
def test_settings_beyond_the_bounds_are_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSettings) as caught:
        on_the_bridge({"user": asked(**wrong)}).plan()
    assert said in "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (on_the_bridge({"user": {"docker": {"login": "none"}}}).plan(), "HOME of its own"),
        (on_the_bridge(facts={"engine": replace(engine(), init=False)}).plan(), "no init"),
        (with_flags("--publish", "127.0.0.1:8080:80"), "A port"),
        (with_flags("--network", "name=mine,ip=172.30.1.2"), "an address"),
        (with_flags("--device", "/dev/fuse"), "devices"),
        (with_flags("--gpus", "all"), "devices"),
        (with_flags("--health-cmd", "true"), "health check"),
    ],
)
def test_where_a_second_container_would_be_in_the_way_none_waits_and_the_plan_says_so(
    plan: SessionPlan, why: str
) -> None:
    assert why in plan.spares.why_none
    [line] = [line for line in explain(plan).lines if line.what == "spares"]
    assert (line.value, why in (line.why or "")) == ("none", True)


def test_containers_wait_behind_a_door_as_well() -> None:
    plan = Case().plan()
    assert (plan.network.mode, plan.spares.count, plan.spares.why_none) == ("allowlist", 1, "")


def test_what_is_listed_is_no_part_of_a_shape() -> None:
    one, two = (
        Case({"user": {"docker": {"network": {"allow": [host]}}}}).plan() for host in ("a.example", "b.example")
    )
    assert shape(one, IMAGE) == shape(two, IMAGE)


def test_a_port_of_the_engines_choice_is_in_nobodys_way() -> None:
    assert with_flags("--publish", "127.0.0.1::80").spares.why_none == ""


def test_the_plan_tells_how_many_wait_and_who_said_so() -> None:
    plan = on_the_bridge({"workspace": asked(count=2, paused=True)}).plan()
    [line] = [line for line in explain(plan).lines if line.what == "spares"]
    assert (line.value, line.layer, line.place) == ("2, paused", "workspace", "berth.docker.spares.count")


def test_two_sessions_of_one_plan_have_the_same_shape() -> None:
    one, two = (on_the_bridge(facts={"session": name}).plan() for name in ("s1", "s2"))
    assert one.container != two.container
    assert shape(one, IMAGE) == shape(two, IMAGE)


@pytest.mark.parametrize(
    "other",
    [
        on_the_bridge({"user": {"docker": {"resources": {"memory": "1g"}}}}),
        on_the_bridge({"user": profile(dockerArgs=["--hostname", "mine"])}),
        on_the_bridge({"user": profile(env={"MODE": "dev"})}),
        on_the_bridge({"user": {"agent": "codex"}}),
        on_the_bridge(request={"mounts": ["cache:/cache"]}),
    ],
)
def test_another_plan_has_another_shape(other: Case) -> None:
    assert shape(other.plan(), IMAGE) != shape(on_the_bridge().plan(), IMAGE)


def test_another_image_under_the_same_name_is_another_shape() -> None:
    assert shape(on_the_bridge().plan(), IMAGE) != shape(on_the_bridge().plan(), IMAGE.replace("a", "b"))


def test_the_value_of_a_variable_is_no_part_of_a_shape() -> None:
    one, two = (on_the_bridge({"user": profile(env={"TOKEN": value})}).plan() for value in ("x", CANARY))
    assert shape(one, IMAGE) == shape(two, IMAGE)
    assert CANARY not in repr(shape(two, IMAGE))


def test_a_spare_is_of_no_session_and_says_whose_it_is() -> None:
    plan = on_the_bridge().plan()
    spare = spare_container(shape(plan, IMAGE), spare="0123456789ab", host="h1")
    assert (spare.image, spare.hostname) == (IMAGE, "berth-spare-012345")
    assert spare.labels == {
        **{name: value for name, value in plan.container.labels.items() if name != "dev.berth.session"},
        "dev.berth.spare": "h1",
    }


def test_a_host_name_that_somebody_asked_for_stays() -> None:
    plan = with_flags("--hostname", "mine")
    assert spare_container(shape(plan, IMAGE), spare="s", host="h1").hostname == "mine"


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        (f"{NAME}1", {"dev.berth": "1", "dev.berth.spare": "h"}, True),
        ("berth-spare-s1", {"dev.berth": "1", "dev.berth.spare": "h"}, False),
        (f"{NAME}1", {"dev.berth": "1"}, False),
        (f"{NAME}1", {"dev.berth.spare": "h"}, False),
    ],
)
def test_a_spare_is_known_by_name_and_label(name: str, labels: dict[str, str], *, expected: bool) -> None:
    assert is_spare(name, labels) is expected
