"""Every template can be used: it is a sound profile, and a session can be planned with it."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from berth.planning.caches import CACHES
from berth.protocol.profiles import ProfileName
from berth.settings.editing import profiles
from berth.settings.editing.draft import Draft
from berth.settings.editing.standing import USER_FILE, WORKSPACE_FILE
from berth.settings.origin import LayerName
from berth.settings.patterns import Name
from berth.settings.templates import TEMPLATES, Template
from tests.planning.plans import Case, engine

ALL = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def section(template: Template) -> Any:
    """Settings with the template, as they stand in the file that it is meant for."""
    shape = USER_FILE if template.scope == "user" else WORKSPACE_FILE
    draft = profiles.with_profile(Draft("", shape), "new", template.profile)
    return profiles.with_default(draft, "new").section()


@ALL
def test_a_session_can_be_planned_with_it(template: Template) -> None:
    layer: LayerName = template.scope
    plan = Case({layer: section(template)}, facts={"engine": engine(memory=4 * 1024**3)}).plan()
    assert plan.profile == "new"
    assert (plan.image.recipe is None) == ("image" in template.profile)
    assert plan.image.reference == template.profile.get("image", plan.image.reference)


@ALL
def test_its_caches_are_known_ones(template: Template) -> None:
    volumes: Any = template.profile.get("volumes", ())
    assert volumes
    assert set(volumes) <= CACHES.keys()


@ALL
def test_an_image_without_an_agent_is_told(template: Template) -> None:
    assert ("no agent" in template.description) == ("image" in template.profile)


def test_graphics_cards_and_shared_memory_are_asked_for_by_machine_learning() -> None:
    plan = Case({"user": section(TEMPLATES["python-ml"])}).plan()
    assert (plan.container.limits.shm, str(plan.container.limits.gpus)) == (1024**3, "all")


@pytest.mark.parametrize("name", ["a", "a.b-c_d", "0", "", ".a", "a b", "a/b", "a\n", "ä", "a" * 63, "a" * 64])
def test_a_name_is_a_name_in_commands_and_in_settings(name: str) -> None:
    assert is_valid(ProfileName, name) == is_valid(Name, name)


def is_valid(kind: Any, name: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(name)
    except ValidationError:
        return False
    return True
