"""A real server for one client with notifications, and what its tests ask of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.lsp.editor import Editor, open_editor
from tests.lsp.fake_host import SETTINGS


@pytest.fixture
async def editor(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Editor]:
    """A client that takes notifications and offers nothing else."""
    assert anyio_backend == "asyncio"
    workspace = tmp_path / "w"
    workspace.mkdir()
    async with open_editor(state=tmp_path / "state") as opened:
        folders = [{"uri": workspace.as_uri(), "name": "w"}]
        options = {"berth": {"notifications": True, **SETTINGS}}
        await opened.initialize(workspaceFolders=folders, initializationOptions=options)
        yield opened
