"""How much a program prints, told from when it printed it."""

from hypothesis import given
from hypothesis import strategies as st

from berth.sessions.ceilings.flow import BURST_SECONDS, LINE_BYTES, Flow

RATE = 1000


def test_a_burst_is_let_pass_and_more_is_not() -> None:
    flow = Flow(RATE)
    assert not flow.add(b"x" * int(RATE * BURST_SECONDS), at=10.0, now=10.0)
    assert flow.add(b"x", at=10.0, now=10.0)


def test_time_makes_room_again() -> None:
    flow = Flow(RATE)
    assert flow.add(b"x" * 4000, at=10.0, now=10.0)
    assert not flow.add(b"x" * 100, at=12.0, now=12.0)


def test_a_line_weighs_more_than_its_bytes() -> None:
    assert Flow(RATE).add(b"\n" * int(RATE * BURST_SECONDS / LINE_BYTES + 1), at=10.0, now=10.0)


def test_what_is_printed_faster_than_it_is_read_is_told_early() -> None:
    flow = Flow(RATE)
    assert not flow.add(b"x" * 900, at=10.0, now=10.0)
    assert flow.add(b"x" * 900, at=10.1, now=10.8)


def test_a_burst_that_a_busy_machine_reads_slowly_is_no_flood() -> None:
    flow = Flow(RATE)
    assert not any(flow.add(b"x" * 150, at=10 + step / 20, now=10 + step / 2) for step in range(10))


def test_little_that_waited_for_a_reader_that_stood_still_is_no_flood() -> None:
    flow = Flow(RATE)
    assert not flow.add(b"x", at=10.0, now=10.0)
    for second in range(11, 40):
        assert not flow.add(b"x" * 100, at=float(second), now=40.0)


def test_what_was_printed_slowly_while_nobody_read_is_no_flood() -> None:
    flow = Flow(RATE)
    assert not any(flow.add(b"x" * 500, at=float(second), now=5000.0) for second in range(1000))


def test_clocks_may_differ() -> None:
    flow = Flow(RATE)
    assert not any(flow.add(b"x" * 500, at=float(second), now=second + 9000.0) for second in range(100))


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 900))))
def test_who_keeps_to_the_pace_is_never_told_of(steps: list[tuple[float, int]]) -> None:
    flow, at = Flow(RATE), 0.0
    for pause, size in steps:
        at += pause + size / RATE
        assert not flow.add(b"x" * size, at=at, now=at + pause / 100)


def test_a_person_who_lets_it_go_on_begins_anew() -> None:
    flow = Flow(RATE)
    assert flow.add(b"x" * 9000, at=10.0, now=10.0)
    flow.empty()
    assert not flow.add(b"x" * 2900, at=10.0, now=10.0)
