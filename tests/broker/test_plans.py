"""Which keys stay outside, where they go, and whose word that is."""

import hashlib
import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from berth.agents.key_uses import KEY_USES
from berth.agents.logins import LOGINS
from berth.agents.providers import PROVIDERS
from berth.planning.credentials_plan import BROKER, PlannedKey
from berth.planning.explain import explain
from berth.planning.hollow import hollow
from berth.planning.host_plan import AnyPlan
from berth.planning.substance import substance
from berth.sessions.egress.orders import set_order
from berth.settings.origin import LayerName
from berth_egress.credentials import read_credentials
from berth_egress.holder import BROKER as BROKER_PORT
from tests.planning.plans import Case

KEY = "sk-canary-of-the-planning-tests"


def case(agent: str = "claude", *, docker: object = None, layer: LayerName = "user", **more: Any) -> Case:
    user = {"agent": agent, "docker": {"network": {"mode": "allowlist"}, "defaultImage": "x"}}
    user |= more.pop("user", {})
    layers: dict[LayerName, object] = {"user": user}
    layers[layer] = {**(user if layer == "user" else {}), **({"docker": docker} if docker else {})}
    return Case(layers=layers, facts={"sentinel": "of this plan"}, **more)


def keys(of: Case) -> dict[str, PlannedKey]:
    return {key.variable: key for key in of.plan().network.credentials.keys}


def hosts(of: Case) -> set[str]:
    return {host.host for host in of.plan().network.allowed}


def test_the_agent_gets_a_sentinel_and_the_brokers_address() -> None:
    wanted = case(environment={"ANTHROPIC_API_KEY": KEY})
    variables, key = wanted.variables(), keys(wanted)["ANTHROPIC_API_KEY"]
    assert variables["ANTHROPIC_BASE_URL"] == BROKER
    assert variables["ANTHROPIC_API_KEY"].startswith("berth-")
    assert key.sentinel == hashlib.sha256(variables["ANTHROPIC_API_KEY"].encode()).hexdigest()
    assert (key.key, key.url, key.header, key.inside) == (KEY, "https://api.anthropic.com", "x-api-key", False)


def test_another_plan_has_another_sentinel() -> None:
    first = case(environment={"ANTHROPIC_API_KEY": KEY})
    second = Case(first.layers, environment=first.environment, facts={"sentinel": "of that plan"})
    assert first.variables()["ANTHROPIC_API_KEY"] != second.variables()["ANTHROPIC_API_KEY"]


def test_another_sentinel_makes_no_session_outdated_and_another_key_does() -> None:
    docker = {"git": ["code.example"]}
    first = case(environment={"ANTHROPIC_API_KEY": KEY}, docker=docker)
    again = Case(first.layers, environment=first.environment, facts={"sentinel": "of that plan"})
    other = Case(first.layers, environment={"ANTHROPIC_API_KEY": KEY + "2"}, facts={"sentinel": "of that plan"})
    assert first.variables() != again.variables()
    assert substance(first.plan()) == substance(again.plan())
    assert substance(first.plan()) != substance(other.plan())
    assert substance(hollow(first.plan())) == substance(hollow(again.plan()))


def test_the_vendors_own_hosts_are_no_longer_listed() -> None:
    assert not hosts(case(environment={"ANTHROPIC_API_KEY": KEY})) & set(PROVIDERS["anthropic"].hosts)
    assert set(PROVIDERS["anthropic"].hosts) <= hosts(case())


def test_a_vendors_host_that_somebody_lists_stays() -> None:
    listed = {"network": {"mode": "allowlist", "allow": ["api.anthropic.com"]}}
    assert "api.anthropic.com" in hosts(
        case(docker=listed, environment={"ANTHROPIC_API_KEY": KEY}, user={"docker": {}})
    )


def test_an_endpoint_of_the_users_own_is_where_the_broker_goes_and_not_the_session() -> None:
    environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://localhost:4000/anthropic/"}
    wanted = case(environment=environment)
    key = keys(wanted)["ANTHROPIC_API_KEY"]
    assert (key.url, key.inside) == ("http://host.docker.internal:4000/anthropic", True)
    assert wanted.variables()["ANTHROPIC_BASE_URL"] == BROKER
    assert "host.docker.internal" not in hosts(wanted)


