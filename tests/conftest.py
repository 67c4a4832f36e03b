"""What every test shares."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Berth runs on asyncio, since pygls does."""
    return "asyncio"
