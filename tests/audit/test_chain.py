"""A chain of lines that shows what was changed, dropped, added or torn."""

import argparse
import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.audit.chain import BEGINNING, digest_of, verified
from berth.audit.command import run
from berth.audit.entry import LONGEST, Entry
from berth.audit.folder import AuditFolder
from berth.errors import BerthError

FIELDS = [
    *("v", "seq", "ts", "mono", "boot", "pid", "actor", "session", "workspace", "event", "decision", "code"),
    *("request_digest", "policy_digest", "subject", "bytes", "prev"),
]


@pytest.fixture
def folder(tmp_path: Path) -> AuditFolder:
    made = AuditFolder(tmp_path / "audit")
    made.append([Entry("session.created", session=f"s{number}") for number in range(5)])
    return made


def lines(folder: AuditFolder) -> list[bytes]:
    return folder.file.read_bytes().splitlines()


def put(folder: AuditFolder, changed: list[bytes], *, end: bytes = b"\n") -> None:
    folder.file.write_bytes(b"\n".join(changed) + end)


def test_a_line_has_every_field_and_follows_the_one_before(folder: AuditFolder) -> None:
    first, second, *_ = lines(folder)
    assert list(json.loads(first)) == FIELDS
    assert json.loads(first)["prev"] == BEGINNING
    assert json.loads(second)["prev"] == digest_of(first)
    verdict = verified(folder.lines())
    assert (verdict.lines, verdict.end.seq, verdict.faults) == (5, 5, [])


def test_the_files_are_private_to_the_user(folder: AuditFolder) -> None:
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.folder.iterdir()} == {0o600}


@pytest.mark.parametrize("index", range(5))
def test_a_changed_line_is_found(folder: AuditFolder, index: int) -> None:
    changed = lines(folder)
    changed[index] = changed[index].replace(b'"session":"s', b'"session":"t')
    put(folder, changed)
    found = verified(folder.lines()).faults
    # the last line is followed by nothing: whoever keeps its digest elsewhere sees it
    assert bool(found) is (index < 4)


@pytest.mark.parametrize("index", range(1, 4))
def test_a_dropped_line_is_found(folder: AuditFolder, index: int) -> None:
    left = lines(folder)
    del left[index]
    put(folder, left)
    assert "has the number" in verified(folder.lines()).faults[0]


def test_lines_in_another_order_and_lines_twice_are_found(folder: AuditFolder) -> None:
    first, second, *rest = lines(folder)
    put(folder, [second, first, *rest])
    assert verified(folder.lines()).faults
    put(folder, [first, first, second, *rest])
    assert verified(folder.lines()).faults


def test_a_line_that_is_none_is_found(folder: AuditFolder) -> None:
    put(folder, [*lines(folder)[:2], b"not json", *lines(folder)[2:]])
    assert verified(folder.lines()).faults[0] == "audit.jsonl:3 cannot be read"


@pytest.mark.parametrize("kept", [1, 40, 120])
def test_a_torn_tail_stays_is_told_and_the_chain_goes_on(folder: AuditFolder, kept: int) -> None:
    whole = lines(folder)
    put(folder, [*whole[:-1], whole[-1][:kept]], end=b"")
    folder.append([Entry("session.stopped")])
    verdict = verified(folder.lines())
    assert (verdict.faults, verdict.torn, verdict.end.seq) == ([], 1, 6)
    assert json.loads(lines(folder)[-2])["event"] == "audit.torn"


def test_a_tail_without_its_newline_is_whole(folder: AuditFolder) -> None:
    put(folder, lines(folder), end=b"")
    folder.append([Entry("session.stopped")])
    verdict = verified(folder.lines())
    assert (verdict.faults, verdict.torn, verdict.lines) == ([], 0, 6)


def test_a_torn_line_that_nobody_tells_of_is_a_fault(folder: AuditFolder) -> None:
    put(folder, [*lines(folder)[:-1], b'{"v":1'], end=b"")
    assert verified(folder.lines()).faults == ["audit.jsonl:5 cannot be read"]


