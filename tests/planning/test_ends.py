"""How a session ends, as its plan says."""

from typing import Any

import pytest

from berth.planning.ends import Ends, Rungs
from berth.planning.explain import explain
from berth.planning.substance import substance
from tests.planning.plans import Case


def docker(**settings: object) -> dict[str, object]:
    return {"docker": settings}


def ends(case: Case) -> Ends:
    plan, on_host = case.plan(), case.on_host()
    assert plan.ends == on_host.ends
    return plan.ends


def test_nobody_asked_for_anything() -> None:
    assert ends(Case()) == Ends(Rungs(2.0, 5.0, 5.0, 5.0), "keep", None)


def test_each_rung_is_what_the_settings_say() -> None:
    found = ends(Case({"user": docker(stop={"cancel": "1s", "kill": "1m"}), "workspace": docker(stop={"kill": "9s"})}))
    assert found.rungs == Rungs(1.0, 5.0, 5.0, 9.0)


@pytest.mark.parametrize(("layer", "most"), [("user", 300.0), ("workspace", 60.0), ("editor", 60.0)])
def test_a_workspace_has_a_person_wait_a_minute_at_most(layer: Any, most: float) -> None:
    plan = Case({layer: docker(stop={"terminate": "5m"})}).plan()
    assert plan.ends.rungs.terminate == most
    assert ("berth.docker.stop.terminate asks for 5m" in " ".join(plan.notes)) == (most == 60.0)


@pytest.mark.parametrize("wait", ["11m", "-1s", "5", 5, "soon"])
def test_a_wait_that_cannot_be_meant_is_refused(wait: object) -> None:
    error = Case({"user": docker(stop={"kill": wait})}).refusal()
    assert error.kind == "bad-settings"
    assert "berth.docker.stop.kill" in error.message


@pytest.mark.parametrize(
    ("user", "workspace", "rule"),
    [
        ("stop", "keep", "stop"),
        ("keep", "stop", "stop"),
        ("ask", "keep", "ask"),
        ("ask", None, "ask"),
        (None, "ask", "ask"),
        (None, None, "keep"),
    ],
)
def test_a_workspace_only_makes_the_end_with_the_editor_stricter(user: Any, workspace: Any, rule: str) -> None:
    layers: Any = {"user": docker(onEditorExit=user), "workspace": docker(onEditorExit=workspace)}
    assert ends(Case(layers)).on_editor_exit == rule


def test_how_long_ended_sessions_are_kept_is_for_the_user_to_say() -> None:
    assert ends(Case({"user": docker(keepStopped="30d")})).keep_stopped == 30 * 86_400
    case = Case({"workspace": docker(keepStopped="1h")})
    assert "kept once ended" in case.breaches("user")
    assert [breach.what for breach in case.on_host().breaches if breach.level == "user"] == ["kept once ended"]


def test_the_idle_limit_is_a_limit_with_a_ceiling() -> None:
    resources = docker(resources={"idleLimit": "30m"})
    assert Case({"workspace": resources}).plan().idle_limit == 1800.0
    assert Case({"workspace": resources}).on_host().idle_limit == 1800.0
    policy = {"policy": {"resources": {"idleLimit": "10m"}}}
    capped = Case({"user": policy})
    assert capped.plan().idle_limit == capped.on_host().idle_limit == 600.0
    above = Case({"user": {**policy, **resources}})
    assert "idle limit" in above.breaches("policy")
    assert "idle limit" in [breach.what for breach in above.on_host().breaches]


def test_the_plan_tells_all_of_it() -> None:
    case = Case({"user": docker(stop={"interrupt": "0s"}, keepStopped="2d", resources={"idleLimit": "30m"})})
    for plan in (case.plan(), case.on_host()):
        lines = {line.what: line.value for line in explain(plan).lines}
        assert lines["stop: SIGINT"] == "waits 0s"
        assert lines["when its last editor goes"] == "keep"
        assert lines["kept once ended"] == "2d"
        assert lines["idle limit"] == "30m"


def test_how_it_ends_is_no_reason_for_a_rebuild() -> None:
    before, after = Case().plan(), Case({"user": docker(stop={"kill": "9s"}, onEditorExit="stop")}).plan()
    assert before.ends != after.ends
    assert substance(before) == substance(after)
