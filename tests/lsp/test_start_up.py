"""What is loaded when."""

import subprocess
import sys
from pathlib import Path

import pytest

from berth.lsp.methods.registry import METHODS
from berth.protocol.names import COMMANDS
from tests.lsp.editor import open_editor

HEAVY = ("pydantic", "docker", "anyio", "berth.host", "berth.engine", "berth.protocol.commands")


def test_nothing_heavy_is_imported_before_initialize_is_answered() -> None:
    program = f"import sys, berth.lsp.serve; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"


def test_every_method_has_its_handler_named_as_pygls_wants_it() -> None:
    for method, handler in METHODS.items():
        assert handler.__code__.co_varnames[0] == "ls", method


@pytest.mark.anyio
async def test_all_commands_are_announced(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        result = await editor.initialize()
        assert tuple(result["capabilities"]["executeCommandProvider"]["commands"]) == COMMANDS


@pytest.mark.anyio
async def test_a_command_that_comes_right_behind_initialize_waits_for_the_host(tmp_path: Path) -> None:
    async with open_editor(state=tmp_path) as editor:
        await editor.ask("initialize", {"capabilities": {}})
        assert await editor.command("agent.list") == []
