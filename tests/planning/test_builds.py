"""Images from Dockerfiles: which one is built, what its tag depends on, who may say so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.planning.builds import build_wish
from berth.planning.choice import choose
from berth.planning.explain import explain
from berth.planning.facts import BuildFacts
from berth.planning.image_plan import BUILD_LABEL, BuildRecipe
from berth.planning.paths import Places
from berth.protocol.plans import PlanArguments
from berth.settings.resolve import resolve_settings
from tests.planning.plans import WORKSPACE, Case, layer, profile

WITH_FROM = BuildFacts(".berth/Dockerfile", "c" * 64, "i" * 64, is_overlay=False, bases=("node:22",), files=3)
OVERLAY = BuildFacts(".berth/Dockerfile", "c" * 64, "i" * 64, is_overlay=True)


def built(facts: BuildFacts | None, layers: Any = None, **request: Any) -> Case:
    return Case(layers or {}, request=request, facts={"build": facts})


def recipe(case: Case) -> BuildRecipe:
    found = case.plan().image.recipe
    assert found is not None
    return found


def wish_of(layers: Any, **request: Any) -> Any:
    settings = resolve_settings([layer(name, raw) for name, raw in layers.items()])
    asked = PlanArguments.model_validate(request)
    return build_wish(settings, asked, choose(settings, asked), places=Places(WORKSPACE, {}))


def test_the_projects_own_dockerfile_is_looked_for() -> None:
    wish = wish_of({})
    assert (wish.dockerfile, wish.context, wish.is_named) == (WORKSPACE / ".berth/Dockerfile", WORKSPACE, False)
    assert (wish.reason.layer, wish.reason.trusted) == ("workspace", False)


@pytest.mark.parametrize(
    ("layers", "request_fields", "dockerfile"),
    [
        ({"user": {"docker": {"dockerfile": "Dev.Dockerfile"}}}, {}, "Dev.Dockerfile"),
        ({"user": profile(build="Web.Dockerfile")}, {}, "Web.Dockerfile"),
        ({"user": profile(build={"dockerfile": "a/Dockerfile"})}, {}, "a/Dockerfile"),
        ({"user": profile(build={"target": "dev"})}, {}, ".berth/Dockerfile"),
        ({"user": profile(build="Web.Dockerfile")}, {"dockerfile": "Mine"}, "Mine"),
    ],
)
def test_a_dockerfile_that_was_named_must_be_there(layers: Any, request_fields: Any, dockerfile: str) -> None:
    wish = wish_of(layers, **request_fields)
    assert (wish.dockerfile, wish.is_named) == (WORKSPACE / dockerfile, True)


def test_an_image_in_the_request_is_looked_at_alone() -> None:
    assert wish_of({"user": profile(build="Dockerfile")}, image="node:22") is None


def test_a_builds_parts_come_from_every_layer_and_parent() -> None:
    profiles = {
        "base": {"build": {"dockerfile": "D", "args": {"A": "1", "B": "1"}, "target": "dev"}},
        "web": {"extends": "base", "build": {"args": {"B": "2"}, "context": "app", "secrets": {"npm": ".npmrc"}}},
    }
    wish = wish_of({"user": {"docker": {"defaultProfile": "web", "profiles": profiles}}})
    assert (wish.arguments, wish.target, wish.context) == ({"A": "1", "B": "2"}, "dev", WORKSPACE / "app")
    assert wish.secrets == {"npm": WORKSPACE / ".npmrc"}


@pytest.mark.parametrize(
    ("layers", "request_fields", "reference"),
    [
        ({}, {}, "berth/build:"),
        ({"user": {"docker": {"defaultImage": "mine"}}}, {}, "berth/build:"),
        ({"user": profile(image="node:20")}, {}, "node:20"),
        ({"user": profile(image="node:20", build="Dockerfile")}, {}, "berth/build:"),
        ({"user": profile(image="node:20")}, {"dockerfile": "D"}, "berth/build:"),
        ({"user": profile(build="Dockerfile")}, {"image": "node:18"}, "node:18"),
    ],
)
def test_the_order_of_images(layers: Any, request_fields: Any, reference: str) -> None:
    facts = None if "image" in request_fields else WITH_FROM
    assert built(facts, layers, **request_fields).plan().image.reference.startswith(reference)


@pytest.mark.parametrize(
    ("layers", "below"),
    [
        ({}, "berth/agent:"),
        ({"user": {"docker": {"defaultImage": "mine"}}}, "mine"),
        ({"user": profile(image="node:20")}, "node:20"),
        ({"user": profile(image="node:20", build="Dockerfile")}, "node:20"),
    ],
)
def test_an_overlay_lies_on_what_the_order_comes_to_without_it(layers: Any, below: str) -> None:
    image = built(OVERLAY, layers).plan().image
    assert image.base is not None
    assert image.recipe is not None
    assert image.base.reference.startswith(below)
    assert image.recipe.overlay == image.base.reference


def test_a_tag_is_over_content_and_what_an_overlay_lies_on() -> None:
    plain = recipe(built(OVERLAY)).tag
    assert plain == recipe(built(OVERLAY)).tag
    other = BuildFacts(OVERLAY.name, "d" * 64, OVERLAY.instructions, is_overlay=True)
    assert plain != recipe(built(other)).tag
    assert plain != recipe(built(OVERLAY, {"user": profile(image="node:20")})).tag


def test_the_label_of_a_dockerfile_stays_when_its_content_changes() -> None:
    other = BuildFacts(WITH_FROM.name, "d" * 64, "e" * 64, is_overlay=False, bases=("node:24",))
    assert recipe(built(WITH_FROM)).labels == recipe(built(other)).labels != {}
    other_stage = {"user": profile(build={"target": "dev"})}
    assert recipe(built(WITH_FROM)).labels[BUILD_LABEL] != recipe(built(WITH_FROM, other_stage)).labels[BUILD_LABEL]


def test_a_projects_dockerfile_takes_a_yes_to_its_instructions() -> None:
    case = built(
        BuildFacts(WITH_FROM.name, "c" * 64, "i" * 64, is_overlay=False, bases=("node:22",), remotes=("https://x/y",))
    )
    breach = case.breaches("ask")["image"]
    assert breach.value == "built by .berth/Dockerfile on node:22, fetches https://x/y (instructions iiiiiiiiiiii)"
    changed_copy = BuildFacts(
        WITH_FROM.name, "d" * 64, "i" * 64, is_overlay=False, bases=("node:22",), remotes=("https://x/y",)
    )
    changed_words = BuildFacts(
        WITH_FROM.name, "c" * 64, "j" * 64, is_overlay=False, bases=("node:22",), remotes=("https://x/y",)
    )
    consents = [built(facts).plan().consent for facts in (changed_copy, changed_words)]
    first = case.plan().consent
    assert first is not None
    assert [consent and consent.digest == first.digest for consent in consents] == [True, False]


def test_a_dockerfile_is_the_repositorys_word_whoevers_settings_name_it() -> None:
    case = built(WITH_FROM, {"user": profile(build={"dockerfile": "D", "ssh": True, "cacheTo": ["type=inline"]})})
    assert [(breach.level, breach.what) for breach in case.plan().breaches] == [("ask", "image")]
    assert built(WITH_FROM, dockerfile="D").plan().breaches == ()


@pytest.mark.parametrize("layer_name", ["workspace", "editor"])
def test_what_takes_something_of_the_user_is_the_users_to_say(layer_name: Any) -> None:
    secrets = {"in": "a.txt", "out": "~/.npmrc", "link": "b.txt"}
    keys = {
        "ssh": True,
        "cacheTo": ["type=registry,ref=x"],
        "cacheFrom": ["type=local,src=/home/ada"],
        "secrets": secrets,
    }
    links = {WORKSPACE / "b.txt": Path("/home/ada/.ssh/id_ed25519")}
    layers = {layer_name: profile(build={"dockerfile": "D", **keys})}
    case = Case(layers, facts={"build": WITH_FROM, "links": links})
    expected = {"build ssh", "build cache-to", "build cache-from", "build secret out", "build secret link"}
    assert set(case.breaches()) == expected


def test_an_image_that_layers_are_taken_from_is_part_of_the_yes() -> None:
    plain, cached = (
        built(WITH_FROM, {"workspace": profile(build={"dockerfile": "D", **keys})})
        for keys in ({}, {"cacheFrom": ["evil/cache:1"]})
    )
    assert "with layers of evil/cache:1" in cached.breaches("ask")["image"].value
    assert not cached.breaches()
    consents = [case.plan().consent for case in (plain, cached)]
    assert len({consent.digest for consent in consents if consent}) == 2


def test_images_below_are_held_to_the_rules() -> None:
    rules = {"user": {"docker": {"allowedImages": ["python"]}}}
    assert built(WITH_FROM, rules).refusal().kind == "image-not-allowed"
    assert built(OVERLAY, {"user": {"docker": {"allowCustomImages": False}}}).plan().image.recipe is not None
    policy = {"user": {"policy": {"images": ["python"]}}}
    assert [breach.value for breach in built(WITH_FROM, policy).breaches("policy").values()] == ["node:22"]


def test_the_plan_tells_what_is_built_on_what() -> None:
    lines = {line.what: line.value for line in explain(built(OVERLAY).plan()).lines}
    assert lines["image build"].startswith(".berth/Dockerfile on berth/agent:")
    assert lines["image below"].startswith("berth/agent:")


def test_a_workspace_that_is_not_trusted_has_no_dockerfile(tmp_path: Path) -> None:
    settings = replace(resolve_settings([]), workspace_trusted=False)
    asked = PlanArguments()
    assert build_wish(settings, asked, choose(settings, asked), places=Places(tmp_path, {})) is None
