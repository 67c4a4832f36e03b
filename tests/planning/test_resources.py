"""What a session may use."""

from typing import Any

import pytest

from berth.engine.docker.render import render
from berth.planning.explain import explain
from berth.planning.plan import Limits
from berth.settings.quantities import Gpus
from tests.planning.plans import Case, engine, profile

GIB = 1024**3


def asked(**limits: object) -> dict[str, object]:
    """Settings for all sessions."""
    return {"docker": {"resources": limits}}


def limits(case: Case) -> Limits:
    return case.plan().container.limits


def test_limits_are_what_the_settings_say() -> None:
    found = limits(Case({"editor": asked(memory="4g", cpus=2, pids=512, shm="1g", timeLimit="2h")}))
    assert (found.memory, found.cpus, found.pids, found.shm, found.time) == (4 * GIB, 2.0, 512, GIB, 7200.0)


def test_each_limit_is_the_highest_layers_on_its_own() -> None:
    settings: dict[str, Any] = profile(extends="base", resources={"cpus": 2})
    settings["docker"]["profiles"]["base"] = {"resources": {"cpus": 1, "pids": 100}}
    settings["docker"]["resources"] = {"memory": "1g", "cpus": 3, "pids": 200, "shm": "2m"}
    found = limits(Case({"user": settings}, request={"resources": {"memory": "2g"}}))
    assert (found.memory, found.cpus, found.pids, found.shm) == (2 * GIB, 2.0, 100, 2 * 1024**2)


def test_the_plan_says_where_a_limit_came_from() -> None:
    case = Case({"workspace": asked(memory="1g")}, request={"resources": {"pids": 64}})
    lines = {line.what: (line.value, line.layer, line.place) for line in explain(case.plan()).lines}
    assert lines["memory"] == ("1 GiB", "workspace", "berth.docker.resources.memory")
    assert lines["processes"] == ("64", "request", "resources")
    assert lines["cpus"][1] == "built-in"
    assert (lines["time limit"][0], lines["graphics cards"][0]) == ("none", "none")


@pytest.mark.parametrize(("layer", "most"), [("user", 16), ("workspace", 12), ("editor", 12)])
def test_memory_is_cut_to_what_the_engine_has_with_a_note(layer: Any, most: int) -> None:
    plan = Case({layer: asked(memory="1t")}, facts={"engine": engine(memory=16 * GIB)}).plan()
    assert plan.container.limits.memory == most * GIB
    assert f"berth.docker.resources.memory asks for 1024 GiB; the session gets {most} GiB" in plan.notes[-1]


def test_cpus_are_cut_to_what_the_engine_has() -> None:
    assert limits(Case({"user": asked(cpus=400)})).cpus == 4.0


def test_shared_memory_is_no_more_than_the_memory() -> None:
    assert limits(Case({"user": asked(memory="1g", shm="2g")})).shm == GIB


@pytest.mark.parametrize(("layer", "pids"), [("user", 100_000), ("workspace", 16_384)])
def test_only_the_user_asks_for_very_many_processes(layer: Any, pids: int) -> None:
    assert limits(Case({layer: asked(pids=100_000)})).pids == pids


def test_scratch_space_follows_the_memory() -> None:
    assert [tmpfs.size for tmpfs in Case({"user": asked(memory="512m")}).plan().container.tmpfs] == [256 * 1024**2]


@pytest.mark.parametrize("case", [Case({"user": asked(gpus="all")}), Case(request={"resources": {"gpus": "all"}})])
def test_the_user_may_give_graphics_cards(case: Case) -> None:
    plan = case.plan()
    assert plan.container.limits.gpus == Gpus(-1)
    assert render(plan.container, ("sh",))["HostConfig"]["DeviceRequests"] == [{"Count": -1, "Capabilities": [["gpu"]]}]


def test_cards_that_are_named_are_asked_for_by_name() -> None:
    body = render(Case({"user": asked(gpus=["0", "2"])}).plan().container, ("sh",))
    assert body["HostConfig"]["DeviceRequests"] == [{"DeviceIDs": ["0", "2"], "Capabilities": [["gpu"]]}]


@pytest.mark.parametrize("layer", ["workspace", "editor"])
def test_a_repository_may_not_give_graphics_cards(layer: Any) -> None:
    breach = Case({layer: profile(resources={"gpus": 1})}).breaches()["graphics cards"]
    assert breach.place == "berth.docker.profiles.web.resources.gpus"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"memory": "2gb?"}, "resources.memory must be a size such as 512m, 4g or 1.5GiB."),
        ({"memory": 4}, "resources.memory must be at least 64m."),
        ({"timeLimit": "90"}, "resources.timeLimit must be a duration with units such as 90m, 2h or 1h30m."),
        ({"pids": 1}, "resources.pids is too small."),
        ({"gpus": ["--x"]}, "resources.gpus must be “all”, a number of cards, or a list of their indexes or UUIDs."),
    ],
)
def test_a_limit_of_the_request_that_cannot_be_used_is_named(wrong: object, sentence: str) -> None:
    error = Case(request={"resources": wrong}).refusal()
    assert (error.kind, error.message) == ("invalid-arguments", sentence)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"memory": "2gb?"}, "memory must be a size such as 512m, 4g or 1.5GiB."),
        ({"memory": "1m"}, "memory must be at least 64m."),
        ({"shm": 1}, "shm must be at least 1m."),
        ({"cpus": 0}, "cpus must be at least 0.01 and at most 4096."),
        ({"pids": "12"}, "pids must be a whole number."),
        ({"pids": 5_000_000}, "pids is too large."),
        ({"timeLimit": "1s"}, "timeLimit must be at least 10s and at most 30d."),
        ({"timeLimit": 90}, "timeLimit must be a duration with units such as 90m, 2h or 1h30m."),
        ({"memroy": "1g"}, "memroy is not a setting – perhaps “memory” is meant."),
    ],
)
def test_a_limit_that_cannot_be_used_is_named(wrong: dict[str, object], sentence: str) -> None:
    assert Case({"editor": asked(**wrong)}).refusal().message == f"berth.docker.resources.{sentence}"


def test_limits_that_nobody_set_are_the_built_in_ones() -> None:
    assert limits(Case({"editor": asked(memory="", cpus=None, timeLimit="")})) == limits(Case())
