"""Every scenario once; ``python -m tests.faults --repeat 20`` runs them until chance has had its say."""

import pytest

from tests.faults.desk import Account, open_desk
from tests.faults.scenarios import SCENARIOS

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_is_lost_repeated_or_left_behind(name: str) -> None:
    account = Account()
    async with open_desk(account) as desk:
        await SCENARIOS[name](desk, account)
    assert account == Account()
