import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.errors import SettingsError
from berth.settings.environment_files import MAX_BYTES, parse_environment

CANARY = "canary"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("A=1\nB = 2\n", {"A": "1", "B": "2"}),
        ("export A=1", {"A": "1"}),
        ("# c\n\nA=1 # c", {"A": "1"}),
        ("A='single # not'\nB=\"d\\nq\"", {"A": "single # not", "B": "d\nq"}),
        ("A='two\nlines'", {"A": "two\nlines"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=", {"A": ""}),
        ("A=$(rm -rf /)\nB=${A}\nC=`x`", {"A": "$(rm -rf /)", "B": "${A}", "C": "`x`"}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
    ],
)
def test_env_files_are_read_as_people_write_them(text: str, variables: dict[str, str]) -> None:
    assert values(text) == variables


def values(text: str) -> dict[str, str]:
    return {name: entry.value for name, entry in parse_environment(text, ".env").items()}


def test_every_variable_knows_the_line_it_begins_in() -> None:
    entries = parse_environment("# c\n\nA='two\nlines'\nexport B=1\n\n\nC=3\nA=4", ".env")
    assert {name: entry.line for name, entry in entries.items()} == {"A": 9, "B": 5, "C": 8}
    assert "lines" not in repr(entries)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A=1\n\nDEBUG\n", ".env:3 names DEBUG without a value."),
        ("export DEBUG", ".env:1 names DEBUG without a value."),
        (f"A B={CANARY}", ".env:1 is not a line of the form NAME=value."),
        (f"\nA-B={CANARY}", ".env:2 has a variable name with characters other than letters, digits and _."),
        (f"1A={CANARY}", ".env:1 has a variable name with characters other than letters, digits and _."),
        (f"A='{CANARY}", ".env:1 is not a line of the form NAME=value."),
        (f"A={CANARY}\0", ".env:1 gives A a value with a NUL character."),
        ("A=" + "x" * MAX_BYTES, ".env is larger than 64 KiB."),
    ],
)
def test_what_cannot_be_used_is_an_error_with_its_line_and_no_value(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_environment(text, ".env")
    assert (caught.value.kind, caught.value.message) == ("bad-env-file", sentence)
    assert CANARY not in str(caught.value)


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert parsed_or_kind(text) in ("", "bad-env-file")


def parsed_or_kind(text: str) -> str:
    try:
        variables = parse_environment(text, ".env")
    except SettingsError as error:
        return error.kind
    return "NUL" if any("\0" in entry.value for entry in variables.values()) else ""


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True), st.from_regex(r"[ -&(-~]*", fullmatch=True)
    )
)
def test_what_is_quoted_comes_back_as_it_was(variables: dict[str, str]) -> None:
    quoted = {name: value.replace("\\", "\\\\") for name, value in variables.items()}
    assert values("".join(f"{name}='{value}'\n" for name, value in quoted.items())) == variables
