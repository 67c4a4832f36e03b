from pathlib import Path

import pytest

from tests.planning.plans import Case, profile


@pytest.mark.parametrize(
    ("asked", "in_profile", "default", "chosen", "layer"),
    [
        ("a", "b", "c", "a", "request"),
        (None, "b", "c", "b", "editor"),
        (None, None, "c", "c", "editor"),
    ],
)
def test_the_image_is_the_requests_then_the_profiles_then_the_default(
    asked: str | None, in_profile: str | None, default: str | None, *, chosen: str, layer: str
) -> None:
    settings = profile(image=in_profile)
    docker = settings["docker"]
    assert isinstance(docker, dict)
    docker["defaultImage"] = default
    image = Case({"editor": settings}, {"image": asked}).plan().image
    assert (image.reference, image.reason.layer, image.recipe) == (chosen, layer, None)


def test_without_a_word_berth_builds_its_own() -> None:
    image = Case().plan().image
    assert image.recipe is not None
    assert image.reference == image.recipe.tag
    assert image.reference.startswith("berth/agent:")
    assert image.recipe.context == Path("/images/agent")
    assert image.recipe.arguments == {"AGENTS": "claude"}
    assert image.recipe.extra_files == {}


def test_what_goes_into_the_image_is_in_its_tag() -> None:
    cases = [
        Case(),
        Case(request={"agent": "codex"}),
        Case(facts={"base_image": "mine:1"}),
        Case(facts={"ca_file": Path("/ca.pem")}),
        Case(facts={"agent_recipe_digest": "other"}),
    ]
    assert len({case.plan().image.reference for case in cases}) == len(cases)
    assert Case(request={"agent": "claude-cli"}).plan().image.reference == Case().plan().image.reference


def test_the_base_and_the_authority_go_into_the_build() -> None:
    recipe = Case(facts={"base_image": "mine:1", "ca_file": Path("/ca.pem")}).plan().image.recipe
    assert recipe is not None
    assert recipe.arguments == {"AGENTS": "claude", "BASE_IMAGE": "mine:1"}
    assert recipe.extra_files == {"ca.crt": Path("/ca.pem")}


@pytest.mark.parametrize("build", ["auto", "force", "never"])
def test_the_request_says_whether_to_build(build: str) -> None:
    assert Case(request={"build": build}).plan().image.policy == build


def test_forcing_a_foreign_image_is_told_to_do_nothing() -> None:
    plan = Case(request={"build": "force", "image": "x"}).plan()
    assert "The image is not built by Berth, so there is nothing to force." in plan.notes


def test_berths_image_without_the_agent_is_refused_before_it_is_built() -> None:
    error = Case(request={"agent": "goose"}).refusal()
    assert (error.kind, error.message) == ("agent-missing", "Berth's own image does not have goose.")


def test_a_custom_command_in_berths_image_is_tried_with_a_note() -> None:
    plan = Case({"user": {"agent": "m", "agents": {"m": {"command": ["python3", "x.py"]}}}}).plan()
    assert any("python3" in note for note in plan.notes)


@pytest.mark.parametrize(
    "reference",
    [
        *("node", "node:22-bookworm", "mycompany/dev-env:latest", "ghcr.io/a/b-c/d_e.f:1.0", "localhost:5000/x"),
        *("a@sha256:" + "0" * 64, "Registry.Example.com/x", "[::1]:5000/x", "a__b", "sha256:" + "a" * 64),
    ],
)
def test_image_references_are_understood(reference: str) -> None:
    assert Case(request={"image": reference}).plan().image.reference == reference


@pytest.mark.parametrize(
    "reference",
    [
        *(
            "-v",
            "--privileged",
            "A",
            "a b",
            "a:",
            "a:-x",
            "/a",
            "a/",
            "a//b",
            "a@sha256:0",
            "a\n",
            "a;b",
            "$(x)",
            "a\0",
        ),
        *("x" * 600, "a-" * 200, "http://a/b"),
    ],
)
def test_what_is_no_image_reference_is_refused(reference: str) -> None:
    error = Case(request={"image": reference}).refusal()
    assert error.kind == "bad-image"
    assert error.message.isprintable()


@pytest.mark.timeout(30)
def test_a_hostile_image_reference_does_not_hold_planning_up() -> None:
    assert Case(request={"image": "a-" * 255 + "!"}).refusal().kind == "bad-image"
