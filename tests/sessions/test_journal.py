"""Events by number, from memory and from disk."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.errors import SessionError
from berth.protocol.events import PartDelta
from berth.sessions import journal as journals
from berth.sessions.journal import Journal
from berth.sessions.journal_lines import scan
from berth.sessions.published import Published, publish


def delta(seq: int, text: str = "x") -> Published:
    return publish(PartDelta(part="p", text=text), seq=seq, turn="t1", at=1)


def write(journal: Journal) -> None:
    with journal.path.open("ab") as file:
        journal.wrote(journal.last, file.write(journal.take_waiting()))


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


def written(path: Path, *batches: int) -> Journal:
    """A journal with batches of so many events, each with a mark and a note."""
    journal = Journal(path / "events.jsonl")
    for number, count in enumerate(batches):
        for _ in range(count):
            journal.append(delta(journal.last + 1))
        journal.note("batch", {"number": number})
        with journal.path.open("ab") as file:
            journal.wrote(journal.last, file.write(journal.take_waiting({"batch": number})))
    return journal


def test_a_journal_that_is_read_again_goes_on_where_it_ended(tmp_path: Path) -> None:
    before = written(tmp_path, 300, 2)
    found = scan(before.path)
    assert (found.last, found.mark, found.damaged) == (302, {"batch": 1}, 0)
    assert found.notes == [("batch", {"number": 0}), ("batch", {"number": 1})]
    after = Journal(before.path, found)
    after.append(delta(303))
    write(after)
    assert after.on_disk(1, 10**9) == [delta(seq).json for seq in range(1, 304)]
    assert after.on_disk(300, 10**9) == [delta(seq).json for seq in range(300, 304)]


@given(cut=st.integers(0, 2_000))
def test_a_batch_counts_whole_or_not_at_all_wherever_it_was_torn(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = written(tmp_path_factory.mktemp("journal"), 3, 4).path
    first = path.read_bytes().index(b'={"batch":0}') + len(b'={"batch":0}\n')
    whole = path.read_bytes()
    path.write_bytes(whole[: min(cut, len(whole))])
    found = scan(path)
    if cut >= len(whole):
        assert found.last == 7
    else:
        assert found.last == (3 if cut >= first else 0)
        assert found.size <= cut
    assert found.damaged == 0


def test_a_damaged_line_is_a_gap_that_is_seen_and_nothing_else_is_lost(tmp_path: Path) -> None:
    journal = written(tmp_path, 5, 5)
    content = journal.path.read_bytes()
    journal.path.write_bytes(content.replace(b'"seq":3,', b'"seq":8,', 1))
    found = scan(journal.path)
    assert (found.last, found.damaged) == (10, 1)
    events = [json.loads(line) for line in Journal(journal.path, found).on_disk(1, 10**9)]
    assert [event["seq"] for event in events] == [*range(1, 11)]
    assert [event["seq"] for event in events if event["kind"] == "notice"] == [3]


def test_a_journal_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"berth-journal 2\nwhatever\n")
    with pytest.raises(SessionError) as caught:
        scan(path)
    assert caught.value.kind == "journal-unreadable"
    assert path.read_bytes() == b"berth-journal 2\nwhatever\n"


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    journal = written(tmp_path, 1)
    assert journal.take_waiting({"batch": 0}) == b""
    assert journal.take_waiting({"batch": 1}) != b""


def test_a_long_journal_keeps_its_newest_events_under_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("berth.sessions.shorten.LONG_BYTES", 200_000)
    monkeypatch.setattr("berth.sessions.shorten.KEPT_BYTES", 100_000)
    journal = Journal(tmp_path / "events.jsonl")
    everything = []
    for seq in range(1, 3_001):
        everything.append(delta(seq, "x" * (seq % 300)))
        journal.append(everything[-1])
        if seq % 7 == 0:
            journal.shorten() if journal.path.exists() else None
            write(journal)
    assert journal.path.stat().st_size < 210_000
    kept = journal.on_disk(1, 10**9)
    waiting = 3_000 % 7
    assert kept == [event.json for event in everything[-len(kept) - waiting : -waiting]]
    assert len(kept) > 300
    for first in (2_800, 2_990):
        assert journal.on_disk(first, 1)[0] == everything[first - 1].json
    write(journal)
    found = scan(journal.path)
    assert (found.last, found.damaged, found.first) == (3_000, 0, 3_001 - len(kept) - waiting)
    assert Journal(journal.path, found).on_disk(1, 10**9) == [*kept, *(event.json for event in everything[-waiting:])]
