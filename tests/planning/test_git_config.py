"""Our reading of git's configuration files against git's own."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berth.planning.git_config import settings_of
from berth.sessions.writeback.git_keys import running_keys

PIECES = (
    *("[core]", '[filter "x"]', '[Alias "a\\"b"]', "[remote.Up]", "fsmonitor", "hooksPath", " = ", "=", "a b", '"c d"'),
    *("\\\n", "\n", "\n\t", "#", ";", " ", "\t", '"', "\\n", "\\\\", '\\"', "x", "1-2", "\r\n", "true"),
)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git to compare with")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_nothing_that_git_reads_is_missed(tmp_path: Path, pieces: list[str]) -> None:
    text = "[core]\n" + "".join(pieces)
    file = tmp_path / "config"
    file.write_bytes(text.encode())
    words = ["git", "config", "--null", "--list", "--file", str(file)]
    done = subprocess.run(words, capture_output=True, timeout=20, check=False)
    if done.returncode:
        return  # git refuses the whole file
    read = {entry.partition("\n")[0] for entry in done.stdout.decode().split("\0") if entry}
    assert read <= {key for key, _ in settings_of(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[core]\n\tfsmonitor = ./x", ("core.fsmonitor", "./x")),
        ("\ufeff[core]\nfsmonitor=x", ("core.fsmonitor", "x")),
        ("[core] fsmonitor = x", ("core.fsmonitor", "x")),
        ("[core]\na = b # \\\nfsmonitor = x", ("core.fsmonitor", "x")),
        ('[core]\r\nFSMonitor = "a b" ; c\r\n', ("core.fsmonitor", "a b")),
        ("[core]\nfsmonitor = a\\\nb", ("core.fsmonitor", "ab")),
        ('[filter "A b"]\nclean = x', ("filter.A b.clean", "x")),
        ("[alias]\nst = !evil", ("alias.st", "!evil")),
        ("[include]\npath = ../x", ("include.path", "../x")),
        ('[includeIf "gitdir:/x"]\npath = y', ("includeif.gitdir:/x.path", "y")),
        ('[remote "o"]\nurl = ext::sh -c x', ("remote.o.url", "ext::sh -c x")),
        ("=\n[core]\nsshCommand = x", ("core.sshcommand", "x")),
        ("[extensions]\nworktreeConfig", ("extensions.worktreeconfig", "true")),
    ],
)
def test_what_makes_git_run_something_is_found(text: str, found: tuple[str, str]) -> None:
    assert list(running_keys(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[core]\nbare = false", "[core]\nfsmonitor = true", "[alias]\nst = status", "# [core]\n#fsmonitor = x"),
        *('[remote "o"]\nurl = https://example.com/x.git', "[user]\nname = fsmonitor = x", "\\\n\\", "[", '["'),
    ],
)
def test_ordinary_settings_run_nothing(text: str) -> None:
    assert list(running_keys(text)) == []
