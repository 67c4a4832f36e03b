"""A host on the FakeEngine, for every test of the host."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.host.test_host import House, house_in


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A host with one editor attached."""
    async with house_in(tmp_path) as house:
        yield house
