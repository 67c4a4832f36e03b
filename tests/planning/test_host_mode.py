"""Plans without a container."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.agents.catalog import KNOWN_AGENTS
from berth.errors import BerthError, SettingsError
from berth.planning.explain import explain
from berth.planning.host_reserved import is_reserved_on_host
from berth.planning.mode import with_way_out
from berth.planning.reserved import is_reserved
from berth.protocol.session import Mode
from berth.settings.origin import LayerName
from tests.planning.plans import CANARY, WORKSPACE, Case, profile


def variables(case: Case) -> dict[str, str]:
    return {variable.name: variable.value for variable in case.on_host().agent.environment}


@pytest.mark.parametrize(
    ("request_mode", "toggled", "setting", "chosen"),
    [
        ("container", "host", "host", "container"),
        ("host", "container", "container", "host"),
        (None, "host", "container", "host"),
        (None, "container", "host", "container"),
        (None, None, "host", "host"),
        (None, None, None, "container"),
    ],
)
def test_the_request_wins_then_what_was_toggled_then_the_settings(
    request_mode: Mode | None, toggled: Mode | None, *, setting: Mode | None, chosen: Mode
) -> None:
    assert Case({"user": {"mode": setting}}, {"mode": request_mode}).mode(toggled).mode == chosen


@pytest.mark.parametrize("layer", ["editor", "workspace"])
def test_only_the_user_may_take_agents_out_of_their_container(layer: LayerName) -> None:
    with pytest.raises(SettingsError) as caught:
        Case({layer: {"berth.mode": "host"}}).mode()
    assert caught.value.kind == "bad-settings"
    assert "may be set to host by the user's own settings only (berth.mode)" in caught.value.message


@pytest.mark.parametrize("layer", ["editor", "workspace"])
def test_a_workspace_may_put_agents_back_into_a_container(layer: LayerName) -> None:
    assert Case({"user": {"mode": "host"}, layer: {"mode": "container"}}).mode().mode == "container"


def test_a_profile_has_no_mode() -> None:
    assert "berth.docker.profiles.web.mode" in Case({"user": profile(mode="host")}).refusal().message


@pytest.mark.parametrize("wrong", ["hots", 1, True, ["host"]])
def test_another_mode_is_an_error(wrong: object) -> None:
    assert Case({"user": {"mode": wrong}}).refusal().kind == "bad-settings"


def test_the_program_is_the_agents_in_the_workspace_with_the_editors_environment() -> None:
    plan = Case(environment={"PATH": "/opt/bin:/bin", "ANY": "thing", "SHELL": "/bin/zsh"}).on_host()
    assert (plan.mode, plan.agent.argv, plan.workdir) == ("host", ("claude-agent-acp",), str(WORKSPACE))
    assert plan.process.inherited == {"HOME": "/home/ada", "PATH": "/opt/bin:/bin", "ANY": "thing", "SHELL": "/bin/zsh"}
    assert plan.process.shell == "/bin/zsh"


@pytest.mark.parametrize("shell", ["", "zsh", "-c", "./sh"])
def test_a_shell_that_is_no_path_is_the_systems_own(shell: str) -> None:
    assert Case(environment={"SHELL": shell}).on_host().process.shell == "/bin/sh"


def test_variables_are_laid_above_one_another_as_in_a_container() -> None:
    settings = {
        "docker": {
            "defaultProfile": "web",
            "defaultEnvFile": "default.env",
            "profiles": {"web": {"env": {"A": "profile"}, "envFile": "profile.env"}},
        }
    }
    files = {
        ".env": "A=project\nB=project\nC=project\nD=project\n",
        "default.env": "A=default\nB=default\nC=default\n",
        "profile.env": "A=file\nB=file\n",
    }
    case = Case({"user": settings}, {"env": {"E": "request"}}, files=files)
    assert variables(case) == {"A": "profile", "B": "file", "C": "default", "D": "project", "E": "request"}


def test_nothing_of_a_container_is_in_the_environment() -> None:
    environment = {"HTTP_PROXY": "http://localhost:3128", "ANTHROPIC_API_KEY": CANARY}
    facts = {"ca_file": WORKSPACE / "ca.crt", "git_identity": {"user.name": "Ada"}}
    assert variables(Case({"user": profile(volumes=["cargo"])}, environment=environment, facts=facts)) == {}


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "IS_SANDBOX", "EDITOR"])
@pytest.mark.parametrize("layer", ["editor", "workspace"])
def test_a_repository_may_not_set_what_reaches_the_users_machine(layer: LayerName, name: str) -> None:
    for case in (
        Case({layer: profile(env={name: "x"})}),
        Case({layer: profile(envFile="a.env")}, files={"a.env": f"{name}=x\n"}),
    ):
        with pytest.raises(SettingsError) as caught:
            case.on_host()
        assert caught.value.kind == "reserved-variable"
        assert name in caught.value.message


@pytest.mark.parametrize("name", ["PATH", "XDG_CONFIG_HOME", "EDITOR"])
def test_the_user_may(name: str) -> None:
    assert variables(Case({"user": profile(env={name: "x"})})) == {name: "x"}


def test_what_a_projects_env_file_may_not_set_is_left_out_with_a_note() -> None:
    plan = Case(files={".env": "CODEX_HOME=/x\nNODE_ENV=dev\n"}).on_host()
    assert [variable.name for variable in plan.agent.environment] == ["NODE_ENV"]
    assert any("CODEX_HOME" in note and "left out" in note for note in plan.notes)


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,30}", fullmatch=True))
def test_what_is_reserved_in_a_container_is_reserved_without_one(name: str) -> None:
    assert is_reserved_on_host(name) or not is_reserved(name)


@pytest.mark.parametrize("layer", ["editor", "workspace"])
def test_a_repository_may_name_no_program_for_the_users_machine(layer: LayerName) -> None:
    case = Case({layer: {"agent": "mine", "agents": {"mine": {"command": ["./evil"]}}}})
    assert case.plan().agent.argv == ("./evil",)
    found = {(breach.level, breach.what) for breach in case.on_host().breaches}
    assert ("user", "command") in found


def test_a_yes_without_a_container_says_what_that_means() -> None:
    consent = Case({"workspace": {"agent": "codex"}}).on_host().consent
    assert consent is not None
    assert consent.receives == ("all that you can do on this machine: there is no container",)


@pytest.mark.parametrize(
    ("policy", "wish", "what"),
    [
        ({"host": False}, {}, "mode"),
        ({"agents": ["codex"]}, {}, "agent"),
        ({"resources": {"timeLimit": "1h"}}, {"resources": {"timeLimit": "2h"}}, "time limit"),
    ],
)
def test_a_ceiling_holds_without_a_container_too(policy: Any, wish: Any, what: str) -> None:
    plan = Case({"user": {"policy": policy}}, request=wish).on_host()
    assert [(breach.level, breach.what) for breach in plan.breaches] == [("policy", what)]


def test_an_env_file_that_a_workspace_names_outside_is_not_read() -> None:
    facts = {"files": {WORKSPACE.parent / "x.env": "A=1"}}
    plan = Case({"workspace": profile(envFile="../x.env")}, facts=facts).on_host()
    assert [breach.level for breach in plan.breaches] == ["user"]
    assert "A" not in {variable.name for variable in plan.agent.environment}


def test_the_users_own_program_runs_as_it_was_written() -> None:
    own = {"agent": "claude-cli", "agents": {"claude-cli": {"command": ["my-claude"]}}}
    assert Case({"user": own}).on_host().agent.argv == ("my-claude",)


@pytest.mark.parametrize("name", KNOWN_AGENTS)
def test_no_agent_is_told_to_do_as_it_likes(name: str) -> None:
    plan = Case(request={"agent": name}).on_host()
    told = " ".join((*plan.agent.argv, *(f"{v.name}={v.value}" for v in plan.agent.environment)))
    assert not [
        word for word in ("full-access", "IS_SANDBOX", "dangerously", "bypass", "yolo", "=auto") if word in told
    ]


@pytest.mark.parametrize(
    ("agent", "sign"),
    [
        ("claude-cli", "--permission-mode default"),
        ("codex", "INITIAL_AGENT_MODE=read-only"),
        ("goose", "GOOSE_MODE=approve"),
        ("opencode", '"*":"ask"'),
    ],
)
def test_agents_that_would_not_ask_are_told_to(agent: str, sign: str) -> None:
    plan = Case(request={"agent": agent}, environment={"GOOSE_MODE": "auto"}).on_host()
    assert sign in " ".join((*plan.agent.argv, *(f"{v.name}={v.value}" for v in plan.agent.environment)))


@pytest.mark.parametrize(("agent", "mode"), [("claude", "default"), ("codex", "read-only"), ("gemini", "default")])
def test_agents_that_can_change_their_mode_are_put_into_the_asking_one(agent: str, mode: str) -> None:
    case = Case(request={"agent": agent})
    assert (case.on_host().agent.asking_mode, case.plan().agent.asking_mode) == (mode, "")


IGNORED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"docker": {"defaultImage": "node"}}, {}, "berth.docker.defaultImage"),
    ({"docker": {"allowedImages": ["node"]}}, {}, "berth.docker.allowedImages"),
    ({"docker": {"forwardEnv": ["A"]}}, {}, "berth.docker.forwardEnv"),
    ({"docker": {"share": ["aws"]}}, {}, "berth.docker.share"),
    ({"docker": {"resources": {"memory": "1g"}}}, {}, "berth.docker.resources.memory"),
    ({"docker": {"resources": {"gpus": "all"}}}, {}, "berth.docker.resources.gpus"),
    (profile(image="node"), {}, "berth.docker.profiles.web.image"),
    (profile(volumes=["npm"]), {}, "berth.docker.profiles.web.volumes"),
    (profile(dockerArgs="-m 2g"), {}, "berth.docker.profiles.web.dockerArgs"),
    (profile(resources={"cpus": 1}), {}, "berth.docker.profiles.web.resources.cpus"),
    ({"agents": {"claude": {"home": "/x"}}}, {}, "berth.agents.claude.home"),
    ({}, {"image": "node"}, "The request's image"),
    ({}, {"mounts": ["./a:/a"]}, "The request's mounts"),
    ({}, {"dockerArgs": ["-m", "2g"]}, "The request's dockerArgs"),
    ({}, {"build": "never"}, "The request's build"),
]


@pytest.mark.parametrize(("settings", "request_fields", "name"), IGNORED)
def test_what_means_nothing_without_a_container_is_noted_by_name(
    settings: dict[str, Any], request_fields: dict[str, Any], name: str
) -> None:
    notes = Case({"user": settings}, request_fields).on_host().notes
    assert notes == (f"{name} is ignored: there is no container.",)


def test_without_such_settings_nothing_is_noted() -> None:
    assert Case().on_host().notes == ()


def test_the_time_limit_holds() -> None:
    plan = Case({"user": {"docker": {"resources": {"timeLimit": "90m"}}}}).on_host()
    assert (plan.time_limit, plan.notes) == (5400, ())


def test_a_home_folder_is_no_workspace_without_a_container_either() -> None:
    case = Case(environment={"HOME": str(WORKSPACE)})
    with pytest.raises(BerthError) as caught:
        case.on_host()
    assert caught.value.kind == "workspace-unsuitable"


def test_the_explained_plan_warns_first_and_shows_no_value() -> None:
    case = Case({"user": profile(env={"TOKEN": CANARY})}, environment={"SECRET": CANARY})
    result = explain(case.on_host())
    assert (result.mode, result.image) == ("host", None)
    assert "WITHOUT a container" in result.notes[0]
    assert {"mode": "host", "env TOKEN": "set"}.items() <= {line.what: line.value for line in result.lines}.items()
    assert CANARY not in f"{result.model_dump_json()} {case.on_host()!r}"


def test_the_plan_of_a_container_says_so_too() -> None:
    result = explain(Case().plan())
    assert (result.mode, {line.what: line.value for line in result.lines}["mode"]) == ("container", "container")


def test_an_engine_that_cannot_be_used_is_told_with_the_way_out_once() -> None:
    error = with_way_out(with_way_out(BerthError("engine-unreachable", "No engine.", "Start it.")))
    assert error.hint.startswith("Start it. agent.toggle runs agents")
    assert error.hint.count("agent.toggle") == 1
    assert with_way_out(BerthError("disk-full", "Full.", "Free some.")).hint == "Free some."
