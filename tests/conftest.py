"""What every test shares."""

import pytest

from tests.machine import pytest_runtest_setup, pytest_terminal_summary

__all__ = ["anyio_backend", "pytest_runtest_setup", "pytest_terminal_summary"]


@pytest.fixture
def anyio_backend() -> str:
    """Berth runs on asyncio, since pygls does."""
    return "asyncio"
