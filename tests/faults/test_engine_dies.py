"""The engine is killed or stopped with everything it runs: sessions say so and can be restarted."""

from collections.abc import Iterator

import pytest

from tests.contract.second_engine import SecondEngine, missing
from tests.faults.account import Account
from tests.faults.own_engine import ON_ENGINE, mortal_engine, run_on

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def mortal() -> Iterator[SecondEngine]:
    if reason := missing():
        pytest.skip(f"no engine of the tests' own: {reason}")
    with mortal_engine() as engine:
        yield engine


@pytest.mark.parametrize("name", ON_ENGINE)
async def test_a_session_whose_engine_ended_says_so_and_goes_on_after_a_restart(
    mortal: SecondEngine, name: str
) -> None:
    account = Account()
    await run_on(mortal, name, account)
    assert account == Account()
