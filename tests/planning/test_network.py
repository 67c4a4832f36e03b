"""What a session may reach, and whose word that is."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.agents.hosts import quiet_hosts
from berth.planning.explain import explain
from berth.planning.facts import ProtectionFacts
from berth.planning.git_folders import GitFolder
from berth.planning.hollow import hollow
from berth.planning.network_plan import DOOR
from berth.planning.registries import url_host
from berth.sessions.egress.orders import lacks_password
from berth.settings.network import parse_rule
from berth.settings.origin import LayerName
from berth_egress.holder import DOOR as DOOR_PORT
from berth_egress.rules import MOST as MOST_ENTRIES
from tests.planning.plans import CANARY, Case


def case(network: object, *, layer: LayerName = "user", **more: Any) -> Case:
    return Case(layers={layer: {"docker": {"network": network}}}, **more)


def allowlist(*allow: str, layer: LayerName = "user", **more: Any) -> Case:
    return case({"mode": "allowlist", "allow": list(allow)}, layer=layer, **more)


def reached(plan_of: Case) -> dict[str, tuple[bool, bool]]:
    return {f"{host.host}:{host.port}": (host.opaque, host.inside) for host in plan_of.plan().network.allowed}


def test_a_session_that_may_reach_a_list_has_no_network_of_its_own() -> None:
    plan = allowlist("github.com").plan()
    network = plan.container.options.network.network
    assert (plan.network.mode, network.target if network else "", dict(plan.container.extra_hosts)) == (
        "allowlist",
        "none",
        {},
    )


def test_every_tool_is_led_to_the_one_door() -> None:
    variables = allowlist(environment={"HTTPS_PROXY": "http://proxy.corp:3128", "all_proxy": "x:1"}).variables()
    assert {variables[name] for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")} == {DOOR}
    assert (variables["NO_PROXY"], variables["NODE_USE_ENV_PROXY"], "all_proxy" in variables) == (
        "localhost,127.0.0.1,::1",
        "1",
        False,
    )
    assert DOOR.endswith(f":{DOOR_PORT}")


def test_the_proxy_that_the_users_network_needs_stands_behind_the_door() -> None:
    plan = allowlist(environment={"HTTPS_PROXY": f"http://me:{CANARY}@proxy.corp:3128"}).plan()
    assert plan.network.upstream == f"http://me:{CANARY}@proxy.corp:3128"
    assert CANARY not in repr(plan)


@pytest.mark.parametrize(
    ("upstream", "kept"),
    [
        (f"http://me:{CANARY}@proxy.corp:3128", "http://me@proxy.corp:3128"),
        (f"me:{CANARY}@[fd00::7]:3128", "me@[fd00::7]:3128"),
        ("http://proxy.corp:3128", "http://proxy.corp:3128"),
    ],
)
def test_what_is_written_of_that_proxy_has_no_password_and_tells_that_there_was_one(upstream: str, kept: str) -> None:
    plan = hollow(allowlist(environment={"HTTPS_PROXY": upstream}).plan())
    assert plan.mode == "container"
    assert plan.network.upstream == kept
    assert lacks_password(kept) is (kept != upstream)


def test_a_bare_name_is_for_tls_and_a_port_is_for_anything() -> None:
    found = reached(allowlist("GitHub.com", "db.example:5432", "host.docker.internal:8080", "10.0.0.7:80"))
    assert found["github.com:443"] == (False, False)
    assert found["db.example:5432"] == (True, False)
    assert found["host.docker.internal:8080"] == (True, True)
    assert found["10.0.0.7:80"] == (True, True)


def test_the_agents_own_hosts_and_the_users_endpoints_are_listed() -> None:
    found = reached(allowlist(environment={"ANTHROPIC_BASE_URL": "http://127.0.0.1:4000/v1"}))
    assert found["api.anthropic.com:443"] == (False, False)
    assert found["host.docker.internal:4000"] == (True, True)


def test_an_endpoint_in_a_projects_file_is_not_listed() -> None:
    case_ = allowlist(files={".env": "DOCS_URL=https://evil.example\n"}, layer="user")
    assert not any("evil" in host for host in reached(case_))


@pytest.mark.parametrize(
    ("word", "variables", "hosts"),
    [
        ("npm", {}, {"registry.npmjs.org:443", "registry.yarnpkg.com:443"}),
        ("npm", {"npm_config_registry": "https://npm.corp/x"}, {"npm.corp:443"}),
        ("pip", {"PIP_INDEX_URL": "https://u:p@pypi.corp:8443/simple"}, {"pypi.corp:8443"}),
        ("pip", {}, {"pypi.org:443", "files.pythonhosted.org:443"}),
        ("go", {"GOPROXY": "https://go.corp,direct", "GOSUMDB": "off"}, {"go.corp:443"}),
        ("cargo", {"CARGO_REGISTRIES_OWN_INDEX": "sparse+https://crates.corp/i/"}, {"crates.corp:443"}),
        ("apt", {}, {"deb.debian.org:80", "security.debian.org:443"}),
    ],
)
def test_a_tools_word_stands_for_its_registries(word: str, variables: dict[str, str], hosts: set[str]) -> None:
    assert hosts <= reached(allowlist(word, request={"env": variables})).keys()


def test_what_a_workspace_lists_takes_a_yes_and_wildcards_and_addresses_are_the_users() -> None:
    found = allowlist("api.other.example", "*.example.com", "10.0.0.1:80", layer="workspace")
    assert [breach.value for breach in found.plan().breaches if breach.level == "ask"] == ["api.other.example"]
    assert {breach.value for breach in found.plan().breaches if breach.level == "user"} == {
        "*.example.com",
        "10.0.0.1:80",
    }


def test_what_the_user_lists_takes_no_yes_though_the_workspace_lists_it_too() -> None:
    lists = {"docker": {"network": {"mode": "allowlist", "allow": ["github.com"]}}}
    assert Case(layers={"user": lists, "workspace": lists}).plan().breaches == ()


@pytest.mark.parametrize(
    ("users", "workspaces", "level"),
    [
        ({}, "host", "user"),
        ({"mode": "open"}, "host", "user"),
        ({"mode": "allowlist"}, "open", "ask"),
        ({"mode": "none"}, "open", "ask"),
        ({"mode": "none"}, "allowlist", "ask"),
    ],
)
def test_a_workspace_may_not_simply_widen_the_mode(users: dict[str, str], workspaces: str, level: str) -> None:
    layers: Any = {"user": {"docker": {"network": users}}, "workspace": {"docker": {"network": {"mode": workspaces}}}}
    found = Case(layers=layers).plan().breaches
    assert [(breach.what, breach.level) for breach in found] == [("network", level)]


def test_what_holds_anyway_is_no_wish() -> None:
    assert case({"mode": "allowlist"}, layer="workspace").plan().breaches == ()


@pytest.mark.parametrize("mode", ["none", "allowlist"])
def test_a_workspace_may_narrow_the_mode(mode: str) -> None:
    assert case({"mode": mode, "deny": ["a.example"]}, layer="workspace").plan().breaches == ()


def test_a_range_of_a_workspace_is_the_users_to_allow() -> None:
    found = case({"mode": "allowlist", "private": ["10.0.0.0/8"]}, layer="workspace").plan().breaches
    assert [breach.level for breach in found] == ["user"]


def test_ports_cannot_be_published_without_a_network() -> None:
    error = allowlist(request={"dockerArgs": ["-p", "8080:80"]}).refusal()
    assert (error.kind, "allowlist" in error.message) == ("bad-docker-args", True)


def test_a_flag_for_the_network_wins_over_the_mode() -> None:
    plan = allowlist(request={"dockerArgs": ["--network", "bridge"]}).plan()
    assert (plan.network.mode, plan.container.options.network.network is not None) == ("open", True)


def test_a_session_may_reach_a_list_where_nobody_says_anything() -> None:
    plan = Case().plan()
    assert (plan.network.mode, plan.network.reason.layer, plan.breaches) == ("allowlist", "built-in", ())


@pytest.mark.parametrize("host", ["registry.npmjs.org", "pypi.org", "index.crates.io", "proxy.golang.org"])
def test_package_registries_are_listed_unless_somebody_denies_their_tool(host: str) -> None:
    assert f"{host}:443" in reached(Case())
    denied = {entry.host for entry in case({"deny": ["npm", "pip", "cargo", "go"]}).plan().network.denied}
    assert host in denied


def cloned_from(*hosts: str) -> Case:
    folder = GitFolder(Path("/home/ada/project/.git"), remotes=hosts)
    return Case(facts={"protection": ProtectionFacts(git_folders=(folder,))})


def test_a_public_code_host_is_listed_where_git_fetches_from_it() -> None:
    assert "github.com:443" in reached(cloned_from("github.com"))
    assert "github.com:443" not in reached(Case())


def test_any_other_remote_is_its_authors_choice_and_asked_about() -> None:
    assert not any("evil" in host for host in reached(cloned_from("evil.example")))


def test_nobody_is_asked_about_telemetry_but_whoever_wants_it_lists_it() -> None:
    host = quiet_hosts()[0]
    assert host in {entry.host for entry in Case().plan().network.denied}
    assert host not in {entry.host for entry in allowlist(host).plan().network.denied}


def test_a_workspaces_proxy_leads_nowhere_and_the_plan_says_so() -> None:
    plan = Case(files={".env": f"HTTPS_PROXY=http://{CANARY}:1\n"}).plan()
    assert CANARY not in repr(plan.network.upstream)
    assert any(note.startswith("HTTPS_PROXY") for note in plan.notes)


def test_the_dry_run_says_in_one_line_what_is_listed_for_one_reason() -> None:
    [line] = [line for line in explain(Case().plan()).lines if line.why == "cargo fetches from it"]
    assert (line.what, "index.crates.io" in (line.value or "")) == ("may reach", True)


def test_the_dry_run_says_where_a_session_can_go() -> None:
    lines = {line.what: line.value for line in explain(allowlist("db.example:5432").plan()).lines}
    assert lines["network"] == "allowlist"
    assert lines["may reach db.example:5432"] == "anything"


WRONG = (
    *("", "*", "*.com", "http://a", "a/b", "a:0", "a:99999", "127.1", "0x7f.1", "-a", "a..b", "a b", "[a]", "::1"),
    *("a:b:c", "user@a"),
)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_host_is_refused_with_its_place(text: str) -> None:
    error = allowlist(text).refusal()
    assert (error.kind, "berth.docker.network.allow" in error.message) == ("bad-settings", True)


@pytest.mark.parametrize("text", ["127.0.0.0/8", "169.254.169.254/32", "0.0.0.0/0", "::/0", "10.0.0.1/8", "x"])
def test_a_range_never_holds_this_machine(text: str) -> None:
    assert case({"private": [text]}).refusal().kind == "bad-settings"


@given(st.text(max_size=30))
def test_a_rule_that_is_read_is_read_the_same_again(text: str) -> None:
    try:
        rule = parse_rule(text)
    except ValueError:
        return
    host = f"[{rule.host}]" if ":" in rule.host else rule.host
    assert parse_rule(f"{host}:{rule.port}" if rule.port else host) == rule


@given(st.text(max_size=40))
def test_no_text_is_a_url_that_breaks(text: str) -> None:
    assert url_host(f"https://{text}") is None or Path(text) is not None


def test_a_list_that_settings_can_hold_is_one_that_the_proxy_takes() -> None:
    assert MOST_ENTRIES >= 1000
