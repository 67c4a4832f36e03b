"""The log stream, cut anywhere and taken up again anywhere."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.engine.base import Output
from berth.engine.docker import log_reader
from berth.engine.docker.cursor import REORDERING, Cursor, Mark, nanoseconds, parse_cursor
from berth.engine.docker.log_reader import LogReader
from berth.errors import EngineError

Entry = tuple[int, int, bytes]
BASE = 1_800_000_000_000_000_000


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Entries as an engine keeps them: each stream in order, the two of them not quite; a line's pieces at once."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from([1, 2]), st.sampled_from([0, 0, 1, 7]), st.sampled_from([b"a", b"b\n", b"\n", b"b"])
            )
        )
    )
    times = {1: BASE + 9, 2: BASE + 9 + draw(st.integers(-5, 5))}
    entries = []
    ended = {1: True, 2: True}
    for stream, step, data in steps:
        times[stream] += max(step, ended[stream])
        ended[stream] = data.endswith(b"\n")
        entries.append((stream, times[stream], data))
    return entries


def stamp(time: int, *, digits: int = 9) -> bytes:
    seconds, rest = divmod(time, 1_000_000_000)
    assert seconds == BASE // 1_000_000_000
    return b"2027-01-15T08:00:00" + (b".%09d" % rest)[: digits + 1 if digits else 0] + b"Z"


def frames(entries: list[Entry], *, digits: int = 9) -> bytes:
    out = b""
    for stream, time, data in entries:
        entry = stamp(time, digits=digits) + b" " + data
        out += struct.pack(">BxxxI", stream, len(entry)) + entry
    return out


def served(entries: list[Entry], since: str) -> list[Entry]:
    """What an engine gives for ``since``: whatever is not earlier."""
    seconds, _, rest = since.partition(".")
    limit = int(seconds) * 1_000_000_000 + int(rest or 0)
    return [entry for entry in entries if entry[1] >= limit]


def joined(outputs: list[Output]) -> tuple[bytes, bytes]:
    streams = ("stdout", "stderr")
    return tuple(b"".join(o.data for o in outputs if o.stream == name) for name in streams)  # type: ignore[return-value]  # two streams


def expected(entries: list[Entry]) -> tuple[bytes, bytes]:
    return (
        b"".join(data for stream, _, data in entries if stream == 1),
        b"".join(data for stream, _, data in entries if stream == 2),
    )


@given(logs(), st.lists(st.integers(0, 600), max_size=12))
def test_slicing_changes_neither_bytes_nor_the_last_cursor(entries: list[Entry], cuts: list[int]) -> None:
    data = frames(entries)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    whole, sliced = LogReader(Cursor()), LogReader(Cursor())
    once = whole.receive(data)
    pieces = [o for start, end in pairwise(edges) for o in sliced.receive(data[start:end])]
    assert joined(once) == joined(pieces) == expected(entries)
    assert whole.cursor == sliced.cursor


@given(logs(), st.data())
def test_any_number_of_resumptions_lose_nothing_and_repeat_nothing(entries: list[Entry], data: st.DataObject) -> None:
    outputs: list[Output] = []
    cursor = ""
    for _ in range(data.draw(st.integers(0, 6))):
        reader = LogReader(parse_cursor(cursor))
        stream = frames(served(entries, parse_cursor(cursor).since()))
        outputs += reader.receive(stream[: data.draw(st.integers(0, len(stream)))])
        cursor = outputs[-1].cursor if outputs else ""
    last = LogReader(parse_cursor(cursor))
    outputs += last.receive(frames(served(entries, parse_cursor(cursor).since())))
    assert joined(outputs) == expected(entries)


@given(logs(), st.data())
def test_a_clock_that_is_set_back_loses_nothing_and_repeats_nothing(entries: list[Entry], data: st.DataObject) -> None:
    """An engine whose clock goes back once, and a connection that ends anywhere, before or after that."""
    step = data.draw(st.integers(0, len(entries)))
    entries = [(stream, time + 900_000_000 * (at < step), text) for at, (stream, time, text) in enumerate(entries)]
    outputs: list[Output] = []
    cursor = Cursor()
    for end in [*sorted(data.draw(st.lists(st.integers(0, len(entries)), max_size=4))), len(entries)]:
        reader = LogReader(parse_cursor(str(cursor)))
        if end > step:  # what an engine's own time tells
            reader.set_back()
            reader = LogReader(reader.cursor)
        outputs += reader.receive(frames(served(entries[:end], reader.cursor.since())))
        cursor = reader.cursor
    assert joined(outputs) == expected(entries)


def test_an_earlier_stamp_of_the_same_stream_tells_that_the_clock_was_set_back() -> None:
    reader = LogReader(Cursor())
    reader.receive(frames([(1, BASE + 5, b"a"), (2, BASE, b"b")]))
    assert not reader.cursor.is_set_back
    reader.receive(frames([(1, BASE + 4, b"c")]))
    assert parse_cursor(str(reader.cursor)) == reader.cursor
    assert reader.cursor.is_set_back


def test_where_nobody_counted_a_clock_that_was_set_back_changes_nothing() -> None:
    reader = LogReader(parse_cursor(f"{stamp(BASE + 5).decode()}*1,*0"))
    reader.set_back()
    assert reader.cursor.since() == parse_cursor(f"{stamp(BASE + 5).decode()}*1,*0").since()


@given(logs())
def test_an_engine_that_tells_only_seconds_is_read_as_exactly(entries: list[Entry]) -> None:
    """Podman's API does; every entry of a second then has the same stamp."""
    entries = [(stream, BASE, data) for stream, _, data in entries]
    data = frames(entries, digits=0)
    for length in range(0, len(data), 7):
        first = LogReader(Cursor())
        outputs = first.receive(data[:length])
        outputs += LogReader(first.cursor).receive(data)
        assert joined(outputs) == expected(entries)