@pytest.mark.parametrize(
    ("agent", "environment", "told"),
    [
        ("codex", {"OPENAI_API_KEY": KEY}, ("CODEX_CONFIG", json.dumps({"openai_base_url": f"{BROKER}/v1"}))),
        ("gemini", {"GEMINI_API_KEY": KEY}, ("GOOGLE_GEMINI_BASE_URL", BROKER)),
        ("qwen", {"OPENAI_API_KEY": KEY}, ("OPENAI_BASE_URL", f"{BROKER}/v1")),
        (
            "opencode",
            {"OPENROUTER_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY},
            (
                "OPENCODE_CONFIG_CONTENT",
                json.dumps(
                    {
                        "provider": {
                            "anthropic": {"options": {"baseURL": f"{BROKER}/v1"}},
                            "openrouter": {"options": {"baseURL": f"{BROKER}/api/v1"}},
                        }
                    }
                ),
            ),
        ),
    ],
)
def test_each_agent_is_told_in_its_own_way(agent: str, environment: dict[str, str], told: tuple[str, str]) -> None:
    variables = case(agent, environment=environment).variables()
    assert variables[told[0]] == told[1]
    assert KEY not in json.dumps(variables)


def test_codex_own_provider_is_led_through_the_broker() -> None:
    provider = {"name": "mine", "base_url": "https://llm.example.com/openai/v1", "env_key": "OPENAI_API_KEY"}
    config = {"model_provider": "mine", "model_providers": {"mine": provider}}
    wanted = case("codex", request={"env": {"CODEX_CONFIG": json.dumps(config), "OPENAI_API_KEY": KEY}})
    written = json.loads(wanted.variables()["CODEX_CONFIG"])
    assert written["model_providers"]["mine"] == {**provider, "base_url": f"{BROKER}/v1"}
    assert keys(wanted)["OPENAI_API_KEY"].url == "https://llm.example.com/openai/v1"


def test_every_key_that_the_broker_takes_is_one_that_signs_its_agent_in() -> None:
    for agent, uses in KEY_USES.items():
        if agent in LOGINS:
            assert {use.variable for use in uses} <= set(LOGINS[agent].keys)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"environment": {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_CUSTOM_HEADERS": "a: b"}}, "headers that the broker"),
        ({"environment": {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "https://u:p@x.example"}}, "is not plain"),
        ({"environment": {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "https://x:99999"}}, "is not plain"),
        ({"environment": {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "https://x/../y"}}, "is not plain"),
        ({"environment": {"ANTHROPIC_API_KEY": KEY[:15]}}, "too short"),
        ({"environment": {"ANTHROPIC_API_KEY": f"{KEY} and more"}}, "with blanks in it"),
        (
            {"files": {".env.x": "ANTHROPIC_BASE_URL=https://evil.example"}, "docker": {"defaultEnvFile": ".env.x"}},
            "set by the workspace",
        ),
    ],
)
def test_what_the_broker_cannot_take_goes_in_as_it_is_and_the_plan_says_why(changes: dict[str, Any], why: str) -> None:
    wanted = case(**{"environment": {"ANTHROPIC_API_KEY": KEY}, "layer": "workspace", **changes})
    plan = wanted.plan()
    [kept] = plan.network.credentials.kept
    assert why in kept.why
    assert wanted.variables()["ANTHROPIC_API_KEY"].startswith(KEY[:15])
    assert any(line.what == "key ANTHROPIC_API_KEY" and why in (line.why or "") for line in explain(plan).lines)


def test_without_a_door_the_key_is_a_variable_and_the_plan_says_why() -> None:
    wanted = Case(layers={"user": {"docker": {"network": {"mode": "open"}}}}, environment={"ANTHROPIC_API_KEY": KEY})
    plan = wanted.plan()
    assert wanted.variables()["ANTHROPIC_API_KEY"] == KEY
    assert (plan.network.credentials.way, plan.network.credentials.keys) == ("env", ())
    assert "does not have" in plan.network.credentials.reason.why


def test_the_user_may_have_it_the_old_way() -> None:
    wanted = case(
        docker={"network": {"mode": "allowlist"}, "credentials": "env"}, environment={"ANTHROPIC_API_KEY": KEY}
    )
    assert wanted.variables()["ANTHROPIC_API_KEY"] == KEY
    assert "credentials" not in wanted.breaches()


