"""Every scenario once; ``python -m tests.faults --repeat 20`` runs them until chance has had its say."""

import pytest

from tests.faults.account import Account
from tests.faults.desk import open_desk
from tests.faults.every import USUAL

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


@pytest.mark.parametrize("name", USUAL)
async def test_nothing_is_lost_repeated_or_left_behind(name: str) -> None:
    account = Account()
    async with open_desk(account) as desk:
        await USUAL[name](desk, account)
    assert account == Account()
