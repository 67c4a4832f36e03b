import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.settings.jsonc import MAX_NESTING, BadJson, parse_jsonc

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_comments_and_trailing_commas_are_read() -> None:
    text = '{\n// one\n"a": [1, 2,], /* two\n lines */ "b": {"c": 1,},\n}'
    assert parse_jsonc(text)[0] == {"a": [1, 2], "b": {"c": 1}}


def test_what_looks_like_a_comment_in_a_string_stays() -> None:
    assert parse_jsonc('{"a": "http://x/*y*/", "b": ",}", "c": "\\"//"}')[0] == {
        "a": "http://x/*y*/",
        "b": ",}",
        "c": '"//',
    }


def test_every_key_knows_its_line() -> None:
    lines = parse_jsonc('{\n  /* \n */ "a": {\n    "b": [{"c": "}"}],\n    "d": 1 }\n}')[1]
    assert lines == {("a",): 3, ("a", "b"): 4, ("a", "b", "c"): 4, ("a", "d"): 5}


def test_a_byte_order_mark_is_nothing() -> None:
    assert parse_jsonc("\ufeff{}")[0] == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{\n\n!", 3),
        ('{"a": 1\n"b": 2}', 2),
        ("", 1),
        ("{} x", 1),
        ('{"a": "x\ny"}', 1),
        ("[1,,2]", 1),
        ("/* open", 1),
        ("{}\n/* open", 2),
        ("{} /*/", 1),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadJson) as caught:
        parse_jsonc(text)
    assert caught.value.line == line


def test_deep_nesting_is_refused_and_not_recursed_into() -> None:
    with pytest.raises(BadJson, match="nested deeper"):
        parse_jsonc("[" * 200_000)
    assert parse_jsonc("[" * MAX_NESTING + "]" * MAX_NESTING)[0]


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(BadJson, match="too long"):
        parse_jsonc("9" * 10_000)


@pytest.mark.parametrize("part", ["/*", '\\"', '"\\', ",", "/", '{"a":', '"a', ", ", "//\n", "/**/"])
def test_a_hostile_file_takes_no_longer_than_another_of_its_size(part: str) -> None:
    before = time.process_time()
    refused_line('["' + part * (500_000 // len(part)))
    refused_line(part * (500_000 // len(part)))
    assert time.process_time() - before < 5


@given(VALUES)
def test_all_json_means_what_it_means_elsewhere(value: object) -> None:
    assert parse_jsonc(json.dumps(value, indent=1))[0] == value


@given(st.text(alphabet='{}[]",:/*\\\n a1', max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert 0 <= refused_line(text) <= text.count("\n") + 1


def refused_line(text: str) -> int:
    try:
        parse_jsonc(text)
    except BadJson as error:
        return error.line
    return 0


@given(st.dictionaries(st.text(min_size=1), st.integers(), min_size=1))
def test_every_key_is_found_in_the_lines(value: dict[str, int]) -> None:
    lines = parse_jsonc(json.dumps(value, indent=1))[1]
    assert list(lines.values()) == list(range(2, len(value) + 2))
    assert {path[0] for path in lines} == set(value)
