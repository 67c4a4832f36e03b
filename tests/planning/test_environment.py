from pathlib import Path

import pytest

from tests.planning.plans import CANARY, WORKSPACE, Case, profile

LEVELS = ("request", "request file", "profile", "profile file", "default file", "project", "editor", "agent")
NAME = "DISABLE_AUTOUPDATER"
"""Set by claude's own environment, so that it can come from every level."""


def case_with(levels: tuple[str, ...]) -> Case:
    """Every one of these levels sets ``NAME`` to its own name."""
    keys: dict[str, object] = {}
    docker: dict[str, object] = {"defaultProfile": "web", "profiles": {"web": keys}, "forwardEnv": ["DISABLE_*"]}
    request: dict[str, object] = {}
    files = {}
    for level, keys_of, name in (
        ("request file", request, "r.env"),
        ("profile file", keys, "p.env"),
        ("default file", docker, "d.env"),
    ):
        if level in levels:
            keys_of["defaultEnvFile" if keys_of is docker else "envFile"] = name
            files[name] = f"{NAME}={level}"
    if "project" in levels:
        files[".env"] = f"{NAME}=project"
    if "profile" in levels:
        keys["env"] = {NAME: "profile"}
    if "request" in levels:
        request["env"] = {NAME: "request"}
    environment = {NAME: "editor"} if "editor" in levels else {}
    return Case({"editor": {"docker": docker}}, request, environment, files)


@pytest.mark.parametrize("highest", range(len(LEVELS) - 1))
def test_of_all_levels_the_highest_wins(highest: int) -> None:
    levels = LEVELS[highest:]
    assert case_with(levels).variables()[NAME] == levels[0]


def test_what_nobody_sets_is_the_agents_own() -> None:
    variables = case_with(()).variables()
    assert (variables[NAME], variables["IS_SANDBOX"], variables["HOME"]) == ("1", "1", "/home/agent")


def test_every_variable_says_where_it_came_from() -> None:
    case = Case({"user": profile(env={"A": "1"})}, {"env": {"B": "2"}}, {"TERM": "x"}, {".env": "C=3"})
    reasons = {variable.name: variable.reason for variable in case.plan().agent.environment}
    assert (reasons["A"].layer, reasons["A"].place) == ("user", "berth.docker.profiles.web.env.A")
    assert (reasons["B"].layer, reasons["B"].place) == ("request", "env.B")
    assert (reasons["C"].layer, reasons["C"].place) == ("workspace", f"{WORKSPACE}/.env:1")
    assert (reasons["TERM"].layer, reasons["IS_SANDBOX"].layer) == ("editor", "built-in")


def test_a_named_env_file_that_is_missing_is_refused_with_its_place() -> None:
    error = Case({"user": profile(envFile="no.env")}).refusal()
    assert error.kind == "bad-env-file"
    assert error.message == (
        f"{WORKSPACE}/no.env is no file that exists, "
        "and it is the profile's envFile (berth.docker.profiles.web.envFile)."
    )


def test_a_bad_line_of_an_env_file_is_refused_without_its_value() -> None:
    error = Case(files={".env": f"A=1\nB-C={CANARY}"}).refusal()
    assert error.message.startswith(f"{WORKSPACE}/.env:2 ")
    assert CANARY not in str(error)


def test_only_the_user_may_name_an_env_file_outside() -> None:
    outside = profile(envFile="../x.env")
    files = {"../x.env": "A=1"}
    for layer in ("workspace", "editor"):
        case = Case({layer: outside}, files=files)
        assert case.breaches()["env file"].why == "it is outside the workspace"
        assert "A" not in case.variables()
    facts = {"files": {WORKSPACE.parent / "x.env": "A=1"}}
    assert Case({"user": outside}, facts=facts).variables()["A"] == "1"
    assert Case(request={"envFile": "~/project/../x.env"}, facts=facts).variables()["A"] == "1"


RESERVED = ["LD_PRELOAD", "ld_preload", "NODE_OPTIONS", "BASH_ENV", "GIT_SSH_COMMAND", "https_proxy", "SSL_CERT_FILE"]
RESERVED += ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GIT_CONFIG_COUNT", "PYTHONSTARTUP"]


@pytest.mark.parametrize("name", RESERVED)
def test_a_workspace_may_not_set_what_makes_programs_run_code_or_sends_keys_elsewhere(name: str) -> None:
    for case in (
        Case({"workspace": profile(env={name: CANARY})}, network="open"),
        Case({"editor": profile(env={name: CANARY})}, network="open"),
        Case({"user": profile(envFile="x.env")}, files={"x.env": f"{name}={CANARY}"}, network="open"),
    ):
        breach = case.breaches()[f"env {name}"]
        assert CANARY not in str(breach)
    assert Case({"user": profile(env={name: "v"})}, network="open").variables()[name] == "v"
    assert Case(request={"env": {name: "v"}}, network="open").variables()[name] == "v"


@pytest.mark.parametrize("name", [*RESERVED, "HOME", "PATH"])
def test_the_projects_own_file_is_read_without_what_it_may_not_set(name: str) -> None:
    case = Case(files={".env": f"{name}={CANARY}\nA=1"})
    assert case.variables()["A"] == "1"
    assert CANARY not in case.variables().values()
    assert f"{name} of {WORKSPACE}/.env is left out: a project may not set it for the agent." in case.plan().notes


def test_home_cannot_be_set_and_path_only_when_asked() -> None:
    assert Case(request={"env": {"HOME": "/x"}}).refusal().kind == "reserved-variable"
    assert "PATH" not in Case(environment={"PATH": "/host"}).variables()
    assert Case({"user": profile(env={"PATH": "/x"})}).variables()["PATH"] == "/x"


@pytest.mark.parametrize("value", ["a\0b", "x" * 200_000, "\ud800"])
def test_a_value_of_the_request_that_no_process_can_have_is_refused(value: str) -> None:
    error = Case(request={"env": {"A": value}}).refusal()
    assert error.kind == "invalid-arguments"
    assert value not in error.message


def test_a_variable_of_the_editor_that_is_not_utf8_is_left_out_with_a_note() -> None:
    case = Case(environment={"TERM": "\udcff"})
    assert "TERM" not in case.variables()
    assert "TERM is left out: its value is not valid UTF-8." in case.plan().notes


def test_the_authority_of_the_network_is_believed_by_every_program() -> None:
    case = Case(facts={"ca_file": Path("/ca.pem")})
    assert case.variables()["NODE_EXTRA_CA_CERTS"] == "/etc/berth/ca.crt"
    mount = case.mounts()["/etc/berth/ca.crt"]
    assert (mount.source, mount.read_only) == ("/ca.pem", True)
    assert "SSL_CERT_FILE" not in Case().variables()
