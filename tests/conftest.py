"""What every test shares."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import pytest_runtest_setup, pytest_terminal_summary

__all__ = ["anyio_backend", "pytest_runtest_setup", "pytest_terminal_summary"]


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's settings file of the tests' own: editors' settings are obeyed unasked, but where a test says otherwise.

    No container waits for the next session, but where a test is about that.

    Whoever runs the tests has settings too, and they must not matter.
    """
    folder = tmp_path_factory.mktemp("config")
    file = folder / "berth" / "settings.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"policy": {"workspaces": "allow"}, "docker": {"spares": {"count": 0}}}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XDG_CONFIG_HOME", str(folder))
        patch.setitem(os.environ, "BERTH_SHARE", "0")  # no test shares a host unless it says so
        patch.setitem(os.environ, "BERTH_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        yield file


@pytest.fixture
def anyio_backend() -> str:
    """Berth runs on asyncio, since pygls does."""
    return "asyncio"
