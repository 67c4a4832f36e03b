"""The agent on top of an image that lacks it, as it is planned."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.planning.agent_layer import LAYER_PROGRAMS, agent_layer
from berth.planning.explain import explain
from berth.planning.image_plan import BASES_LABEL, BUILD_LABEL, BuildRecipe
from berth.planning.layering import layered
from berth.planning.plan import SessionPlan
from tests.planning.plans import Case, profile

NODE = {"image": "node:22"}


def plan(settings: dict[str, Any] | None = None, **request: Any) -> SessionPlan:
    return Case({"user": settings or {}}, request={**NODE, **request}).plan()


def test_a_named_image_may_get_the_agent_on_top_after_a_question() -> None:
    layering = plan().agent_layer
    assert layering is not None
    assert (layering.rule, layering.attended) == ("ask", True)
    assert layering.agent.reference.startswith("berth/agent:")
    assert layering.agent.recipe is not None
    assert layering.agent.recipe.arguments["AGENTS"] == "claude"


@pytest.mark.parametrize(
    ("settings", "request_"),
    [
        ({}, {"image": None}),
        ({}, {"agent": "goose"}),
        ({"agents": {"claude": {"command": ["my-claude"]}}}, {}),
        ({}, {"dockerArgs": ["--entrypoint", "tini"]}),
    ],
    ids=["Berth's own image", "an agent Berth has no image of", "a command of one's own", "an entrypoint"],
)
def test_there_is_nothing_to_lay_on_top_where_it_would_not_help(
    settings: dict[str, Any], request_: dict[str, Any]
) -> None:
    assert plan(settings, **request_).agent_layer is None


@pytest.mark.parametrize(
    ("user", "workspace", "rule"),
    [
        (None, None, "ask"),
        ("always", None, "always"),
        (None, "always", "always"),
        ("always", "ask", "ask"),
        ("never", "always", "never"),
        ("always", "never", "never"),
    ],
)
def test_a_never_of_any_layer_holds(user: str | None, workspace: str | None, rule: str) -> None:
    layers = {name: {"docker": {"agentLayer": value}} for name, value in (("user", user), ("workspace", workspace))}
    layering = Case(layers, request=NODE).plan().agent_layer  # type: ignore[arg-type]  # the names are of layers
    assert layering is not None
    assert layering.rule == rule


def test_the_layer_is_another_one_for_another_agent_image_base_or_recipe() -> None:
    planned = plan()
    assert planned.agent_layer is not None
    made = agent_layer(planned.agent_layer, planned.image, base_id="sha256:a")
    others = [
        agent_layer(planned.agent_layer, planned.image, base_id="sha256:b"),
        *(
            agent_layer(other.agent_layer, planned.image, base_id="sha256:a")
            for other in (
                plan(agent="codex"),
                Case(request=NODE, facts={"layer_recipe_digest": "other"}).plan(),
                Case(request=NODE, facts={"agent_recipe_digest": "other"}).plan(),
            )
            if other.agent_layer
        ),
    ]
    assert len({made.reference, *(other.reference for other in others)}) == 5
    assert made.reference.startswith("berth/layer:")
    assert made.recipe is not None
    assert made.recipe.arguments["BASE_IMAGE"] == "node:22"
    assert made.base is not None
    assert made.recipe.arguments["AGENT_IMAGE"] == made.base.reference


def test_a_layer_is_not_taken_for_a_build_of_the_dockerfile_that_its_base_is_from() -> None:
    planned = plan({"docker": {"keepImages": 3}})
    assert planned.agent_layer is not None
    recipe = BuildRecipe(Path("/w"), "Dockerfile", {}, "berth/build:1", labels={BUILD_LABEL: "which"})
    built = replace(planned.image, reference="berth/build:1", recipe=recipe)
    again = replace(built, reference="berth/build:2", recipe=replace(recipe, tag="berth/build:2"))
    made = [agent_layer(planned.agent_layer, image, base_id=image.reference).recipe for image in (built, again)]
    labels = [one.labels[BUILD_LABEL] for one in made if one]
    assert labels[0] == labels[1] != "which"
    assert [(one.labels[BASES_LABEL], one.keep) for one in made if one] == [("", 3), ("", 3)]


def test_a_layered_plan_runs_the_agent_from_where_it_lies_and_is_the_same_otherwise() -> None:
    planned = plan(dockerArgs=["-m", "1g"])
    changed = layered(planned, base_id="sha256:a")
    assert changed.agent.argv == (f"{LAYER_PROGRAMS}/claude-agent-acp",)
    assert changed.container.image == changed.image.reference != planned.image.reference
    assert changed.agent_layer is None
    assert changed.container.labels == planned.container.labels
    assert layered(changed, base_id="sha256:b") is changed


def test_nothing_is_built_for_a_session_that_may_build_nothing() -> None:
    changed = layered(plan(build="never"), base_id="sha256:a")
    assert changed.image.base is not None
    assert (changed.image.policy, changed.image.base.policy) == ("never", "never")


def test_where_nobody_can_be_asked_the_plan_says_so() -> None:
    layering = Case(request=NODE, facts={"attended": False}).plan().agent_layer
    assert layering is not None
    assert not layering.attended


def test_the_rule_is_a_line_of_the_explained_plan() -> None:
    lines = {line.what: line for line in explain(plan({"docker": {"agentLayer": "always"}})).lines}
    assert (lines["agent layer"].value, lines["agent layer"].layer) == ("always", "user")


def test_profiles_do_not_change_the_rule() -> None:
    with pytest.raises(BerthError, match="agentLayer"):
        Case({"user": profile(agentLayer="always")}).plan()
