"""One server for each case of abuse."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.lsp.editor import Editor, open_editor


@pytest.fixture
async def editor(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Editor]:
    assert anyio_backend == "asyncio"
    async with open_editor(state=tmp_path / "state") as opened:
        yield opened
