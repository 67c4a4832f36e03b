"""The page about settings says what there is."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from berth.agents.catalog import KNOWN_AGENTS
from berth.planning.forwarding import ALWAYS
from berth.planning.workspace import PROTECTED
from berth.settings.model import BerthSection
from berth.settings.network import NetworkSection
from berth.settings.resources import ResourcesSection

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def settings_of(model: type[BaseModel], path: str) -> Iterator[tuple[str, str]]:
    """Every setting's path and description."""
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        key = (
            str(alias.choices[0])
            if alias is not None and not isinstance(alias, str) and hasattr(alias, "choices")
            else name
        )
        yield f"{path}.{key}", field.description or ""
        for inner in models_in(field.annotation):
            if inner in (NetworkSection, ResourcesSection) and ".profiles." in path:
                continue  # the same as for all sessions
            named = "" if inner.__name__.endswith("Section") else ".<name>"
            yield from settings_of(inner, f"{path}.{key}{named}")


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


SETTINGS = dict(settings_of(BerthSection, "berth"))


@pytest.mark.parametrize("setting", [setting for setting in SETTINGS if setting != "berth.docker"])
def test_every_setting_has_a_row_and_a_description(setting: str) -> None:
    assert f"| `{setting}` |" in PAGE
    assert SETTINGS[setting].endswith(".")


def test_no_row_is_about_a_setting_that_does_not_exist() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `berth.")]
    assert set(rows) == set(SETTINGS) - {"berth.docker"}


@pytest.mark.parametrize("name", KNOWN_AGENTS)
def test_every_agent_has_a_row_with_its_variables(name: str) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    common = PAGE[PAGE.index('"Common providers"') :].split("\n\n", 1)[0]
    shown = row + (common if "common providers" in row else "")
    if f"as `{name.removesuffix('-cli')}`" not in row:
        assert not [variable for variable in KNOWN_AGENTS[name].forwarded if f"`{variable}`" not in shown]


@pytest.mark.parametrize("name", [*(name for name in ALWAYS if name.isupper() and "GIT" not in name), *PROTECTED])
def test_what_happens_without_asking_is_told(name: str) -> None:
    assert name in PAGE
