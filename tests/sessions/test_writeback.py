"""What is found, how it is told, and what an agent may try to hide it."""

import os
import sys
from pathlib import Path

import pytest

from berth.protocol.workspace_events import WritebackFinding, WritebackFound
from berth.sessions.transcript import Transcript
from berth.sessions.writeback.sentence import is_grave, warning
from berth.sessions.writeback.sweep import sight, sweep


def found(workspace: Path, act: str) -> dict[str, str]:
    """What a sweep finds after a script of the shell: path → what it is."""
    before = sight(workspace)
    assert os.system(f"cd {workspace} && {{ {act} ; }} >/dev/null 2>&1") == 0  # noqa: S605 - the tests' own words
    listed = sweep(workspace, before, sight(workspace))
    return {finding.path.removeprefix(f"{workspace}/"): finding.what for finding in listed}


def event(*paths: str, severity: str = "warning") -> WritebackFound:
    findings = [{"path": path, "what": "git runs it", "severity": severity} for path in paths]
    return WritebackFound(findings=tuple(WritebackFinding.model_validate(finding) for finding in findings))


def test_the_same_file_again_with_its_old_time_and_size_is_seen(tmp_path: Path) -> None:
    (tmp_path / ".envrc").write_text("good")
    assert ".envrc" in found(
        tmp_path, "touch -r .envrc /tmp/$$; printf evil >.envrc; touch -r /tmp/$$ .envrc; rm /tmp/$$"
    )


def test_what_was_there_before_is_not_told_again(tmp_path: Path) -> None:
    (tmp_path / ".git" / "hooks").mkdir(parents=True)
    (tmp_path / ".git" / "hooks" / "pre-commit").write_text("x")
    (tmp_path / ".envrc").write_text("x")
    assert found(tmp_path, "echo x >other") == {}


def test_a_configuration_too_large_to_read_is_told(tmp_path: Path) -> None:
    act = "mkdir -p a/.git; yes '# filler' | head -c 400000 >a/.git/config; echo '[core]' >>a/.git/config"
    assert "too large" in found(tmp_path, act)["a/.git/config"]


def test_a_configuration_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    act = r"mkdir -p a/.git; printf '\377\n[core]\nfsmonitor = x\n' >a/.git/config"
    assert "core.fsmonitor" in found(tmp_path, act)["a/.git/config"]


def test_a_pipe_in_place_of_a_file_holds_nothing_up(tmp_path: Path) -> None:
    assert "a/.git/config" in found(tmp_path, "mkdir -p a/.git; mkfifo a/.git/config; mkfifo package.json")


def test_names_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    assert list(found(tmp_path, r"mkdir a; d=$(printf 'a/\377'); mkdir $d; echo x >$d/.envrc")) == ["a/\\udcff/.envrc"]


def test_folders_nested_without_end_hide_nothing(tmp_path: Path) -> None:
    deep = f"{sys.executable} -c \"import os\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')\""
    try:
        assert ".envrc" in found(tmp_path, f"echo x >.envrc; {deep}")
    finally:
        os.system(f"rm -rf {tmp_path}/d")  # noqa: S605 - pytest's own removal calls itself too often


def test_more_files_than_are_looked_at_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("berth.sessions.changes.MAX_FILES", 10)
    assert "more files" in found(tmp_path, "for i in 1 2 3 4 5 6 7 8 9 0 a b; do echo >$i; done")[str(tmp_path)]


def test_a_link_inside_is_nothing_and_one_out_is_told(tmp_path: Path) -> None:
    assert list(found(tmp_path, "echo >a; ln -s a b; ln -s ../../../etc c; ln -s /workspace/a d")) == ["c", "d"]


def test_programs_of_a_virtual_environment_are_told_once(tmp_path: Path) -> None:
    assert list(found(tmp_path, "mkdir -p .venv/bin; echo >.venv/bin/python; echo >.venv/bin/pip")) == [".venv/bin"]


def test_hooks_where_the_configuration_says_are_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("[core]\n\thooksPath = .githooks\n")
    assert ".githooks/pre-commit" in found(tmp_path, "mkdir .githooks; echo >.githooks/pre-commit")


def test_the_message_names_three_and_counts_the_rest() -> None:
    said = warning(event(*(f"/w/{name}/.envrc" for name in "abcde")))
    assert "5 things" in said
    assert "a/.envrc, b/.envrc, c/.envrc and 2 more" in said


def test_only_what_is_grave_interrupts() -> None:
    assert is_grave(event("/w/.envrc"))
    assert not is_grave(event("/w/build.rs", severity="info"))


def test_the_transcript_lists_all_of_it_and_a_path_cannot_act() -> None:
    text = Transcript("/w").add(event("/w/.envrc", "/w/`[x](command:y)`<script>/.git"), 0)
    assert "- `.envrc`: git runs it" in text
    assert "](command:" not in text
    assert "<script>" not in text
