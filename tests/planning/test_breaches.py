"""What a workspace may have, what takes a yes, and what is the user's own to decide."""

from pathlib import Path
from typing import Any

import pytest

from berth.planning.breach import Consent
from berth.planning.facts import WorkspaceFacts
from tests.planning.plans import CANARY, WORKSPACE, Case, profile

WORKSPACE_LAYERS: Any = ("workspace", "editor")


@pytest.mark.parametrize("layer", WORKSPACE_LAYERS)
@pytest.mark.parametrize(
    ("settings", "what", "value"),
    [
        ({"docker": {"defaultImage": "evil:1"}}, "image", "evil:1"),
        (profile(image="evil:1"), "image", "evil:1"),
        ({"agent": "codex"}, "agent", "codex"),
        (profile(agent="codex"), "agent", "codex"),
        ({"agents": {"claude": {"command": ["sh", "-c", "x"]}}}, "command", "sh -c x"),
        ({"agents": {"claude": {"home": "/elsewhere"}}}, "command", None),
        (profile(volumes=["./config:/config:ro"]), "mount /config", f"{WORKSPACE}/config, read-only"),
        (profile(volumes=["other-data:/data"]), "mount /data", "other-data, read and write"),
        (profile(dockerArgs=["-v", "./config:/config"]), "mount /config", f"{WORKSPACE}/config, read and write"),
        (profile(envFile="x.env"), "env file", f"{WORKSPACE}/x.env"),
        (profile(forwardEnv=["SECRET_*"]), "env SECRET_ONE", "forwarded"),
        ({"docker": {"forwardEnv": ["SECRET_ONE"]}}, "env SECRET_ONE", "forwarded"),
        (profile(dockerArgs=["-e", "SECRET_ONE"]), "env SECRET_ONE", "forwarded"),
    ],
)
def test_what_decides_over_keys_takes_a_yes(layer: Any, settings: Any, what: str, value: str | None) -> None:
    case = Case(
        {layer: settings},
        existing=("config",),
        files={"x.env": "A=1"},
        environment={"SECRET_ONE": CANARY},
    )
    breach = case.breaches("ask")[what]
    assert breach.layer == layer
    assert value in (None, breach.value)
    assert not case.breaches("user")
    assert CANARY not in repr(case.plan().breaches)


@pytest.mark.parametrize(
    "settings",
    [
        profile(env={"NODE_ENV": "development"}),
        profile(volumes=["npm", "pip"]),
        profile(resources={"memory": "1g", "cpus": 1, "pids": 100, "timeLimit": "1h"}),
        profile(dockerArgs=["-m", "1g", "--network", "none", "--read-only", "-e", "A=1", "--label", "a=b"]),
        profile(forwardEnv=["!ANTHROPIC_API_KEY"]),
        {"docker": {"allowCustomImages": False}},
        {"agents": {"mine": {"command": ["x"], "dialect": "acp"}}},
    ],
)
def test_what_narrows_takes_none(settings: Any) -> None:
    plan = Case({"workspace": settings}, environment={"ANTHROPIC_API_KEY": CANARY}).plan()
    assert (plan.breaches, plan.consent) == ((), None)


def test_what_the_user_and_the_request_say_takes_none() -> None:
    section = profile(
        image="mine:1", volumes=["/srv/x:/x"], forwardEnv=["LD_PRELOAD"], dockerArgs=["--cap-add", "KILL"]
    )
    facts = {"existing": frozenset({Path("/srv/x")})}
    users = Case({"user": section}, environment={"LD_PRELOAD": "x"}, facts=facts)
    asked = Case(request={"image": "mine:1", "mounts": ["/srv/x:/x"], "dockerArgs": ["--gpus", "all"]}, facts=facts)
    assert users.plan().breaches == asked.plan().breaches == ()


def test_a_profile_of_the_users_that_a_workspace_uses_takes_a_yes() -> None:
    mine = {"docker": {"profiles": {"mine": {"volumes": ["/srv/x:/x"]}}}}
    facts = {"existing": frozenset({Path("/srv/x")})}
    chosen = Case({"user": mine, "workspace": {"docker": {"defaultProfile": "mine"}}}, facts=facts)
    extending = {"docker": {"defaultProfile": "web", "profiles": {"web": {"extends": "mine"}}}}
    extended = Case({"user": mine, "workspace": extending}, facts=facts)
    changed = Case(
        {"user": mine, "workspace": {"docker": {"profiles": {"mine": {"env": {"A": "1"}}}}}},
        request={"profile": "mine"},
        facts=facts,
    )
    for case in (chosen, extended, changed):
        assert set(case.breaches("ask")) == {"profile"}
        consent = case.plan().consent
        assert consent is not None
        assert "mount /srv/x, read and write" in consent.receives
    assert Case({"user": mine}, request={"profile": "mine"}, facts=facts).plan().consent is None


def consent_of(section: Any, **more: Any) -> Consent:
    found = Case({"workspace": section}, **more).plan().consent
    assert found is not None
    return found


def test_a_yes_is_to_everything_that_would_go_into_the_container() -> None:
    plain = consent_of({"docker": {"defaultImage": "node:22"}})
    keyed = consent_of({"docker": {"defaultImage": "node:22"}}, environment={"ANTHROPIC_API_KEY": CANARY})
    assert "the use of the key ANTHROPIC_API_KEY, which itself stays outside" in keyed.receives
    assert CANARY not in repr(keyed)
    assert plain.digest != keyed.digest


def test_another_wish_is_another_yes_and_what_is_harmless_is_not() -> None:
    first = consent_of({"docker": {"defaultImage": "node:22"}}, environment={"TERM": "xterm"})
    assert first.digest == consent_of({"docker": {"defaultImage": "node:22"}}, environment={"LANG": "C"}).digest
    assert first.digest == consent_of(profile(image="node:22", env={"A": "1"})).digest
    assert first.digest != consent_of({"docker": {"defaultImage": "node:23"}}).digest
    assert first.digest != consent_of(profile(image="node:22", volumes=["data:/data"])).digest


def test_the_same_settings_in_another_workspace_need_their_own_yes() -> None:
    elsewhere = {"workspace": WorkspaceFacts(Path("/home/ada/other"), 1000, 1000)}
    here, there = (consent_of({"docker": {"defaultImage": "x"}}, facts=facts) for facts in ({}, elsewhere))
    assert here.digest != there.digest
