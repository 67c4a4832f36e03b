"""Finding and reading the file, and what cannot be used."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berth.errors import SettingsError
from berth.settings.devcontainers.find import find_devcontainer
from berth.settings.devcontainers.map import devcontainer_of
from berth.settings.devcontainers.read import read_devcontainer
from berth.settings.devcontainers.substitute import Substitution
from berth.settings.origin import Origin, Sourced

ORIGIN = Origin("user", "settings.json:3")
USUAL, DOTTED, NAMED = ".devcontainer/devcontainer.json", ".devcontainer.json", ".devcontainer/py/devcontainer.json"


def write(workspace: Path, *names: str, text: str = "{}") -> None:
    for name in names:
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text)


def found(workspace: Path, named: str = "") -> str | None:
    path = find_devcontainer(workspace, Sourced(named or True, ORIGIN))
    return str(path.relative_to(workspace)) if path else None


@pytest.mark.parametrize(
    ("there", "expected"),
    [((USUAL, DOTTED, NAMED), USUAL), ((DOTTED, NAMED), DOTTED), ((NAMED,), NAMED), ((), None)],
)
def test_files_are_looked_for_in_the_specifications_order(
    there: tuple[str, ...], expected: str | None, tmp_path: Path
) -> None:
    write(tmp_path, *there)
    assert found(tmp_path) == expected


def test_nothing_is_looked_for_where_it_is_switched_off(tmp_path: Path) -> None:
    write(tmp_path, USUAL)
    assert find_devcontainer(tmp_path, Sourced(value=False, origin=ORIGIN)) is None


@pytest.mark.parametrize("wanted", [NAMED, ".devcontainer/py", "./.devcontainer/py/"])
def test_one_of_several_is_named_by_its_path_or_its_folder(wanted: str, tmp_path: Path) -> None:
    write(tmp_path, USUAL, NAMED)
    assert found(tmp_path, wanted) == NAMED


def test_several_without_a_name_are_listed(tmp_path: Path) -> None:
    write(tmp_path, NAMED, ".devcontainer/js/devcontainer.json")
    with pytest.raises(SettingsError) as caught:
        found(tmp_path)
    assert caught.value.kind == "bad-devcontainer"
    assert NAMED in caught.value.message


def test_a_named_file_that_is_not_there_names_who_named_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        found(tmp_path, "other.json")
    assert "settings.json:3" in caught.value.message


@pytest.mark.parametrize("way", ["link", "folder", "dots"])
def test_a_file_elsewhere_is_not_read(way: str, tmp_path: Path) -> None:
    workspace, outside = tmp_path / "workspace", tmp_path / "outside"
    workspace.mkdir()
    write(outside, "devcontainer.json")
    wanted = ""
    if way == "link":
        (workspace / ".devcontainer.json").symlink_to(outside / "devcontainer.json")
    elif way == "folder":
        (workspace / ".devcontainer").symlink_to(outside)
    else:
        wanted = "../outside/devcontainer.json"
    with pytest.raises(SettingsError) as caught:
        found(workspace, wanted)
    assert "outside of the workspace" in caught.value.message


def sentence(tmp_path: Path, text: str) -> str:
    write(tmp_path, USUAL, text=text)
    with pytest.raises(SettingsError) as caught:
        devcontainer_of(read_devcontainer(tmp_path / USUAL), Substitution(tmp_path, {"SECRET": "canary-value"}))
    assert caught.value.kind == "bad-devcontainer"
    assert "canary" not in str(caught.value)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{\n  oops", ":2 is not JSON with comments"),
        ("[]", "is not a JSON object"),
        ('{\n"image": 3}', "image ("),
        ('{"build": {\n"args": ["canary"]}}', "build.args ("),
        ('{"mounts": [{"source": "canary"}]}', "mounts ("),
        ('{"containerEnv": {"A": {"canary": 1}}}', "containerEnv.A ("),
        ('{"postCreateCommand": {"a": {"b": "c"}}}', "postCreateCommand"),
        ('{\n\n"image": "a:${localEnv:SECRET}"}', ":3 uses ${localEnv:SECRET}"),
        ('{"build": {"dockerfile": "D", "args": {"A": "${localEnv:SECRET}"}}}', "uses ${localEnv:SECRET}"),
        ('{"runArgs": ["--label=${localEnv:SECRET}"]}', "uses ${localEnv:SECRET}"),
        ('{"postCreateCommand": "curl ${localEnv:SECRET}"}', "uses ${localEnv:SECRET}"),
        ('{"postCreateCommand": [""]}', "cannot be run"),
        ('{"containerEnv": {"A B": "c"}}', "has a name that none can have"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_with_its_line(text: str, expected: str, tmp_path: Path) -> None:
    assert expected in sentence(tmp_path, text)


def test_a_fifo_holds_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "devcontainer.json")
    with pytest.raises(SettingsError, match="not a plain file"):
        read_devcontainer(tmp_path / "devcontainer.json")


KEYS = ["image", "build", "mounts", "runArgs", "containerEnv", "remoteEnv", "postCreateCommand", "features", "x"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("${localEnv:HOME:x}${containerEnv:A}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.dictionaries(st.sampled_from(KEYS), json_values, max_size=4))
def test_whatever_stands_in_it_comes_out_or_is_a_sentence(raw: dict[str, object], tmp_path: Path) -> None:
    write(tmp_path, USUAL, text=json.dumps(raw))
    with contextlib.suppress(SettingsError):
        assert devcontainer_of(read_devcontainer(tmp_path / USUAL), Substitution(tmp_path, {"HOME": "/home/ada"}))
