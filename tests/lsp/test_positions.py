"""Positions in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from berth.lsp.buffers import Buffers
from berth.lsp.positions import ENCODINGS, offset_of, position_of, slice_of

TEXT = "a𝄞é\fb\r\nzwei\u2028x\n\nlast"


def place(text: str, offset: int, encoding: str) -> tuple[int, int]:
    """The position of an index: the other way round, written another way."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rsplit("\n", 1)[-1]
    units = {"utf-8": len(line.encode()), "utf-16": len(line.encode("utf-16-le")) // 2, "utf-32": len(line)}
    return before.count("\n"), units[encoding]


@given(st.text(st.sampled_from("ab𝄞é\f\u2028\n"), max_size=40), st.integers(0, 40), st.sampled_from(ENCODINGS))
def test_every_place_in_a_text_is_found_again(text: str, offset: int, encoding: str) -> None:
    offset = min(offset, len(text))
    assert offset_of(text, place(text, offset, encoding), encoding=encoding) == offset
    assert position_of(text, offset, encoding=encoding) == place(text, offset, encoding)


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", (0, 7)), ("utf-16", (0, 4)), ("utf-32", (0, 3))])
def test_the_same_stretch_has_other_numbers_in_each_encoding(encoding: str, end: tuple[int, int]) -> None:
    assert slice_of(TEXT, (0, 1), end, encoding=encoding) == "𝄞é"


def test_only_what_editors_call_a_line_end_ends_a_line() -> None:
    assert slice_of(TEXT, (1, 0), (1, 99), encoding="utf-16") == "zwei\u2028x"
    assert slice_of(TEXT, (3, 0), (9, 9), encoding="utf-16") == "last"


def test_places_outside_the_text_are_clamped() -> None:
    assert offset_of("ab\nc", (0, 99), encoding="utf-16") == 2
    assert offset_of("ab\nc", (99, 0), encoding="utf-16") == 4


def change(start: tuple[int, int], end: tuple[int, int], text: str) -> types.TextDocumentContentChangePartial:
    return types.TextDocumentContentChangePartial(types.Range(types.Position(*start), types.Position(*end)), text)


def test_edits_are_applied_to_the_open_buffer() -> None:
    buffers = Buffers()
    buffers.open("file:///a", "one\ntwo𝄞\n")
    buffers.change(
        "file:///a", [change((1, 0), (1, 3), "2"), change((1, 3), (1, 3), "!"), change((9, 0), (9, 0), "end")]
    )
    assert buffers.text("file:///a") == "one\n2𝄞!\nend"


def test_an_edit_of_a_document_that_is_not_open_is_left_alone() -> None:
    buffers = Buffers()
    buffers.change("file:///a", [types.TextDocumentContentChangeWholeDocument("x")])
    assert buffers.text("file:///a") is None


def test_two_spellings_of_a_file_uri_are_one_document() -> None:
    buffers = Buffers()
    buffers.open("file:///a%20b/%C3%A9.py", "text")
    assert buffers.text("file:///a b/é.py") == "text"
    buffers.close("file:///a%20b/%C3%A9.py")
    assert buffers.text("file:///a b/é.py") is None