def test_a_workspace_may_not() -> None:
    wanted = case(docker={"credentials": "env"}, layer="workspace", environment={"ANTHROPIC_API_KEY": KEY})
    assert wanted.breaches()["credentials"].value == "env"


def test_a_workspace_may_not_say_where_keys_go() -> None:
    layers: dict[LayerName, object] = {"workspace": {"keys": {"ANTHROPIC_API_KEY": {"file": "/x"}}}}
    assert "berth.keys" in str(Case(layers=layers).refusal())


def test_a_key_that_is_fetched_needs_no_variable_and_signs_the_agent_in() -> None:
    wanted = case(user={"keys": {"ANTHROPIC_API_KEY": {"command": ["pass", "show", KEY]}}})
    plan = wanted.plan()
    [key] = plan.network.credentials.keys
    assert key.source is not None
    assert (key.key, key.source.command) == ("", ("pass", "show", KEY))
    assert plan.login is not None
    assert plan.login.has_key
    assert KEY not in repr(plan) + explain(plan).model_dump_json()


def test_a_key_of_the_users_own_vendor_is_led_by_the_settings() -> None:
    entry = {
        "url": "https://llm.example.com/v1",
        "routes": ["POST /chat/completions"],
        "urlVariable": "MY_URL",
        "header": "X-My-Key",
    }
    wanted = case("goose", user={"keys": {"MY_KEY": entry}}, request={"env": {"MY_KEY": KEY}})
    key = keys(wanted)["MY_KEY"]
    assert (key.url, key.header, key.routes) == (entry["url"], "x-my-key", ("POST /chat/completions",))
    assert wanted.variables()["MY_URL"] == f"{BROKER}/v1"


@pytest.mark.parametrize(
    "entry",
    [
        {"url": "https://x.example"},
        {"command": ["a"], "file": "/b"},
        {"file": "relative"},
        {"url": "https://x:99999", "routes": ["GET /x"], "urlVariable": "X"},
        {"url": "https://x/../y", "routes": ["GET /x"], "urlVariable": "X"},
        {"url": "ftp://x", "routes": ["GET /x"], "urlVariable": "X"},
        {"url": "https://x.example", "routes": ["DELETE /x"], "urlVariable": "X"},
        {"url": "https://x.example", "routes": ["GET /x?y"], "urlVariable": "X"},
    ],
)
def test_a_key_that_is_half_said_is_refused(entry: dict[str, object]) -> None:
    assert case(user={"keys": {"MY_KEY": entry}}).refusal().kind == "bad-settings"


def test_what_is_written_to_disk_has_neither_key_nor_sentinel() -> None:
    wanted = case(environment={"ANTHROPIC_API_KEY": KEY})
    adapter: TypeAdapter[AnyPlan] = TypeAdapter(AnyPlan)
    kept = json.dumps(adapter.dump_python(hollow(wanted.plan()), mode="json"))
    assert KEY not in kept
    assert wanted.variables()["ANTHROPIC_API_KEY"] not in kept
    again = adapter.validate_python(json.loads(kept))
    assert again.mode == "container"
    assert again.network.credentials.keys[0].sentinel == keys(wanted)["ANTHROPIC_API_KEY"].sentinel


@pytest.mark.parametrize("agent", sorted(KEY_USES))
def test_the_broker_reads_every_order_that_is_written(agent: str) -> None:
    environment = {use.variable: KEY for use in KEY_USES[agent]}
    plan = case(agent, environment=environment).plan()
    read = read_credentials(json.loads(json.dumps(set_order("lane", plan.network, hold=0))))
    assert {credential.name for credential in read} == set(environment)
    assert all(credential.key == KEY for credential in read)


def test_both_sides_mean_the_same_port() -> None:
    assert BROKER.endswith(f":{BROKER_PORT}")


def test_a_yes_says_that_the_key_is_used() -> None:
    wanted = case(docker={"defaultImage": "x"}, layer="workspace", environment={"ANTHROPIC_API_KEY": KEY})
    consent = wanted.plan().consent
    assert consent is not None
    assert "the use of the key ANTHROPIC_API_KEY, which itself stays outside" in consent.receives