@given(logs())
def test_every_output_carries_the_cursor_right_after_it(entries: list[Entry]) -> None:
    data = frames(entries)
    outputs = LogReader(Cursor()).receive(data)
    for place, output in enumerate(outputs):
        rest = LogReader(parse_cursor(output.cursor)).receive(data)
        assert joined(rest) == joined(outputs[place + 1 :])


def test_neighbouring_entries_of_one_stream_are_one_output() -> None:
    entries = [(1, BASE + number, b"line\n") for number in range(100)]
    assert len(LogReader(Cursor()).receive(frames(entries))) == 1


def test_a_long_line_comes_back_whole_from_its_pieces() -> None:
    pieces = [(1, BASE, b"x" * 16_384), (1, BASE, b"x" * 16_384), (1, BASE, b"end\n")]
    (output,) = LogReader(Cursor()).receive(frames(pieces))
    assert output.data == b"x" * 32_768 + b"end\n"


def test_what_the_engine_says_of_itself_is_an_error() -> None:
    said = b"error from daemon in stream: Error grabbing logs"
    with pytest.raises(EngineError, match="Error grabbing logs"):
        LogReader(Cursor()).receive(struct.pack(">BxxxI", 3, len(said)) + said)


def test_what_is_no_log_stream_is_an_error() -> None:
    with pytest.raises(EngineError):
        LogReader(Cursor()).receive(b"<html>this is a proxy's own page</html>")


def test_a_silent_stream_does_not_bring_the_whole_log_back() -> None:
    cursor = Cursor(Mark(stamp(BASE), 1), Mark(b"2027-01-15T07:00:00Z", 1))
    assert cursor.since() == f"{(BASE - REORDERING) // 1_000_000_000}.000000000"


@pytest.mark.parametrize("text", ["nonsense", "a*b,c*d", "2027*1,*0", "*0"])
def test_a_cursor_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(EngineError):
        parse_cursor(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [(b"2027-01-15T08:00:00Z", 0), (b"2027-01-15T09:00:00.5+01:00", 500_000_000), (stamp(BASE + 7), 7)],
)
def test_times_are_read_with_any_zone_and_precision(text: bytes, rest: int) -> None:
    assert nanoseconds(text) == BASE + rest


@given(logs(), st.integers(0, 20), st.integers(0, 20))
def test_a_file_that_an_engine_sends_again_from_its_beginning_is_read_once(
    entries: list[Entry], begins: int, reached: int
) -> None:
    begins, reached = sorted((min(begins, len(entries)), min(reached, len(entries))))
    again = entries[begins:reached]
    if not (ends_in_lines(entries[:begins]) and ends_in_lines(entries[:reached])):
        return  # a file begins and ends with whole lines, but for the very longest
    outputs = LogReader(Cursor()).receive(frames([*entries[:reached], *again, *entries[reached:]]))
    if {stream for stream, _, _ in again[:1]} == {stream for stream, _, _ in again}:
        assert joined(outputs) == expected(entries)


def ends_in_lines(entries: list[Entry]) -> bool:
    newest = {stream: data for stream, _, data in entries}
    return all(data.endswith(b"\n") for data in newest.values())


def test_a_line_that_is_sent_again_at_once_is_read_once() -> None:
    entries = [(1, BASE, b"one\n"), (1, BASE + 1, b"two\n")]
    outputs = LogReader(Cursor()).receive(frames([*entries, entries[1], (1, BASE + 2, b"three\n")]))
    assert joined(outputs)[0] == b"one\ntwo\nthree\n"


def test_a_clock_that_is_put_back_loses_nothing() -> None:
    entries = [(1, BASE + 1_000, b"one\n"), (2, BASE + 1_000, b"err\n"), (1, BASE, b"two\n"), (2, BASE + 7, b"err\n")]
    assert joined(LogReader(Cursor()).receive(frames(entries))) == (b"one\ntwo\n", b"err\nerr\n")


def test_what_is_known_again_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "REMEMBERED", 2)
    reader = LogReader(Cursor())
    entries = [(1, BASE + number, b"x\n") for number in range(9)]
    assert joined(reader.receive(frames(entries))) == expected(entries)
    assert joined(reader.receive(frames(entries[-2:]))) == (b"", b"")
