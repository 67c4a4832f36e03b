"""Events by number, from memory and from disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.protocol.events import PartDelta
from berth.sessions import journal as journals
from berth.sessions.journal import Journal
from berth.sessions.published import Published, publish


def delta(seq: int, text: str = "x") -> Published:
    return publish(PartDelta(part="p", text=text), seq=seq, turn="t1", at=1)


def write(journal: Journal) -> None:
    with journal.path.open("ab") as file:
        file.write(journal.take_waiting())
    journal.wrote(journal.place())


def test_an_event_that_skips_a_number_is_refused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    journal.append(delta(1))
    with pytest.raises(ValueError, match="does not follow"):
        journal.append(delta(3))


def test_the_newest_events_are_in_memory(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    journal.append(delta(1))
    journal.append(delta(2))
    assert journal.in_memory(2, 10_000) == [delta(2).json]
    assert journal.in_memory(3, 10_000) == []


def test_what_is_not_written_yet_is_never_let_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    for seq in range(1, 10):
        journal.append(delta(seq, "x" * journals.TAIL_BYTES))
    assert len(journal.in_memory(1, 10**9) or []) == 9


def test_memory_is_bounded_once_events_are_on_disk(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    for seq in range(1, 100):
        journal.append(delta(seq, "x" * 10_000))
        write(journal)
    assert journal.in_memory(1, 1) is None
    kept = journal.in_memory(99, 10**9)
    assert kept is not None
    assert len(kept) == 1


def test_one_huge_event_is_answered_whatever_the_limit(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "events.jsonl")
    journal.append(delta(1, "x" * 5_000_000))
    assert len(journal.in_memory(1, 10) or []) == 1
    write(journal)
    assert len(journal.on_disk(1, 10)) == 1


@given(
    lengths=st.lists(st.integers(0, 3_000), min_size=1, max_size=700),
    first=st.integers(1, 700),
    limit=st.integers(1, 200_000),
)
def test_disk_and_memory_give_the_same_events(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], first: int, limit: int
) -> None:
    journal = Journal(tmp_path_factory.mktemp("journal") / "events.jsonl")
    events = [delta(seq, "x" * length) for seq, length in enumerate(lengths, start=1)]
    for event in events:
        journal.append(event)
    remembered = journal.in_memory(first, limit)
    write(journal)
    assert remembered is not None
    found = journal.on_disk(first, limit)
    wanted = [event.json for event in events if event.seq >= first]
    assert found == wanted[: len(found)]
    assert remembered == wanted[: len(remembered)]
    assert bool(found) == bool(wanted)
