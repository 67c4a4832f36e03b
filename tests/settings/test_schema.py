"""The JSON Schema that editors check settings with."""

import json
from pathlib import Path
from typing import Any

import pytest

from berth.settings.layers import Layer
from berth.settings.resolve import resolve_settings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "settings.schema.json").read_text(encoding="utf-8"))


def fields() -> dict[str, Any]:
    """Every setting's schema by the model it is in and its key."""
    models = {"": SCHEMA, **SCHEMA["$defs"]}
    return {
        f"{model}.{key}": field
        for model, schema in models.items()
        for key, field in schema.get("properties", {}).items()
        if key != "$schema"
    }


@pytest.mark.parametrize("name", fields())
def test_every_setting_is_described(name: str) -> None:
    assert fields()[name]["description"].endswith(".")


def test_unknown_settings_are_marked() -> None:
    assert [name for name, schema in SCHEMA["$defs"].items() if schema["additionalProperties"] is not False] == []
    assert SCHEMA["additionalProperties"] is False


def test_defaults_are_what_is_done_when_nothing_is_set() -> None:
    assert SCHEMA["properties"]["agent"]["default"] == resolve_settings([]).agent.value
    assert "null" not in {str(field.get("default")) for field in fields().values()}


@pytest.mark.parametrize("name", ["agent", "docker", "berth.agent", "berth.docker", "berth.docker.profiles"])
def test_settings_are_known_nested_and_by_full_name(name: str) -> None:
    assert name in SCHEMA["properties"]


def examples() -> list[tuple[str, object]]:
    return [(name, example) for name, field in fields().items() for example in field.get("examples", [])]


@pytest.mark.parametrize(("name", "example"), examples())
def test_every_example_can_be_used(name: str, example: object) -> None:
    model, key = name.rsplit(".", 1)
    inside: dict[str, Any] = {
        "": {key: example},
        "AgentEntry": {"agents": {"mine": {key: example}}},
        "KeyEntry": {"keys": {"MY_KEY": {key: example}}},
        "ProfileEntry": {"docker": {"profiles": {"web": {key: example}}}},
        "DockerSection": {"docker": {key: example}},
        "NetworkSection": {"docker": {"network": {key: example}}},
        "ResourcesSection": {"docker": {"resources": {key: example}}},
        "BuildSection": {"docker": {"profiles": {"web": {"build": {key: example}}}}},
        "CeilingsSection": {"policy": {"resources": {key: example}}},
        "NetworkCeilingsSection": {"policy": {"network": {key: example}}},
        "PolicySection": {"policy": {key: example}},
    }
    raw = {name: example} if name.startswith(".berth.") else inside[model.strip(".")]
    raw = {key.strip("."): value for key, value in raw.items()}
    assert resolve_settings([Layer("user", raw, trusted=True)]).agent.value


def test_an_older_name_is_struck_through_and_works() -> None:
    older = SCHEMA["$defs"]["ProfileEntry"]["properties"]["envVars"]
    assert (older["deprecated"], older["deprecationMessage"]) == (True, "Write `env`.")
    found = resolve_settings([Layer("user", {"docker": {"profiles": {"web": {"envVars": {"A": "1"}}}}})])
    assert found.profiles["web"].env["A"].value == "1"
