"""A town for each test, once for each way to a host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sharing.town import Town, open_town


@pytest.fixture(params=["unix", "loopback"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def town(tmp_path: Path, transport: str) -> Iterator[Town]:
    with open_town(tmp_path / "state", transport) as opened:
        yield opened
