"""Registries out of the files of package tools: what stands in them, and whose word that is."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.planning.breach import Breach
from berth.planning.explain import explain
from berth.planning.needs import needs
from berth.planning.paths import Places
from berth.planning.registry_files.files import Form, RegistryFile, files_in_workspace, files_of_user
from berth.planning.registry_files.named import MOST, Registries, registries_in
from berth.planning.registry_files.urls import MOST_DOTS
from berth.protocol.plans import PlanArguments
from berth.settings.network import parse_rule
from tests.planning.plans import CANARY, WORKSPACE, Case, profile

FORMS: tuple[Form, ...] = get_args(Form)

NPMRC = f"""\
; registry = https://npm.corp.example:8443/repository/npm/
registry = https://npm.corp.example:8443/repository/npm/
@ours:registry=https://npm.pkg.github.com
//npm.pkg.github.com/:_authToken={CANARY}
//npm.corp.example:8443/:_password={CANARY}
"@more:registry"="http://me:{CANARY}@more.example/"
@folder:registry=file:../packages
replace-registry-host=https://not.example
[section]
registry=https://not.example
"""
YARNRC = f"""\
npmRegistryServer: "https://yarn.corp.example"
npmScopes:
  ours:
    npmRegistryServer: https://npm.pkg.github.com # GitHub
    npmAuthToken: {CANARY}
  more: {{npmRegistryServer: 'http://more.example:4873'}}
# npmRegistryServer: https://not.example
npmRegistries:
  //yarn.corp.example:
    npmAuthToken: {CANARY}
"""
PIP = f"""\
[global]
timeout = 60
index-url = https://me:{CANARY}@pypi.corp.example/simple
extra_index_url =
    https://pypi.org/simple
    https://download.pytorch.org/whl/cpu
