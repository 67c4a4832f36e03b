from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berth.errors import SettingsError
from berth.settings.layers import Layer, editor_layer
from berth.settings.origin import Sourced
from berth.settings.problems import BadSettings
from berth.settings.resolve import resolve_settings

CANARY = "canary-value-never-to-be-seen"


def user(raw: object) -> Layer:
    return Layer("user", raw)


def editor(raw: object) -> Layer:
    return Layer("editor", raw)


def problems(*layers: Layer) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        resolve_settings(layers)
    return [str(problem) for problem in caught.value.problems]


def values(found: Sequence[Sourced[str]]) -> list[str]:
    return [sourced.value for sourced in found]


def test_without_layers_the_agent_is_claude() -> None:
    assert resolve_settings([]).agent.value == "claude"


@pytest.mark.parametrize(
    "raw",
    [
        {"docker": {"defaultImage": "x"}},
        {"docker": {"default_image": "x"}},
        {"docker.defaultImage": "x"},
        {"berth.docker.defaultImage": "x"},
        {"berth.docker": {"defaultImage": "x"}},
        {"berth": {"docker": {"defaultImage": "x"}}},
        {"berth": {"docker.default_image": "x"}},
    ],
)
def test_every_spelling_of_a_setting_is_understood(raw: object) -> None:
    found = resolve_settings([user(raw)]).default_image
    assert found is not None
    assert found.value == "x"


@pytest.mark.parametrize("key", ["env", "envVars", "env_vars"])
def test_variables_of_a_profile_have_three_names(key: str) -> None:
    profile = resolve_settings([user({"docker": {"profiles": {"web": {key: {"A": 1, "B": True}}}}})]).profiles["web"]
    assert {name: value.value for name, value in profile.env.items()} == {"A": "1", "B": "true"}


def test_the_higher_layer_replaces_and_keeps_the_rest() -> None:
    low = user({"agent": "codex", "docker": {"defaultImage": "low", "defaultProfile": "web"}})
    found = resolve_settings([editor({"docker": {"defaultImage": "high"}}), low])
    assert found.default_image is not None
    assert found.default_profile is not None
    assert (found.default_image.value, found.default_image.origin.layer) == ("high", "editor")
    assert (found.default_profile.value, found.agent.value) == ("web", "codex")


def test_env_forwarded_names_and_volumes_add_up() -> None:
    low = user(
        {"docker": {"forwardEnv": ["A"], "profiles": {"web": {"env": {"A": "1", "B": "1"}, "volumes": ["a:/a"]}}}}
    )
    high = editor({"docker": {"forwardEnv": ["!B"], "profiles": {"web": {"env": {"B": "2"}, "volumes": ["b:/b"]}}}})
    found = resolve_settings([low, high])
    profile = found.profiles["web"]
    assert values(found.forward_env) == ["A", "!B"]
    assert values(profile.volumes) == ["a:/a", "b:/b"]
    assert {name: (value.value, value.origin.layer) for name, value in profile.env.items()} == {
        "A": ("1", "user"),
        "B": ("2", "editor"),
    }


def test_agents_merge_by_name() -> None:
    low = user({"agents": {"mine": {"command": ["a", "b"], "dialect": "lines"}}})
    found = resolve_settings([low, editor({"agents": {"mine": {"home": "/home/x"}}})]).agents["mine"]
    assert found.command is not None
    assert found.dialect is not None
    assert found.home is not None
    assert (found.command.value, found.dialect.value, found.home.value) == (("a", "b"), "lines", "/home/x")


def test_null_and_empty_mean_not_set() -> None:
    found = resolve_settings(
        [
            user({"agent": "codex", "docker": {"defaultImage": "x"}}),
            editor({"agent": "", "docker": {"defaultImage": None}}),
        ]
    )
    assert found.agent.value == "codex"
    assert found.default_image is not None


def test_settings_of_the_client_are_not_for_the_server() -> None:
    raw = {"serverCommand": ["berth"], "trace": {"server": "off"}, "agent": "codex"}
    assert resolve_settings([editor(raw)]).agent.value == "codex"
    assert resolve_settings([editor({"berth": raw})]).agent.value == "codex"
    assert resolve_settings([editor({"berth.trace.server": "off"})]).agent.value == "claude"


def test_a_value_is_trusted_as_its_layer_is() -> None:
    raw = {"docker": {"defaultImage": "x"}}
    layers = {trusted: Layer("editor", raw, trusted=trusted) for trusted in (True, False)}
    found = {trusted: resolve_settings([layer]).default_image for trusted, layer in layers.items()}
    assert {trusted: image and image.origin.trusted for trusted, image in found.items()} == {True: True, False: False}
    assert not Layer("editor", raw).trusted


def test_a_place_in_a_file_has_its_line() -> None:
    layer = Layer(
        "user", {"docker": {"default_image": "x"}}, "/f.json", {("docker", "defaultimage"): 7, ("docker",): 6}
    )
    found = resolve_settings([layer]).default_image
    assert found is not None
    assert found.origin.place == "/f.json:7"


