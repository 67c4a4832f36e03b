"""Which images may be used at all."""

from typing import Any

import pytest

from berth.settings.image_rules import ImageRule
from berth.settings.origin import Origin
from tests.planning.plans import Case, profile


def allowed(pattern: str, reference: str) -> bool:
    return ImageRule((pattern,), "berth.docker.allowedImages", Origin("user")).allows(reference)


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        ("node", "node"),
        ("node", "node:22"),
        ("node", "node@sha256:" + "0" * 64),
        ("node:*", "node:22"),
        ("node:*", "node"),
        ("node:22-*", "docker.io/library/node:22-bookworm"),
        ("docker.io/library/node", "node"),
        ("node:2?", "node:22"),
        ("mycompany/*", "mycompany/dev-env:latest"),
        ("mycompany/*", "docker.io/mycompany/dev-env"),
        ("registry.example.com/**", "registry.example.com/a/b/c:1"),
        ("registry.example.com:5000/*", "registry.example.com:5000/a:1"),
        ("**", "sha256:" + "0" * 64),
        ("**/*b*c**", "a/b/bc/d"),
    ],
)
def test_a_pattern_allows_what_it_names(pattern: str, reference: str) -> None:
    assert allowed(pattern, reference)


@pytest.mark.parametrize(
    ("pattern", "reference"),
    [
        ("node", "nodejs"),
        ("node", "evil/node"),
        ("node:*", "node:5000/evil/image:1"),
        ("node:22", "node"),
        ("node:22", "node:22@sha256:" + "0" * 64),
        ("mycompany/*", "mycompany/team/app"),
        ("mycompany/*", "evil.example/mycompany/app"),
        ("*", "evil/image"),
        ("node:2?", "node:2"),
        ("registry.example.com/**", "registry.example.com.evil/a"),
    ],
)
def test_a_pattern_allows_nothing_else(pattern: str, reference: str) -> None:
    assert not allowed(pattern, reference)


def test_many_stars_take_no_time() -> None:
    assert not allowed("**a" * 100 + "*z", "a" * 500)


@pytest.mark.parametrize(
    ("layers", "asked", "place"),
    [
        ({}, {"image": "evil"}, "image"),
        ({"workspace": profile(image="evil")}, {}, "berth.docker.profiles.web.image"),
        ({"workspace": {"docker": {"defaultImage": "evil"}}}, {}, "berth.docker.defaultImage"),
    ],
)
def test_an_image_is_refused_wherever_it_was_named(layers: Any, asked: Any, place: str) -> None:
    error = Case({"user": {"docker": {"allowedImages": ["node"]}}, **layers}, request=asked).refusal()
    assert (error.kind, error.message) == (
        "image-not-allowed",
        f"The image “evil” ({place}) is not allowed by berth.docker.allowedImages.",
    )
    assert error.hint == "Allowed: node, Berth’s own image."


def test_without_custom_images_only_berths_own_is_used() -> None:
    rules: Any = {"user": {"docker": {"allowCustomImages": False}}}
    assert Case(rules).plan().image.recipe is not None
    assert Case(rules, request={"image": "node"}).refusal().message == (
        "The image “node” (image) is not allowed by berth.docker.allowCustomImages."
    )


def test_without_custom_images_those_of_the_list_are_left() -> None:
    rules: Any = {"user": {"docker": {"allowCustomImages": False, "allowedImages": ["node"]}}}
    assert Case(rules, request={"image": "node:22"}).plan().image.reference == "node:22"


def test_custom_images_are_allowed_when_nobody_says_otherwise() -> None:
    assert (
        Case({"user": {"docker": {"allowCustomImages": True}}}, request={"image": "x/y:1"}).plan().image.recipe is None
    )


@pytest.mark.parametrize("widening", [{"allowedImages": ["**"]}, {"allowCustomImages": True}])
def test_a_workspace_does_not_widen_the_users_list(widening: object) -> None:
    layers: Any = {"user": {"docker": {"allowedImages": ["node"]}}, "workspace": {"docker": widening}}
    assert Case(layers, request={"image": "evil"}).refusal().kind == "image-not-allowed"


def test_a_workspace_narrows_the_users_list() -> None:
    layers: Any = {
        "user": {"docker": {"allowedImages": ["mycompany/*", "node"]}},
        "workspace": {"docker": {"allowedImages": ["node:22"]}},
    }
    assert Case(layers, request={"image": "node:22"}).plan().image.reference == "node:22"
    assert Case(layers, request={"image": "node:20"}).refusal().kind == "image-not-allowed"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"allowedImages": "node"}, "allowedImages must be a list."),
        ({"allowedImages": ["-x"]}, "allowedImages.0 must be an image reference, or a glob of one with *, ** and ?."),
        ({"allowCustomImages": "no"}, "allowCustomImages must be true or false."),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(wrong: object, sentence: str) -> None:
    assert Case({"editor": {"docker": wrong}}).refusal().message == f"berth.docker.{sentence}"
