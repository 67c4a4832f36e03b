"""Edits of settings files: exactly what was meant changes, and everything else stands byte for byte."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berth.settings.editing import profiles
from berth.settings.editing.draft import Draft
from berth.settings.editing.profiles import DottedName
from berth.settings.editing.standing import CODE_WORKSPACE, USER_FILE, WORKSPACE_FILE, Shape
from berth.settings.editing.tree import Node, read_tree
from berth.settings.jsonc import BadJson, parse_jsonc
from berth.settings.layers import Layer

TEAM = """\ufeff{
\t// what we all use\r
\t"editor.tabSize": 2, /* two */
\t"berth.docker.profiles": {
\t\t// the site
\t\t"web": {
\t\t\t"image": "node:22-bookworm", // pinned
\t\t\t"env": { "URL": "http://x//y" },
\t\t}, // web ends here
\t\t"api": { "extends": ["web"] }, // no comma is missing

\t\t/* last words */
\t},
\t"berth.docker.defaultProfile": "web",
}
// end
"""


def draft(text: str, shape: Shape = WORKSPACE_FILE) -> Draft:
    return Draft(text, shape)


def section(text: str, shape: Shape = WORKSPACE_FILE) -> Any:
    """The section ``berth`` as the settings are read from it."""
    raw: Any = parse_jsonc(text)[0]
    for key in shape.under:
        raw = raw[key]
    return Layer("workspace", raw).section()


def test_a_profile_is_added_last_and_nothing_else_changes() -> None:
    added = profiles.with_profile(draft(TEAM), "docs", {"image": "python:3", "volumes": ["pip"]}).text
    new = '\n\t\t"docs": {\n\t\t\t"image": "python:3",\n\t\t\t"volumes": ["pip"]\n\t\t},'
    assert added.replace(new, "") == TEAM
    assert added.index("no comma is missing") < added.index('"docs"') < added.index("last words")


def test_a_profile_is_removed_with_its_lines_and_comments_around_it_stay() -> None:
    removed = profiles.without_profile(draft(TEAM), "api").text
    assert removed == TEAM.replace('"api": { "extends": ["web"] }, // no', "// no")


def test_removing_the_default_profile_takes_the_setting_along() -> None:
    removed = profiles.without_profile(draft(TEAM), "web").text
    assert "defaultProfile" not in removed
    assert "// the site" in removed
    assert "// web ends here" in removed
    assert section(removed)["docker"] == {"profiles": {"api": {"extends": ["web"]}}}


def test_a_rename_is_followed_by_extends_and_by_the_default() -> None:
    changed = profiles.renamed(draft(TEAM), "web", "site").text
    expected = TEAM.replace('"web": {', '"site": {').replace('["web"]', '["site"]').replace('": "web"', '": "site"')
    assert changed == expected


def test_a_copy_keeps_the_comments_that_are_in_it() -> None:
    team = draft(TEAM)
    copy = profiles.verbatim(team, "web")
    added = profiles.with_profile(team, "web2", copy).text
    assert added.count("// pinned") == 2
    assert section(added)["docker"]["profiles"]["web2"] == section(TEAM)["docker"]["profiles"]["web"]


def test_a_copy_into_another_file_takes_on_its_indentation_and_line_ends() -> None:
    copy = profiles.verbatim(draft(TEAM), "web")
    user = '{\r\n  "docker": {\r\n    "profiles": {}\r\n  }\r\n}\r\n'
    added = profiles.with_profile(draft(user, USER_FILE), "web", copy).text
    assert '\r\n      "web": {\r\n      \t"image": "node:22-bookworm", // pinned\r\n' in added
    assert not re.search("[^\r]\n", added)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '{\n    "berth.docker.profiles": {\n        "a": {}\n    }\n}\n'),
        ("{}", '{\n    "berth.docker.profiles": {\n        "a": {}\n    }\n}'),
        ('{"x": 1}', '{"x": 1,\n    "berth.docker.profiles": {\n        "a": {}\n    }\n}'),
        ('{ "x": 1, }', '{ "x": 1,\n    "berth.docker.profiles": {\n        "a": {}\n    },\n}'),
        ('{\n  "x": 1 // y\n}', '{\n  "x": 1, // y\n  "berth.docker.profiles": {\n    "a": {}\n  }\n}'),
        ('{\r\n  "x": 1\r\n}', '{\r\n  "x": 1,\r\n  "berth.docker.profiles": {\r\n    "a": {}\r\n  }\r\n}'),
        ("{\n  // y\n}", '{\n  // y\n    "berth.docker.profiles": {\n        "a": {}\n    }\n}'),
        ('{"berth.docker.profiles": null}', '{"berth.docker.profiles": {\n    "a": {}\n}}'),
        ('{"berth.docker": {"profiles": {}}}', '{"berth.docker": {"profiles": {\n    "a": {}\n}}}'),
        ('{"berth": {"docker": {}}}', '{"berth": {"docker": {\n    "profiles": {\n        "a": {}\n    }\n}}}'),
        ('{"berth": {"docker.profiles": {}}}', '{"berth": {"docker.profiles": {\n    "a": {}\n}}}'),
        (
            '{"berth": {}}',
            '{"berth": {\n    "docker": {\n        "profiles": {\n            "a": {}\n        }\n    }\n}}',
        ),
        ('{"berth.docker.profiles.a": 1}', '{"berth.docker.profiles.a": {}}'),
    ],
)
def test_a_profile_is_put_where_others_stand_in_the_spelling_of_the_file(before: str, after: str) -> None:
    assert profiles.with_profile(draft(before), "a", {}).text == after
    assert section(after) == {"docker": {"profiles": {"a": {}}}} | ({"x": 1} if '"x"' in before else {})


def test_the_users_file_needs_no_prefix() -> None:
    added = profiles.with_profile(draft('{\n  "agent": "codex"\n}', USER_FILE), "a", {}).text
    assert added == '{\n  "agent": "codex",\n  "docker": {\n    "profiles": {\n      "a": {}\n    }\n  }\n}'


def test_only_the_settings_of_a_code_workspace_are_looked_at() -> None:
    text = '{"berth.docker.profiles": {"a": {}}, "settings": {"berth.docker.profiles": {"a": {"image": "x"}}}}'
    changed = profiles.renamed(draft(text, CODE_WORKSPACE), "a", "b").text
    assert changed == text.replace('{"a": {"image"', '{"b": {"image"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"berth.docker.profiles": {"a": {}, "b": {}}}', '{"berth.docker.profiles": {"b": {}}}'),
        ('{"berth.docker.profiles": {"b": {}, "a": {}}}', '{"berth.docker.profiles": {"b": {}}}'),
        ('{"berth.docker.profiles": { "b": {}, "a": {} }}', '{"berth.docker.profiles": { "b": {} }}'),
        ('{"berth.docker.profiles": {"a": {}, "b": {}, }}', '{"berth.docker.profiles": {"b": {}, }}'),
        ('{"berth.docker.profiles": {"b": {}, // b\n "a": {}}}', '{"berth.docker.profiles": {"b": {} // b\n}}'),
        ('{"berth.docker.profiles": {"a": {} /*,*/ , "b": {}}}', '{"berth.docker.profiles": {/*,*/  "b": {}}}'),
        ('{\n"berth.docker.profiles.a.image": "x",\n"berth.docker.profiles.a": {}\n}', "{\n}"),
        ('{"berth.docker.profiles": {"a": {}, "a": {}}}', '{"berth.docker.profiles": {}}'),
        ('{"berth.docker.profiles": {"\\u0061": {}}}', '{"berth.docker.profiles": {}}'),
    ],
)
def test_every_part_of_a_removed_profile_goes(before: str, after: str) -> None:
    assert profiles.without_profile(draft(before), "a").text == after


def test_a_profile_in_thousands_of_parts_is_left_alone() -> None:
    text = json.dumps({f"berth.docker.profiles.a.x{number}": 1 for number in range(2000)})
    with pytest.raises(BadJson, match="more than 64 parts"):
        profiles.without_profile(draft(text), "a")


def test_parts_under_dotted_keys_are_renamed_where_they_stand() -> None:
    text = (
        '{"berth.docker.profiles.a.image": "x", "berth.docker.profiles.a": {}, "berth": {"docker.profiles.a.agent": 1}}'
    )
    assert profiles.renamed(draft(text), "a", "b").text == text.replace("profiles.a", "profiles.b")


def test_a_dotted_key_cannot_hold_a_name_with_dots() -> None:
    with pytest.raises(DottedName) as caught:
        profiles.renamed(draft('{\n"berth.docker.profiles.a": {}}'), "a", "b.c")
    assert caught.value.line == 2


def test_a_name_with_dots_is_one_key() -> None:
    text = '{"berth.docker.profiles": {"my.web": {}, "my": {}}}'
    assert profiles.without_profile(draft(text), "my.web").text == '{"berth.docker.profiles": {"my": {}}}'


def test_the_default_is_set_where_it_stands_in_its_own_spelling() -> None:
    text = '{"berth": {"docker": {"default_profile": null /* none */}}}'
    assert profiles.with_default(draft(text), "a").text == text.replace("null", '"a"')
    assert profiles.with_default(draft("{}"), None).text == "{}"


@pytest.mark.parametrize("text", ['{"berth.docker": 3}', "[]", "3", "{", "// nothing", '{"berth": {,}}', "{,}"])
def test_what_cannot_be_edited_is_an_error_and_not_overwritten(text: str) -> None:
    with pytest.raises(BadJson):
        profiles.with_profile(draft(text), "a", {})


NAMES = st.sampled_from(["a", "b", "c", "x.y", "web"])
SCALARS = st.sampled_from(["1", "true", "null", '"s"', '"//"', '"/*,}"', "-1.5e3", '"\\u0061\\""', '""'])
COMMENTS = st.sampled_from(["", "", " ", "\n", "\n  ", "\r\n\t", " // c,}\n", "/* } */", " /* a\n b */ ", " // c\r\n"])
KEYS = st.sampled_from(["editor.tabSize", "extends", "image", "$schema", "a b", "berthing"])


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[tuple[str, str]]) -> str:
    """The text of an object with comments, blanks and commas wherever they may be."""
    parts = draw(st.lists(members, max_size=4, unique_by=lambda member: member[0]))
    lines = [
        f"{draw(COMMENTS)}{json.dumps(key)}{draw(COMMENTS)}:{draw(COMMENTS)}{value}{draw(COMMENTS)}"
        for key, value in parts
    ]
    comma = draw(st.sampled_from(["", ","])) if lines else ""
    return "{" + ",".join(lines) + comma + draw(COMMENTS) + "}"


VALUES = SCALARS | objects(st.tuples(KEYS, SCALARS)) | st.just('["a", // x\n "web",]')
PROFILE_OBJECTS = objects(st.tuples(NAMES, objects(st.tuples(KEYS, VALUES))))
DOCKERS = objects(
    st.tuples(st.just("profiles"), PROFILE_OBJECTS) | st.tuples(st.just("defaultProfile"), NAMES.map(json.dumps))
)
OURS = (
    st.tuples(st.just("berth.docker.profiles"), PROFILE_OBJECTS)
    | st.tuples(st.just("berth.docker"), DOCKERS)
    | st.tuples(st.just("berth"), objects(st.tuples(st.just("docker"), DOCKERS)))
    | st.tuples(st.just("berth.docker.defaultProfile"), NAMES.map(json.dumps))
    | st.tuples(st.just("berth.docker.profiles.web"), objects(st.tuples(KEYS, VALUES)))
    | st.tuples(st.just("berth.docker.profiles.web.image"), SCALARS)
)
FILES = st.tuples(st.sampled_from(["", "\ufeff"]), COMMENTS, objects(OURS | st.tuples(KEYS, VALUES)), COMMENTS).map(
    "".join
)


def outside(text: str) -> list[str]:
    """What is not between quotes, in order: comments and marks that an edit elsewhere may not lose."""
    return re.findall(r"//[^\n]*?(?=\r?\n|$)|/\*.*?\*/", re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text), re.DOTALL)


def expected(text: str) -> Any:
    value = section(text)
    assert isinstance(value, dict)
    return json.loads(json.dumps(value))


@settings(deadline=None)  # a busy machine is no mistake
@given(FILES)
def test_an_added_profile_is_all_that_changes(text: str) -> None:
    before = expected(text)
    after = profiles.with_profile(draft(text), "new", {"env": {"A": "1"}, "volumes": ["npm"]}).text
    before.setdefault("docker", {}).setdefault("profiles", {})["new"] = {"env": {"A": "1"}, "volumes": ["npm"]}
    assert expected(after) == before
    assert outside(after) == outside(text)
    assert is_inserted(text, after)


def is_inserted(before: str, after: str) -> bool:
    """Whether the text only grew: every character is still there in its order, but for blanks before a brace."""
    blank = re.compile(r"[ \t]+(?=\})")
    characters = iter(blank.sub("", after))
    return all(character in characters for character in blank.sub("", before))


@settings(deadline=None)  # a busy machine is no mistake
@given(FILES, NAMES)
def test_a_removed_profile_is_all_that_goes(text: str, name: str) -> None:
    before = expected(text)
    after = profiles.without_profile(draft(text), name).text
    docker = before.get("docker", {})
    docker.get("profiles", {}).pop(name, None)
    if docker.get("defaultProfile") == name:  # another one may stand in the file, and counts from now on
        docker["defaultProfile"] = expected(after).get("docker", {}).get("defaultProfile", {})
        assert docker["defaultProfile"] != name
    assert without_empty(expected(after)) == without_empty(before)
    assert all(comment in outside(text) for comment in outside(after))
    assert profiles.names_in(draft(after)) == profiles.names_in(draft(text)) - {name}


def without_empty(value: Any) -> Any:
    """Objects that the last member was taken from may stay or not."""
    docker = {key: inner for key, inner in value.get("docker", {}).items() if inner != {}}
    return {**value, "docker": docker} if docker else {key: inner for key, inner in value.items() if key != "docker"}


@settings(deadline=None)  # a busy machine is no mistake
@given(FILES, NAMES)
def test_a_renamed_profile_keeps_everything_but_its_name(text: str, name: str) -> None:
    before = expected(text)
    after = profiles.renamed(draft(text), name, "new").text
    swapped = json.loads(json.dumps(before))
    docker = swapped.get("docker", {})
    docker["profiles"] = {("new" if key == name else key): value for key, value in docker.get("profiles", {}).items()}
    for value in docker["profiles"].values():
        follow(value, name)
    if docker.get("defaultProfile") == name:
        docker["defaultProfile"] = "new"
    assert without_empty(expected(after)) == without_empty({**swapped, "docker": docker})
    assert outside(after) == outside(text)


def follow(profile: Any, name: str) -> None:
    parents = profile.get("extends") if isinstance(profile, dict) else None
    if parents == name:
        profile["extends"] = "new"
    elif isinstance(parents, list):
        profile["extends"] = ["new" if parent == name else parent for parent in parents]


@settings(deadline=None)  # a busy machine is no mistake
@given(FILES, NAMES)
def test_the_default_is_set_and_nothing_else(text: str, name: str) -> None:
    before = expected(text)
    before.setdefault("docker", {})["defaultProfile"] = name
    after = profiles.with_default(draft(text), name).text
    assert expected(after) == before
    assert outside(after) == outside(text)
    again = expected(profiles.with_default(draft(after), None).text)
    assert "defaultProfile" not in again.get("docker", {})


@settings(deadline=None)  # a busy machine is no mistake
@given(FILES)
def test_every_value_of_the_tree_is_that_stretch_of_the_text(text: str) -> None:
    for node in nodes(read_tree(text)):
        parse_jsonc(text[node.start : node.end])


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for inner in (*node.items, *(member.value for member in node.members)):
        yield from nodes(inner)