@pytest.mark.parametrize("raw", [None, {}])
def test_an_editor_that_gives_nothing_is_no_layer(raw: object) -> None:
    assert editor_layer(raw) is None


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "berth must be an object"),
        ("x", "berth must be an object"),
        ({"agent": 1}, "berth.agent must be a string"),
        ({"berth": 3}, "berth.berth is not a setting"),
        ({"docker": []}, "berth.docker must be an object"),
        (
            {"docker": {"defualtImage": "x"}},
            "berth.docker.defualtImage is not a setting – perhaps “defaultImage” is meant",
        ),
        ({"docker": {"network": 1}}, "berth.docker.network must be an object"),
        ({"docker": {"writable_root": []}}, "berth.docker.writable_root is not supported yet"),
        ({"policy": {"image": []}}, "berth.policy.image is written twice, or in the wrong place"),
        ({"docker": {"profiles": {"web": None}}}, "berth.docker.profiles.web must be an object"),
        ({"docker": {"profiles": {"a b": {}}}}, "berth.docker.profiles.a b is not a name that can be used here"),
        ({"docker": {"profiles": {"w": {"volumes": "a:/b"}}}}, "berth.docker.profiles.w.volumes must be a list"),
        ({"docker": {"profiles": {"w": {"volumes": [""]}}}}, "berth.docker.profiles.w.volumes.0 must not be empty"),
        (
            {"docker": {"forwardEnv": ["A=B"]}},
            "berth.docker.forwardEnv.0 must be a variable's name, or a glob of one with * and ?",
        ),
        ({"agents": {"x": {"image": "a"}}}, "berth.agents.x.image is written twice, or in the wrong place"),
        (
            {"agents": {"x": {"home": "/h", "HOME": "/h"}}},
            "berth.agents.x.HOME is written twice, or in the wrong place",
        ),
        ({"agents": {"x": {"command": []}}}, "berth.agents.x.command must not be empty"),
        ({"agents": {"x": {"dialect": "smoke"}}}, "berth.agents.x.dialect must be 'acp', 'claude' or 'lines'"),
        ({"agents": {"x": {"home": "here"}}}, "berth.agents.x.home must be an absolute path without colons and commas"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_setting(raw: object, sentence: str) -> None:
    assert problems(editor(raw)) == [sentence]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"build": {"Dockerfile": "x"}}, "build.Dockerfile is written twice, or in the wrong place"),
        ({"docker_args": 7}, "docker_args must be a list"),
        ({"dockerArgs": "-e 'x"}, "dockerArgs has a quote that is not closed, or ends in a backslash"),
        ({"resources": []}, "resources must be an object"),
        ({"env": {"A-B": ""}}, "env.A-B is not a name that can be used here"),
        ({"env": {"A": CANARY + "\0"}}, "env.A must not contain a NUL character"),
        ({"env": {"A": [CANARY]}}, "env.A must be a string"),
        ({"env": {"A": "x" * 131_073}}, "env.A is too long"),
        ({"envFile": "a", "env_file": "b"}, "env_file is written twice, or in the wrong place"),
    ],
)
def test_what_cannot_be_used_in_a_profile_is_named_with_its_setting(raw: object, sentence: str) -> None:
    assert problems(editor({"docker": {"profiles": {"web": raw}}})) == [f"berth.docker.profiles.web.{sentence}"]


def test_all_problems_of_all_layers_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        resolve_settings([user({"agnet": "x"}), Layer("workspace", {"agent": 1, "x": 2}, "/w.json", {("x",): 4})])
    assert caught.value.kind == "bad-settings"
    assert len(caught.value.problems) == 3
    assert "3 settings cannot be used" in caught.value.message
    assert "berth.x is not a setting (/w.json:4)" in caught.value.message


def test_a_hostile_key_is_cut_and_made_printable() -> None:
    [problem] = problems(editor({"\x1b[31m" + "k" * 500: 1}))
    assert "\x1b" not in problem
    assert len(problem) < 200


KEYS = st.sampled_from(
    [
        "berth",
        "docker",
        "profiles",
        "agents",
        "env",
        "volumes",
        "web",
        "forwardEnv",
        "berth.docker",
        "docker.profiles.web",
    ]
) | st.text(max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(CANARY) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(ANYTHING, ANYTHING)
@settings(max_examples=300)
def test_no_settings_crash_and_no_value_is_told(low: object, high: object) -> None:
    told = resolved_or_refused(user(low), editor(high))
    assert CANARY not in told


def resolved_or_refused(*layers: Layer) -> str:
    try:
        return repr(resolve_settings(layers))
    except SettingsError as error:
        return str(error) + repr(error)


def test_settings_nested_a_thousand_deep_are_an_error_and_no_crash() -> None:
    deep: object = 1
    for _ in range(900):
        deep = {"docker": deep}
    with pytest.raises(SettingsError):
        resolve_settings([editor(deep), editor({"docker": deep, "berth.docker": deep})])
