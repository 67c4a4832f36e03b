from hypothesis import given
from hypothesis import strategies as st

from berth.agents.framing import LineSplitter
from tests.agents.slices import sliced


def lines_of(pieces: list[bytes], limit: int = 1000) -> list[bytes]:
    splitter = LineSplitter(limit)
    lines = [line for piece in pieces for line in splitter.feed(piece)]
    return [*lines, splitter.end()]


def test_lines_end_with_lf_or_crlf_and_empty_ones_come_out_too() -> None:
    assert lines_of([b"a\r\nb\n\nc"]) == [b"a", b"b", b"", b"c"]


def test_a_cr_and_lf_in_different_pieces_still_end_one_line() -> None:
    assert lines_of([b"a\r", b"\nb", b"\n"]) == [b"a", b"b", b""]


def test_a_line_at_the_limit_is_whole() -> None:
    assert lines_of([b"x" * 10 + b"\r\n"], limit=10) == [b"x" * 10, b""]


def test_a_longer_line_is_cut_so_that_its_length_tells() -> None:
    cut, after, _ = lines_of([b"x" * 5000 + b"\nnext\n"], limit=10)
    assert (len(cut) > 10, len(cut) <= 12, after) == (True, True, b"next")


def test_a_cr_inside_a_cut_line_does_not_make_it_look_whole() -> None:
    cut, _ = lines_of([b"x" * 10 + b"\ryyy\n"], limit=10)
    assert len(cut) > 10


def test_no_more_than_the_limit_is_held_of_an_endless_line() -> None:
    splitter = LineSplitter(100)
    for _ in range(1000):
        splitter.feed(b"x" * 100)
    assert len(splitter.end()) <= 102


@given(sliced(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"bcd", b"x" * 9]), max_size=60).map(b"".join)))
def test_lines_do_not_depend_on_how_the_input_was_cut(cut: tuple[bytes, list[bytes]]) -> None:
    whole, pieces = cut
    assert lines_of(pieces, limit=12) == lines_of([whole], limit=12)