def test_a_full_file_is_put_aside_and_the_chain_goes_over_into_the_next(tmp_path: Path) -> None:
    small = AuditFolder(tmp_path / "audit", most_bytes=1500)
    for number in range(40):
        small.append([Entry("session.created", session=f"s{number}")])
    names = [path.name for path in small.files()]
    assert names[-1] == "audit.jsonl"
    assert 5 < len(names) <= 16
    verdict = verified(small.lines())
    assert (verdict.faults, verdict.end.seq > 40) == ([], True)
    small.files()[3].unlink()
    assert verified(small.lines()).faults


def test_the_oldest_file_is_removed_and_the_chain_says_so(tmp_path: Path) -> None:
    small = AuditFolder(tmp_path / "audit", most_bytes=400)
    for _ in range(40):
        small.append([Entry("x")])
    assert len(small.files()) == 16
    verdict = verified(small.lines())
    assert (verdict.faults, verdict.first > 1) == ([], True)
    assert any(b"audit.removed" in line for _, line in small.lines())


def _append(folder: Path) -> None:
    for _ in range(20):
        AuditFolder(folder).append([Entry("x")] * 3)


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append, args=(tmp_path / "audit",)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    verdict = verified(AuditFolder(tmp_path / "audit").lines())
    assert (verdict.faults, verdict.lines) == ([], 120)


def test_a_link_or_an_open_file_in_its_place_is_not_written_to(folder: AuditFolder, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("")
    folder.file.unlink()
    folder.file.symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        folder.append([Entry("x")])
    folder.file.unlink()
    folder.file.touch()
    folder.file.chmod(0o666)
    with pytest.raises(BerthError) as caught:
        folder.append([Entry("x")])
    assert (caught.value.kind, target.read_text()) == ("state-unsafe", "")


@given(st.text(max_size=2000))
def test_any_text_is_one_short_line(text: str) -> None:
    fields = Entry(text, subject=text).fields(1, BEGINNING)
    line = json.dumps(fields)
    assert len(str(fields["subject"])) <= LONGEST
    assert str(fields["subject"]).isprintable()
    assert len(line.encode()) < 64 * 1024 / 4


@given(
    st.lists(st.binary(max_size=40) | st.sampled_from([b'{"v":1,"seq":1}', b'{"v":1,"seq":"1"}', b"[]"]), max_size=6)
)
def test_any_bytes_are_read_to_a_verdict(texts: list[bytes]) -> None:
    verdict = verified((str(number), text) for number, text in enumerate(texts))
    assert bool(verdict.faults) or verdict.lines == len(texts) - verdict.torn


def told(folder: AuditFolder, what: str, **options: object) -> tuple[int, str]:
    said: list[str] = []
    given = argparse.Namespace(**{"what": what, "json": False, "session": "", "last": 0, **options})
    return run(given, folder.folder, said.append), "".join(said)


def test_verify_tells_in_words_and_for_programs(folder: AuditFolder) -> None:
    assert told(folder, "verify")[1].startswith("ok  5 lines hold, from 1 to 5.\n    The last one's digest: ")
    status, text = told(folder, "verify", json=True)
    assert (status, json.loads(text)["holds"], json.loads(text)["last"]) == (0, True, 5)
    put(folder, lines(folder)[1:3] + lines(folder)[4:])
    assert told(folder, "verify") == (1, "NO  audit.jsonl:3 has the number 5, after 3.\n")
    assert told(AuditFolder(folder.folder / "none"), "verify") == (0, "ok  Nothing was written yet.\n")


def test_show_lists_lines_of_a_session_and_nothing_that_cannot_be_printed(folder: AuditFolder) -> None:
    assert told(folder, "show", session="s3")[1].count("\n") == 1
    assert told(folder, "show", last=2)[1].count("\n") == 2
    shown = json.loads(told(folder, "show", json=True, last=1)[1])
    assert (shown["session"], shown["pid"]) == ("s4", os.getpid())
    put(folder, [lines(folder)[0].replace(b"s0", b"\\u001b[31m")])
    assert "\x1b" not in told(folder, "show")[1]
