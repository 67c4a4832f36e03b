import json
from pathlib import Path
from typing import Any

import pytest

from berth.agents.catalog import KNOWN_AGENTS
from berth.host.places import images_folder

AGENTS = images_folder() / "agent" / "agents"
BUNDLED = [agent for agent in KNOWN_AGENTS.values() if agent.bundle]
FOLDERS = sorted(folder.name for folder in AGENTS.iterdir())


def read(folder: str, name: str) -> dict[str, Any]:
    return dict(json.loads((AGENTS / folder / name).read_text()))


@pytest.mark.parametrize("agent", BUNDLED, ids=lambda agent: agent.name)
def test_the_image_has_the_command_of_every_agent_that_the_catalog_says_it_has(agent: Any) -> None:
    assert agent.argv[0] in read(agent.bundle, "package.json")["berth"]["commands"]


def test_the_image_has_no_agent_that_the_catalog_does_not_know() -> None:
    assert {agent.bundle for agent in BUNDLED} == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_package_has_a_checksum_and_names_no_registry(folder: str) -> None:
    packages = read(folder, "package-lock.json")["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_asked_for_is_pinned_exactly(folder: str) -> None:
    package = read(folder, "package.json")
    wanted = {**package.get("dependencies", {}), **package.get("optionalDependencies", {})}
    locked = read(folder, "package-lock.json")["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("processor", ["x64", "arm64"])
def test_a_program_made_for_one_processor_is_there_for_both(folder: str, processor: str) -> None:
    commands = read(folder, "package.json")["berth"]["commands"].values()
    locked = read(folder, "package-lock.json")["packages"]
    for program in (command for command in commands if "{arch}" in command):
        package = str(Path(program.replace("{arch}", processor)).parent).removesuffix("/bin")
        assert locked[package]["cpu"] == [processor]