[install]
find-links = ./wheels https://wheels.example/stable.html
trusted-host = not.example
"""
UV = """\
index-url = "https://download.pytorch.org/whl/cpu/more"
[[index]]
name = "pytorch"
url = "https://download.pytorch.org/whl/cpu"
[[index]]
url = "./wheels"
[pip]
extra-index-url = ["https://test.pypi.org/simple", "https://pypi.corp.example/simple"]
"""
PYPROJECT = f"""\
[project]
name = "x"
urls = {{ Homepage = "https://not.example" }}
[[tool.uv.index]]
name = "pytorch"
url = "https://download.pytorch.org/whl/cu121"
explicit = true
[[tool.poetry.source]]
name = "ours"
url = "https://me:{CANARY}@pypi.corp.example/simple"
priority = "supplemental"
[[tool.poetry.source]]
name = "PyPI"
[[tool.pdm.source]]
url = "https://pdm.example/simple"
"""
CARGO = """\
[source.crates-io]
replace-with = "mirror"
[source.mirror]
registry = "sparse+https://mirrors.example/crates.io-index/"
[source.vendored]
directory = "vendor"
[registries]
ours = { index = "https://my-intranet:8080/git/index" }
[registries.more]
index = "ssh://git@not.example/index"
token = "canary-value-never-to-be-seen"
"""
GO = "GOFLAGS=-mod=mod\nGOPROXY=https://goproxy.io,https://go.corp.example|direct\nGOSUMDB=off\n"

REAL: list[tuple[Form, str, list[str]]] = [
    ("npmrc", NPMRC, ["npm.corp.example:8443 2", "npm.pkg.github.com:443 3", "more.example:80 6"]),
    ("yarnrc", YARNRC, ["yarn.corp.example:443 1", "npm.pkg.github.com:443 4", "more.example:4873 6"]),
    (
        "pip",
        PIP,
        ["pypi.corp.example:443 3", "pypi.org:443 5", "download.pytorch.org:443 6", "wheels.example:443 8"],
    ),
    ("uv", UV, ["download.pytorch.org:443 4", "test.pypi.org:443 8", "pypi.corp.example:443 8"]),
    ("pyproject", PYPROJECT, ["download.pytorch.org:443 6", "pypi.corp.example:443 10", "pdm.example:443 15"]),
    ("cargo", CARGO, ["mirrors.example:443 4", "my-intranet:8080 8"]),
    ("go", GO, ["goproxy.io:443 2", "go.corp.example:443 2"]),
]


def file(form: Form, *, users: bool = False) -> RegistryFile:
    return RegistryFile(Path("/home/ada/.file") if users else WORKSPACE / "file", form, is_users=users)


def read(form: Form, text: str) -> Registries:
    return registries_in(file(form), text)


def hosts(found: Registries) -> list[tuple[str, int]]:
    return [(registry.host, registry.port) for registry in found.named]


@pytest.mark.parametrize(("form", "text", "expected"), REAL, ids=[form for form, _, _ in REAL])
def test_a_tools_file_names_these_hosts_in_these_lines(form: Form, text: str, expected: list[str]) -> None:
    found = read(form, text)
    lines = [f"{one.host}:{one.port} {one.reason.place.rpartition(':')[2]}" for one in found.named]
    assert (lines, found.notes) == (expected, ())


@pytest.mark.parametrize(("form", "text", "_"), REAL, ids=[form for form, _, _ in REAL])
def test_nothing_else_of_a_file_is_kept(form: Form, text: str, _: list[str]) -> None:
    assert CANARY not in repr(read(form, text))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:4873/",
        "http://npm.localhost/",
        "http://127.0.0.1:4873",
        "http://[::1]:4873",
        "http://169.254.169.254/latest",
        "https://10.0.0.7/simple",
        "http://host.docker.internal:4873",
        "http://2130706433/",
        "${NPM_REGISTRY}",
        f"https://${{{CANARY}}}.example/",
        "https://*.example/",
        "https://exa mple",
        "http://a.example:99999/",
    ],
)
def test_a_host_that_no_name_on_the_internet_stands_for_is_not_listed_and_the_plan_says_where(url: str) -> None:
    found = read("pyproject", f'\n[[tool.uv.index]]\nurl = "{url}"\n')
    assert found.named == ()
    [note] = found.notes
    assert note.startswith(f"{WORKSPACE}/file:3 ")
    assert CANARY not in note


def test_a_variable_in_a_path_or_a_password_is_no_matter() -> None:
    found = read("npmrc", "registry=https://${TOKEN}@npm.corp.example/${TEAM}/\n")
    assert hosts(found) == [("npm.corp.example", 443)]


def test_a_file_that_names_very_many_is_not_listed_whole() -> None:
    found = read("npmrc", "".join(f"@s{number}:registry=https://a{number}.example\n" for number in range(MOST + 1)))
    assert len(found.named) == MOST
    assert "more than" in found.notes[0]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("pip", "no section"),
        ("pip", "[a\nb"),
        ("uv", "[[["),
        ("uv", "a=" + "[" * 60_000),
        ("pyproject", "a" + ".a" * 30_000 + "=1"),
        ("cargo", "[" + "a." * (MOST_DOTS + 1) + "a]"),
        ("pyproject", "\x00"),
    ],
)
def test_a_file_that_its_tool_would_not_read_is_told_of(form: Form, text: str) -> None:
    found = read(form, text)
    assert found.named == ()
    assert "is not written as" in found.notes[0]


SHAPES = st.sampled_from(["registry=", "@a:registry = ", "npmRegistryServer: ", "GOPROXY=", "[global]\nindex-url = "])
VALUES = st.one_of(st.text(max_size=30), st.text(max_size=20).map("https://{}".format))


@given(st.sampled_from(FORMS), st.lists(st.tuples(SHAPES, VALUES), max_size=4))
def test_whatever_a_file_holds_hosts_come_out_or_nothing(form: Form, lines: list[tuple[str, str]]) -> None:
    for one in read(form, "\n".join(map("".join, lines))).named:
        rule = parse_rule(f"{one.host}:{one.port}")
        assert (rule.host, rule.port, rule.is_address) == (one.host, one.port, False)
        assert not one.host.startswith("*")


@given(st.sampled_from(FORMS), st.text(max_size=200))
def test_no_text_breaks_the_reading(form: Form, text: str) -> None:
    assert len(read(form, text).named) <= MOST


def places(**environment: str) -> Places:
    return Places(WORKSPACE, {"HOME": "/home/ada", **environment})


def test_the_users_files_are_where_their_tools_look() -> None:
    environment = {
        "CARGO_HOME": "/opt/cargo",
        "XDG_CONFIG_HOME": "/home/ada/xdg",
        "NPM_CONFIG_USERCONFIG": "/home/ada/own.npmrc",
        "GOENV": "off",
    }
    found = {str(one.path) for one in files_of_user(places(**environment))}
    assert found >= {"/home/ada/.npmrc", "/home/ada/own.npmrc", "/etc/pip.conf", "/home/ada/.pip/pip.conf"}
    assert found >= {"/home/ada/xdg/pip/pip.conf", "/home/ada/.config/uv/uv.toml", "/opt/cargo/config.toml"}
    assert all(path.startswith("/") for path in found), "GOENV=off is no file"


def test_no_file_in_the_workspace_is_the_users() -> None:
    home = Places(Path("/home/ada"), {"HOME": "/home/ada", "PIP_CONFIG_FILE": "/home/ada/pip.conf"})
    assert {str(one.path) for one in files_of_user(home)} == {"/etc/pip.conf", "/etc/uv/uv.toml"}
    assert all(not one.is_users for one in files_in_workspace(Path("/home/ada")))


def looked_at(case: Case, *, trusted: bool = True) -> set[Path]:
    settings = replace(case._settings(), workspace_trusted=trusted)
    found = needs(settings, PlanArguments(), workspace=WORKSPACE, environment={"HOME": "/home/ada"})
    return {one.path for one in found.registries}


def test_of_a_workspace_that_is_not_trusted_no_file_is_looked_at() -> None:
    assert WORKSPACE / ".npmrc" in looked_at(Case())
    untrusted = looked_at(Case(), trusted=False)
    assert not any(path.is_relative_to(WORKSPACE) for path in untrusted)
    assert Path("/home/ada/.npmrc") in untrusted


OFF = {"docker": {"network": {"registries": False}}}
ON = {"docker": {"network": {"registries": True}}}


@pytest.mark.parametrize(
    "layers",
    [
        {"user": OFF},
        {"workspace": OFF},
        {"user": OFF, "workspace": ON},
        {"user": profile(network={"registries": False}), "workspace": ON},
        {"user": {"docker": {"network": {"mode": "none"}}}},
    ],
)
def test_whoever_says_so_no_file_is_looked_at(layers: Any) -> None:
    assert looked_at(Case(layers)) == set()


def named(text: str, *, users: bool = False) -> dict[str, Any]:
    return {"registries": registries_in(file("npmrc", users=users), text)}


def asked(case: Case) -> list[Breach]:
    return [breach for breach in case.plan().breaches if breach.what == "network host"]


REGISTRY = f"\nregistry=https://me:{CANARY}@npm.corp.example/\n"


def test_what_a_workspaces_file_names_takes_a_yes_and_is_shown_with_its_line() -> None:
    plan = Case(facts=named(REGISTRY)).plan()
    [breach] = plan.breaches
    assert (breach.level, breach.value, breach.place) == ("ask", "npm.corp.example", f"{WORKSPACE}/file:2")
    assert plan.consent is not None
    assert plan.consent.asks == (f"network host: npm.corp.example ({WORKSPACE}/file:2)",)


def test_what_the_users_own_file_names_takes_none_and_is_shown_with_its_line() -> None:
    plan = Case(facts=named(REGISTRY, users=True)).plan()
    assert plan.breaches == ()
    [line] = [line for line in explain(plan).lines if line.what == "may reach npm.corp.example"]
    assert (line.value, line.place, line.why) == (
        "by its name",
        "/home/ada/.file:2",
        "npm fetches from it, as .file says",
    )
    assert CANARY not in explain(plan).model_dump_json() + repr(plan)


def test_usual_registries_stay_listed_beside_those_of_files() -> None:
    reached = {host.host for host in Case(facts=named(REGISTRY)).plan().network.allowed}
    assert {"registry.npmjs.org", "npm.corp.example"} <= reached


@pytest.mark.parametrize("file_", [{}, {".env": "NPM_CONFIG_REGISTRY=https://npm.corp.example\n"}])
def test_what_the_user_lists_takes_no_yes_though_a_file_names_it(file_: dict[str, str]) -> None:
    layers: Any = {"user": {"docker": {"network": {"allow": ["npm.corp.example"]}}}}
    assert asked(Case(layers, files=file_, facts=named(REGISTRY))) == []


def test_a_usual_registry_in_a_workspaces_file_takes_no_yes() -> None:
    assert asked(Case(facts=named("registry=https://registry.npmjs.org/\n"))) == []


@pytest.mark.parametrize("entry", ["npm", "npm.corp.example"])
def test_what_is_denied_is_not_asked_about(entry: str) -> None:
    case = Case({"user": {"docker": {"network": {"deny": [entry]}}}}, facts=named(REGISTRY))
    assert asked(case) == []
    assert "npm.corp.example" in {host.host for host in case.plan().network.denied}


def test_what_the_policy_does_not_name_is_left_out() -> None:
    policy: Any = {"user": {"policy": {"network": {"hosts": ["registry.npmjs.org"]}}}}
    for users in (False, True):
        plan = Case(policy, facts=named(REGISTRY, users=users)).plan()
        assert plan.breaches == ()
        assert "npm.corp.example" not in {host.host for host in plan.network.allowed}


def test_a_registry_leads_to_the_internet_only_and_speaks_tls_or_http() -> None:
    text = "registry=http://metadata.google.internal/\n@a:registry=https://npm.corp.example:8443/\n"
    for users in (False, True):
        found = [
            host for host in Case(facts=named(text, users=users)).plan().network.allowed if host.port in (80, 8443)
        ]
        own = [host for host in found if host.reason.layer != "built-in"]
        assert {(host.host, host.inside, host.opaque) for host in own} == {
            ("metadata.google.internal", False, False),
            ("npm.corp.example", False, False),
        }
