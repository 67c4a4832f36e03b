"""Text that others wrote, made fit for a message."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.sanitise import LIMIT, sanitise

HOSTILE = st.lists(
    st.sampled_from(
        ["\x1b[31m", "\x1b]8;;http://x\x07", "\u202e", "\u200b", "](", "[x]", "command:y)", "\n", "a", "] \u200b("]
    )
    | st.characters(),
    max_size=60,
).map("".join)


@given(HOSTILE)
def test_nothing_invisible_and_no_link_is_left(text: str) -> None:
    clean = sanitise(text)
    assert not {unicodedata.category(character) for character in clean} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not re.search(r"\]\(", clean)
    assert len(clean) <= LIMIT


@given(HOSTILE)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert sanitise(sanitise(text)) == sanitise(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Write hello.txt?", "Write hello.txt?"),
        ("diff <(a) <(b) && x[1](2)", "diff <(a) <(b) && x[1] (2)"),
        ("[Fix it](command:workbench.action.quit)", "[Fix it] (command:workbench.action.quit)"),
        ("a\x1b[31mred\x1b[0m\x1b]0;title\x07b", "aredb"),
        ("rm\u200b -rf \u202e/txt.exe", "rm -rf /txt.exe"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("\ud800broken", "broken"),
        ("grün 日本語 🙂", "grün 日本語 🙂"),
    ],
)
def test_examples(text: str, clean: str) -> None:
    assert sanitise(text) == clean


def test_long_text_is_cut_and_says_so() -> None:
    assert sanitise("x" * 1000) == "x" * (LIMIT - 1) + "…"


def test_a_megabyte_of_hostile_text_takes_no_time() -> None:
    assert len(sanitise("\x1b]" * 500_000)) <= LIMIT
