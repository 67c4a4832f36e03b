"""What a page shows of a transcript that is too long to be drawn whole."""

from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.recent import LIMIT, STEP, recent

HEAD = 200
"""The sentence above a page is shorter."""


def lines(count: int) -> str:
    return "".join(f"line number {number:07d}\n" for number in range(count))


def test_a_transcript_that_fits_is_shown_as_it_is() -> None:
    assert recent("# scripted\n\nHello.\n", "s1") == "# scripted\n\nHello.\n"


def test_of_a_long_one_the_newest_lines_are_shown_and_where_the_others_are() -> None:
    head, _, rest = recent(lines(100_000), "s1").partition("\n\n")
    assert "transcript.md" in head
    assert "`s1`" in head
    assert rest.startswith("line number ")
    assert rest.endswith("line number 0099999\n")


def test_what_is_added_changes_the_top_seldom() -> None:
    pages = [recent(lines(count), "s1") for count in range(60_000, 60_500, 50)]
    assert len({page[: 2 * HEAD] for page in pages}) <= 2


def test_a_line_without_end_is_cut_as_well() -> None:
    assert len(recent("x" * 4 * LIMIT, "s1")) <= LIMIT + HEAD


@given(st.integers(0, 12), st.integers(-1, 1))
def test_no_page_is_longer_than_it_may_be_nor_shorter_than_it_need_be(steps: int, more: int) -> None:
    page = recent("x" * (LIMIT + steps * STEP + more), "s1")
    assert LIMIT - STEP <= len(page) <= LIMIT + HEAD
