"""The user's own ceilings."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.planning.plan import Limits
from tests.planning.plans import CANARY, Case, profile

FACTS = {"existing": frozenset({Path("/srv/data/x"), Path("/home/ada/data"), Path("/home/ada/database")})}


def under(policy: dict[str, Any], **wish: Any) -> Case:
    return Case({"user": {"policy": policy}}, request=wish, facts=FACTS, environment={"AWS_KEY": CANARY})


@pytest.mark.parametrize(
    ("policy", "wish", "what"),
    [
        ({"images": ["mycompany/*"]}, {"image": "node:22"}, "image"),
        ({"images": []}, {"image": "node:22"}, "image"),
        ({"agents": ["codex"]}, {"agent": "claude"}, "agent"),
        ({"resources": {"memory": "2g"}}, {"resources": {"memory": "3g"}}, "memory"),
        ({"resources": {"memory": "2g"}}, {"dockerArgs": ["-m", "3g"]}, "memory"),
        ({"resources": {"cpus": 1}}, {"resources": {"cpus": 1.5}}, "cpus"),
        ({"resources": {"pids": 64}}, {"resources": {"pids": 65}}, "processes"),
        ({"resources": {"shm": "1g"}}, {"resources": {"shm": "2g"}}, "shared memory"),
        ({"resources": {"timeLimit": "1h"}}, {"resources": {"timeLimit": "2h"}}, "time limit"),
        ({"gpus": False}, {"resources": {"gpus": "all"}}, "graphics cards"),
        ({"gpus": False}, {"dockerArgs": ["--gpus", "all"]}, "graphics cards"),
        ({"mounts": []}, {"mounts": ["/srv/data/x:/x"]}, "mount /x"),
        ({"mounts": ["~/data"]}, {"mounts": ["/home/ada/database:/x"]}, "mount /x"),
        ({"dockerArgs": ["memory"]}, {"dockerArgs": ["--cpus", "1"]}, "docker --cpus"),
        ({"forwardEnv": []}, {"forwardEnv": ["AWS_KEY"]}, "env AWS_KEY"),
        ({"forwardEnv": ["AWS_*", "!AWS_KEY"]}, {"forwardEnv": ["AWS_KEY"]}, "env AWS_KEY"),
        ({"network": {"mode": "none"}}, {"dockerArgs": ["--network", "bridge"]}, "network"),
        ({"network": {"mode": "open"}}, {"dockerArgs": ["--network", "host"]}, "network"),
        ({"network": {"hosts": ["a.example"]}}, {"dockerArgs": ["--network", "bridge"]}, "network"),
    ],
)
def test_what_is_above_a_ceiling_is_a_breach_whoever_asks(policy: Any, wish: Any, what: str) -> None:
    breach = under(policy, **wish).breaches("policy")[what]
    assert breach.layer == "request"
    [setting] = policy
    assert f"berth.policy.{setting}" in breach.why


@pytest.mark.parametrize(
    ("policy", "wish"),
    [
        ({"images": ["node"]}, {"image": "node:22"}),
        ({"images": []}, {}),
        ({"agents": ["claude"]}, {}),
        ({"resources": {"memory": "2g", "cpus": 1}}, {"resources": {"memory": "2g", "cpus": 1}}),
        ({"mounts": ["~/data", "/srv"]}, {"mounts": ["/home/ada/data:/x", "/srv/data/x:/y"]}),
        ({"mounts": []}, {"mounts": ["a-volume:/x", "npm"]}),
        ({"dockerArgs": ["memory"]}, {"dockerArgs": ["-m", "1g"]}),
        ({"forwardEnv": ["AWS_*"]}, {"forwardEnv": ["AWS_KEY"]}),
        ({"forwardEnv": []}, {}),
        ({"gpus": True}, {"resources": {"gpus": "all"}}),
    ],
)
def test_what_is_below_it_is_none(policy: Any, wish: Any) -> None:
    assert not under(policy, **wish).plan().breaches


def test_who_asks_for_nothing_gets_no_more_than_the_ceiling() -> None:
    ceilings = {"memory": "1g", "cpus": 0.5, "pids": 100, "shm": "16m", "timeLimit": "1h"}
    container = under({"resources": ceilings}).plan().container
    assert container.limits == Limits(memory=2**30, cpus=0.5, pids=100, shm=16 * 2**20, time=3600.0)
    assert {reason.why for reason in container.limit_reasons.values()} == {"as much as the policy allows"}
    assert under({"resources": {"memory": "60g"}}).plan().container.limits.memory == 8 * 2**30


def test_a_workspace_that_may_not_even_ask_is_refused() -> None:
    layers: Any = {"user": {"policy": {"workspaces": "never"}}, "workspace": profile(image="node:22")}
    case = Case(layers)
    assert set(case.breaches("policy")) == {"image"}
    assert case.plan().consent is None


def test_a_user_who_trusts_every_workspace_is_not_asked() -> None:
    layers: Any = {"user": {"policy": {"workspaces": "allow"}}, "workspace": profile(image="node:22")}
    case = Case(layers)
    assert set(case.breaches("ask")) == {"image"}
    assert case.plan().consent is None
    users: Any = {"user": {"policy": {"workspaces": "allow"}}, "workspace": profile(volumes=["/srv/data/x:/x"])}
    assert set(Case(users, facts=FACTS).breaches("user")) == {"mount /x"}


@pytest.mark.parametrize("layer", ["workspace", "editor"])
def test_a_workspace_has_no_policy(layer: Any) -> None:
    error = Case({layer: {"policy": {"workspaces": "allow"}}}).refusal()
    assert error.message == "berth.policy may stand in the user's own settings only."


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ({"trustFor": "10s"}, "berth.policy.trustFor must be at least 1m and at most 366d"),
        ({"mounts": ["relative"]}, "berth.policy.mounts.0 must be an absolute path, or one that begins with ~/"),
        ({"dockerArgs": ["--memory"]}, "berth.policy.dockerArgs.0 must be a flag's long name without hyphens"),
        ({"workspaces": "yes"}, "berth.policy.workspaces must be 'ask', 'never' or 'allow'"),
        ({"resources": {"gpus": 1}}, "berth.policy.resources.gpus is written twice, or in the wrong place"),
        ({"image": []}, "berth.policy.image is written twice, or in the wrong place"),
    ],
)
def test_a_policy_that_cannot_be_read_is_told(policy: Any, sentence: str) -> None:
    assert sentence in Case({"user": {"policy": policy}}).refusal().message


def reaching(ceilings: dict[str, Any], network: dict[str, Any]) -> Case:
    return Case({"user": {"policy": {"network": ceilings}, "docker": {"network": network}}})


@pytest.mark.parametrize(
    ("ceiling", "allowed", "above"),
    [
        ("a.example", ["a.example"], []),
        ("a.example", ["b.example"], ["b.example"]),
        ("a.example", ["a.example:22"], ["a.example:22"]),
        ("a.example:22", ["a.example:22"], []),
        ("*.a.example", ["x.a.example", "*.a.example"], []),
        (
            "*.a.example",
            ["a.example", "x.y.a.example", "*.example.net"],
            ["a.example", "x.y.a.example", "*.example.net"],
        ),
        ("10.0.0.7:80", ["10.0.0.7:80", "10.0.0.8:80"], ["10.0.0.8:80"]),
        ("registry.npmjs.org", ["npm"], ["registry.yarnpkg.com"]),
    ],
)
def test_hosts_that_the_policy_does_not_name_are_above_it(ceiling: str, allowed: list[str], above: list[str]) -> None:
    case = reaching({"hosts": [ceiling]}, {"mode": "allowlist", "allow": allowed})
    assert [breach.value for breach in case.plan().breaches if breach.level == "policy"] == above


def test_the_hosts_that_an_agent_talks_to_by_itself_are_below_every_ceiling() -> None:
    plan = reaching({"hosts": []}, {"mode": "allowlist"}).plan()
    assert plan.network.allowed
    assert not plan.breaches


@pytest.mark.parametrize(
    ("ceilings", "mode"),
    [({"mode": "none"}, "none"), ({"mode": "allowlist"}, "allowlist"), ({"hosts": []}, "allowlist")],
)
def test_who_asks_for_no_network_gets_none_above_the_ceiling(ceilings: dict[str, Any], mode: str) -> None:
    plan = reaching(ceilings, {}).plan()
    assert (plan.network.mode, plan.network.own, plan.breaches) == (mode, mode, ())
    assert (plan.network.reason.why == "as much as the policy allows") is (mode == "none")


def test_what_nobody_asked_for_is_cut_to_the_ceiling_of_hosts() -> None:
    usual = {str(host) for host in reaching({}, {}).plan().network.allowed}
    below = {str(host) for host in reaching({"hosts": ["pypi.org"]}, {}).plan().network.allowed}
    assert {"pypi.org", "registry.npmjs.org"} <= usual
    assert "pypi.org" in below
    assert "registry.npmjs.org" not in below


def test_of_two_ceilings_the_lower_one_holds() -> None:
    assert reaching({"mode": "none", "hosts": ["a.example"]}, {}).plan().network.mode == "none"
    assert reaching({"mode": "host", "hosts": ["a.example"]}, {"mode": "open"}).breaches("policy")


def test_a_narrower_mode_than_the_ceiling_is_nobodys_concern() -> None:
    assert not reaching({"mode": "open"}, {"mode": "none"}).plan().breaches


def test_what_may_be_asked_about_is_in_the_plan() -> None:
    case = reaching({"hosts": ["*.a.example"]}, {"mode": "allowlist"})
    assert replace(case, facts={"attended": True}).plan().network.ceiling == ("*.a.example",)
