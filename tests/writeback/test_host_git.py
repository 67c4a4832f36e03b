"""The host never runs git where an agent can write: git would run what the agent put there."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from berth.host import git_identity
from tests.writeback.attacks import prepare
from tests.writeback.ground import ground, has_git

ROOT = Path(__file__).parents[2]
SHIM = """#!/bin/sh
printf '%s\\n' "$PWD: $*" >>{log}
exec {git} "$@"
"""


def programs(tree: ast.AST) -> Iterator[list[str]]:
    """Command lines: lists and tuples of words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple) and node.elts:
            words = [word.value for word in node.elts if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            yield words


def test_the_two_command_lines_of_git_run_outside_of_any_workspace() -> None:
    sources = (ROOT / "server" / "berth").rglob("*.py")
    found = [words for path in sources for words in programs(ast.parse(path.read_text())) if words[:1] == ["git"]]
    assert sorted(words[1:5] for words in found) == [
        ["-C", "/", "config", "--global"],
        ["-C", "/", "credential", "fill"],
    ]


def test_the_extension_of_vs_code_starts_no_git() -> None:
    """It asks VS Code's Git extension for what that has read already (``view/git.ts``), and starts only the server."""
    folder = ROOT / "vscode-client" / "src"
    starting = [path for path in folder.rglob("*.ts") if "child_process" in path.read_text()]
    assert starting
    assert {path.parent for path in starting} == {folder / "server"}
    assert not [path for path in starting if '"git"' in path.read_text()]


@pytest.mark.anyio
@pytest.mark.engine
@pytest.mark.skipif(not has_git(), reason="needs git to make repositories with")
async def test_a_whole_session_runs_no_other_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, shim = tmp_path / "log", tmp_path / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(log=log, git="/usr/bin/git"))
    shim.chmod(0o755)
    git_identity._ask_git.cache_clear()
    async with ground(tmp_path, 1000, prepare) as place:
        monkeypatch.setenv("PATH", str(shim.parent), prepend=":")
        place.house.editor.environment = dict(os.environ)
        await place.turn("mkdir -p new/.git; printf '[core]\\nfsmonitor = x' >new/.git/config; echo x >a.txt")
        git_identity._ask_git.cache_clear()
        await place.stop()
        await place.stop(await place.house.start())
        assert "new/.git/config" in place.found()
    calls = log.read_text().splitlines()
    assert calls
    assert all(": -C / config --global " in call for call in calls)
