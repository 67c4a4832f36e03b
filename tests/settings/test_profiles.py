"""Profiles that extend profiles."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from berth.settings.files import file_layers
from berth.settings.layers import Layer
from berth.settings.problems import BadSettings
from berth.settings.profiles import MAX_DEPTH
from berth.settings.resolve import resolve_settings
from berth.settings.settings import Profile


def profile(profiles: Mapping[str, object], name: str = "web") -> Profile:
    return resolve_settings([Layer("user", {"docker": {"profiles": profiles}})]).profiles[name]


def sentence(profiles: Mapping[str, object], name: str = "web") -> str:
    with pytest.raises(BadSettings) as caught:
        profile(profiles, name)
    return caught.value.message


def test_a_profile_has_what_its_parent_has() -> None:
    found = profile({"base": {"image": "node:22", "agent": "codex"}, "web": {"extends": "base"}})
    assert found.image is not None
    assert found.agent is not None
    assert (found.image.value, found.agent.value, found.inherits) == ("node:22", "codex", ("base",))


def test_what_the_child_says_wins_and_keeps_its_place() -> None:
    found = profile({"base": {"image": "low", "envFile": ".low"}, "web": {"extends": "base", "image": "high"}})
    assert found.image is not None
    assert found.env_file is not None
    assert (found.image.value, found.image.origin.place) == ("high", "berth.docker.profiles.web.image")
    assert (found.env_file.value, found.env_file.origin.place) == (".low", "berth.docker.profiles.base.envFile")


def test_variables_merge_by_name_and_lists_add_up_parents_first() -> None:
    found = profile(
        {
            "base": {"env": {"A": "1", "B": "1"}, "forwardEnv": ["X"], "volumes": ["a:/a"]},
            "web": {"extends": "base", "env": {"B": "2"}, "forwardEnv": ["!X"], "volumes": ["b:/b"]},
        }
    )
    assert {name: value.value for name, value in found.env.items()} == {"A": "1", "B": "2"}
    assert [value.value for value in found.forward_env] == ["X", "!X"]
    assert [value.value for value in found.volumes] == ["a:/a", "b:/b"]


def test_of_several_parents_the_later_one_wins() -> None:
    found = profile({"a": {"image": "a"}, "b": {"image": "b"}, "web": {"extends": ["a", "b"]}})
    assert found.image is not None
    assert found.image.value == "b"


def test_a_profile_that_two_parents_extend_counts_once_and_below_both() -> None:
    found = profile(
        {
            "base": {"image": "base", "volumes": ["x:/x"]},
            "a": {"extends": "base", "image": "a"},
            "b": {"extends": "base"},
            "web": {"extends": ["a", "b"]},
        }
    )
    assert found.image is not None
    assert found.image.value == "a"
    assert found.inherits == ("base", "a", "b")
    assert [value.value for value in found.volumes] == ["x:/x"]


def test_layers_of_a_parent_come_together_before_the_child() -> None:
    user = Layer("user", {"docker": {"profiles": {"base": {"image": "user"}, "web": {"image": "own"}}}})
    workspace = Layer(
        "workspace", {"docker": {"profiles": {"base": {"image": "team", "agent": "codex"}, "web": {"extends": "base"}}}}
    )
    found = resolve_settings([user, workspace]).profiles["web"]
    assert found.image is not None
    assert found.agent is not None
    assert (found.image.value, found.agent.value, found.agent.origin.layer) == ("own", "codex", "workspace")


def test_a_higher_layer_replaces_what_is_extended() -> None:
    profiles = {"a": {"image": "a"}, "b": {"image": "b"}, "web": {"extends": "a"}}
    user = Layer("user", {"docker": {"profiles": profiles}})
    editor = Layer("editor", {"docker": {"profiles": {"web": {"extends": ["b"]}}}})
    assert resolve_settings([user, editor]).profiles["web"].inherits == ("b",)


@pytest.mark.parametrize("nothing", ["", None, []])
def test_nothing_extended_is_no_parent(nothing: object) -> None:
    assert profile({"web": {"extends": nothing}}).inherits == ()


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [
        (
            {"web": {"extends": "bsae"}, "base": {}},
            "berth.docker.profiles.web.extends names “bsae”, which is no profile – perhaps “base” is meant.",
        ),
        ({"web": {"extends": "web"}}, "berth.docker.profiles.web.extends closes a circle: web → web."),
        (
            {"web": {"extends": "a"}, "a": {"extends": ["b"]}, "b": {"extends": "a"}},
            "berth.docker.profiles.b.extends closes a circle: a → b → a.",
        ),
        (
            {"web": {"extends": "a"}, "a": {"extends": "gone"}},
            "berth.docker.profiles.a.extends names “gone”, which is no profile.",
        ),
    ],
)
def test_a_broken_chain_is_named_where_it_breaks(profiles: Mapping[str, object], expected: str) -> None:
    assert sentence(profiles) == expected


def chain(links: int) -> dict[str, object]:
    """Profiles ``p0`` (no parent) to the last one, each extending the one before."""
    return {f"p{i}": {"extends": f"p{i - 1}"} if i else {"image": "x"} for i in range(links)}


def test_a_chain_may_be_as_deep_as_the_limit() -> None:
    assert len(profile(chain(MAX_DEPTH), f"p{MAX_DEPTH - 1}").inherits) == MAX_DEPTH - 1


def test_a_chain_that_is_too_deep_is_refused() -> None:
    assert sentence(chain(MAX_DEPTH + 1), f"p{MAX_DEPTH}").startswith(
        f"berth.docker.profiles.p{MAX_DEPTH}.extends is a chain of more than {MAX_DEPTH} profiles"
    )


def test_a_broken_profile_does_no_harm_to_the_others() -> None:
    assert profile({"broken": {"extends": "gone"}, "web": {"image": "x"}}).image is not None


def test_a_broken_chain_in_a_file_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / ".vscode" / "settings.json"
    file.parent.mkdir()
    file.write_text('{\n  "berth.docker.profiles": {\n    "web": {\n      "extends": "gone"\n    }\n  }\n}\n')
    profiles = resolve_settings(file_layers(tmp_path, editor_gave=False)).profiles
    with pytest.raises(BadSettings, match=r"settings\.json:4\)"):
        _ = profiles["web"]


@pytest.mark.parametrize("wrong", [1, {"a": "b"}, [1], ["a/b"], "a b"])
def test_extends_of_a_wrong_type_is_an_error(wrong: object) -> None:
    with pytest.raises(BadSettings, match=r"berth\.docker\.profiles\.web\.extends"):
        profile({"web": {"extends": wrong}})
