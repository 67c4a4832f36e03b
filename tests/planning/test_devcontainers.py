"""What a devcontainer.json does to a plan, and who must say yes to what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.planning.breach import Level
from berth.planning.explain import explain
from berth.planning.facts import BuildFacts, FeatureFacts
from berth.planning.labels import fingerprint
from berth.planning.needs import needs
from berth.planning.plan import SessionPlan, Variable
from berth.planning.session import plan_session
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.map import devcontainer_of
from berth.settings.devcontainers.read import parse_devcontainer
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.settings import Settings
from tests.planning.plans import CANARY, WORKSPACE, Case, profile
from tests.settings.devcontainers import templates

FILE = WORKSPACE / ".devcontainer" / "devcontainer.json"
SOCKET = "/var/run/docker.sock"
CLI = Path("/usr/bin/devcontainer")
BUILT = BuildFacts(".devcontainer/Dockerfile", "c" * 64, "d" * 64, is_overlay=False, bases=("golang:1.23",))


@dataclass(frozen=True)
class InContainer:
    """A plan with this file, and otherwise as ``case`` says."""

    text: str
    case: Case = field(default_factory=Case)

    def settings(self) -> Settings:
        environment = {"HOME": "/home/ada", **self.case.environment}
        project = devcontainer_of(parse_devcontainer(self.text, FILE), Substitution(WORKSPACE, environment))
        return replace(self.case._settings(), project=project)

    def plan(self, **facts: Any) -> SessionPlan:
        request = PlanArguments.model_validate(self.case.request)
        return plan_session(self.settings(), request, replace(self.case._facts(), **facts))

    def refusal(self, **facts: Any) -> BerthError:
        with pytest.raises(BerthError) as caught:
            self.plan(**facts)
        return caught.value

    def breaches(self, level: Level = "ask", **facts: Any) -> dict[str, str]:
        return {it.what: it.value for it in self.plan(**facts).breaches if it.level == level}


def variables(plan: SessionPlan) -> Mapping[str, Variable]:
    return {variable.name: variable for variable in plan.agent.environment}


def test_image_and_commands_take_a_yes_that_names_them_with_their_lines() -> None:
    plan = InContainer(templates.NODE).plan()
    assert plan.image.reference == "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm"
    assert plan.consent is not None
    assert plan.consent.asks == (
        f"image: mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm ({FILE}:5)",
        f"postCreateCommand: yarn install ({FILE}:7)",
    )
    assert [(it.name, it.argv, it.once) for it in plan.before] == [
        ("postCreateCommand", ("/bin/sh", "-c", "yarn install"), True)
    ]


def test_a_yes_holds_for_the_whole_of_a_long_command() -> None:
    texts = [f'{{"postCreateCommand": "{"x" * 500}{end}"}}' for end in ("a", "b")]
    plans = [InContainer(text).plan() for text in texts]
    digests = {plan.consent.digest for plan in plans if plan.consent}
    assert len(digests) == 2
    assert all(len(ask) < 300 for plan in plans if plan.consent for ask in plan.consent.asks)


@pytest.mark.parametrize(
    ("layers", "request_", "expected"),
    [
        ({}, {}, "node:22"),
        ({"user": {"docker": {"defaultImage": "team/default"}}}, {}, "node:22"),
        ({"user": profile(image="team/profile")}, {}, "team/profile"),
        ({}, {"image": "team/asked"}, "team/asked"),
    ],
)
def test_the_image_stands_between_the_profiles_and_the_default_one(
    layers: Mapping[Any, object], request_: Mapping[str, Any], expected: str
) -> None:
    case = Case(layers=layers, request=request_)
    assert InContainer('{"image": "node:22"}', case).plan().image.reference == expected


def test_the_projects_own_dockerfile_stands_above_and_an_overlay_lies_on_it() -> None:
    own = BuildFacts(".berth/Dockerfile", "a" * 64, "b" * 64, is_overlay=False, bases=("debian:12",))
    whole = InContainer('{"image": "node:22"}').plan(build=own)
    laid = InContainer('{"image": "node:22"}').plan(build=replace(own, is_overlay=True, bases=()))
    assert (whole.image.recipe is not None, whole.image.base) == (True, None)
    assert laid.image.base is not None
    assert laid.image.base.reference == "node:22"


def test_its_build_is_looked_at_and_becomes_the_image_after_a_yes() -> None:
    case = InContainer(templates.GO_WITH_DOCKERFILE, Case(environment={"USER": "ada"}))
    wanted = needs(case.settings(), PlanArguments(), workspace=WORKSPACE, environment={}).below
    assert wanted is not None
    assert (wanted.dockerfile, wanted.context) == (FILE.parent / "Dockerfile", WORKSPACE)
    recipe = case.plan(below=BUILT).image.recipe
    assert recipe is not None
    assert (recipe.target, recipe.cache_from, recipe.boundary) == ("dev", ("ghcr.io/acme/go-cache",), WORKSPACE)
    assert recipe.arguments == {"VARIANT": "1.23", "NODE": "22", "USERNAME": "ada"}
    assert case.breaches(below=BUILT)["image"].startswith("built by .devcontainer/Dockerfile on golang:1.23")


def test_its_build_is_not_looked_at_where_an_image_was_named() -> None:
    case = InContainer(templates.GO_WITH_DOCKERFILE, Case(request={"image": "node:24"}))
    request = PlanArguments.model_validate(case.case.request)
    assert needs(case.settings(), request, workspace=WORKSPACE, environment={}).below is None
    assert case.plan().image.reference == "node:24"


def test_a_build_without_a_base_is_no_overlay_here() -> None:
    error = InContainer(templates.GO_WITH_DOCKERFILE).refusal(below=replace(BUILT, is_overlay=True))
    assert (error.kind, "has no FROM" in error.message) == ("bad-dockerfile", True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (templates.DOCKER_IN_DOCKER, f"--privileged true in dockerArgs ({FILE}:4) is never allowed"),
        (templates.RUST, f"--security-opt seccomp=unconfined in dockerArgs ({FILE}:5) is never allowed"),
        ('{"runArgs": ["--nope"]}', "is not a flag of docker run"),
        ('{"runArgs": ["--pid=host"]}', "is never allowed"),
    ],
)
def test_what_berth_refuses_is_refused_with_its_line(text: str, words: str) -> None:
    error = InContainer(text).refusal()
    assert error.kind == "bad-docker-args"
    assert words.rpartition(" in ")[2] in error.message


def test_the_engines_socket_is_never_mounted() -> None:
    case = InContainer(templates.DOCKER_OUTSIDE, Case(existing=(SOCKET,)))
    assert "would hand the container engine itself to the agent" in case.refusal().message


def test_capabilities_and_folders_outside_are_for_the_user_to_give() -> None:
    home = '{"mounts": ["source=${localEnv:HOME}/.ssh,target=/ssh,type=bind"], "capAdd": ["SYS_PTRACE"]}'
    case = InContainer(home, Case(existing=("/home/ada/.ssh",)))
    assert case.breaches("user").keys() == {"mount /ssh", "docker --cap-add"}


def test_mounts_inside_the_workspace_and_volumes_take_a_yes() -> None:
    text = """{"mounts": [
      "source=${localWorkspaceFolder}/config,target=/config,type=bind",
      "source=cache-${devcontainerId},target=/cache,type=volume"
    ]}"""
    assert InContainer(text, Case(existing=("config",))).breaches().keys() == {"mount /config", "mount /cache"}


def test_what_berth_decides_itself_is_left_out_with_a_note() -> None:
    case = InContainer(templates.KEYS_FROM_THE_EDITOR)
    plan = case.plan()
    assert plan.container.limits.memory == 2 * 1024**3
    notes = [note for note in plan.notes if "is left out" in note]
    assert [note.split()[0] for note in notes] == ["--name", "--rm", "--interactive", "--tty"]
    assert all(f"({FILE}:10)" in note for note in notes)


def test_the_editors_variables_take_a_yes_that_names_them_and_never_shows_a_value() -> None:
    environment = {"GITHUB_TOKEN": CANARY, "MY_KEY": f"{CANARY}-2"}
    case = InContainer(templates.KEYS_FROM_THE_EDITOR, Case(environment=environment))
    asked = case.breaches()
    assert (asked["env GITHUB_TOKEN"], asked["env KEY"]) == ("forwarded from GITHUB_TOKEN", "forwarded from MY_KEY")
    plan = case.plan()
    assert variables(plan)["KEY"].value == f"{CANARY}-2"
    assert plan.consent is not None
    assert "env KEY (from MY_KEY)" in plan.consent.receives
    assert CANARY not in f"{plan!r}{explain(plan)!r}{plan.consent!r}"


def test_a_policy_on_forwarding_is_about_the_variable_that_is_taken() -> None:
    layers: Any = {"user": {"policy": {"forwardEnv": ["KEY", "GITHUB_TOKEN"]}}}
    case = Case(layers=layers, environment={"GITHUB_TOKEN": "x", "MY_KEY": "y"})
    assert "env KEY" in InContainer(templates.KEYS_FROM_THE_EDITOR, case).breaches("policy")


def test_variables_stand_between_the_default_env_file_and_the_profile() -> None:
    layers: Any = {"user": {**profile(env={"B": "profile"})}}
    case = Case(layers=layers, files={".env": "A=file\nB=file\nC=file"})
    plan = InContainer('{"containerEnv": {"A": "container", "B": "container"}}', case).plan()
    found = {name: variable.value for name, variable in variables(plan).items()}
    assert (found["A"], found["B"], found["C"]) == ("container", "profile", "file")


@pytest.mark.parametrize("name", ["NODE_OPTIONS", "LD_PRELOAD", "ANTHROPIC_BASE_URL"])
def test_variables_that_run_programs_or_send_keys_elsewhere_are_for_the_user_to_set(name: str) -> None:
    assert f"env {name}" in InContainer(f'{{"remoteEnv": {{"{name}": "x"}}}}').breaches("user")


def test_features_lie_on_the_image_and_are_named_in_the_question() -> None:
    plan = InContainer(templates.TYPESCRIPT_FEATURES).plan(features=FeatureFacts(CLI, "e" * 64))
    layer, base = plan.image.features, plan.image.base
    assert layer is not None
    assert base is not None
    assert base.reference == "mcr.microsoft.com/devcontainers/typescript-node:22"
    assert set(layer.configuration) == {"features", "overrideFeatureInstallOrder", "remoteUser"}
    assert plan.consent is not None
    assert "ghcr.io/devcontainers/features/github-cli:1" in plan.consent.asks[0]
    assert base.reference in plan.consent.asks[1]


def test_features_without_the_cli_are_a_sentence() -> None:
    error = InContainer(templates.TYPESCRIPT_FEATURES).refusal(features=FeatureFacts(None))
    assert error.kind == "devcontainer-cli-missing"
    assert f"{FILE}:4" in error.message


def test_features_are_left_out_with_a_note_where_the_image_is_named_elsewhere() -> None:
    case = InContainer(templates.TYPESCRIPT_FEATURES, Case(request={"image": "node:24"}))
    plan = case.plan(features=FeatureFacts(None))
    assert plan.image.features is None
    assert any("are left out: the image is named elsewhere" in note for note in plan.notes)


def test_another_command_makes_another_container() -> None:
    first, second = (InContainer(f'{{"postStartCommand": "{word}"}}').plan() for word in ("a", "b"))
    assert fingerprint(first) != fingerprint(second)


def test_the_plan_shows_the_commands() -> None:
    page = explain(InContainer(templates.UNIVERSAL).plan()).markdown
    assert "Before the agent" in page
    assert "npm run dev" in page
