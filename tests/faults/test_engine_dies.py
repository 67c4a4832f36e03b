"""The engine is killed with everything it runs, as by a crash of the machine: sessions say so and can be restarted."""

import contextlib
from collections.abc import Iterator

import docker
import pytest
from anyio import to_thread
from docker.utils import kwargs_from_env

from tests.contract.second_engine import SecondEngine, missing, second_engine
from tests.faults.desk import IMAGE, Account, Desk, open_desk

pytestmark = [pytest.mark.anyio, pytest.mark.engine, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def mortal() -> Iterator[SecondEngine]:
    """An engine of the tests' own, with the image of these tests."""
    if reason := missing():
        pytest.skip(f"no engine of the tests' own: {reason}")
    with second_engine(1500) as engine:
        ours, theirs = docker.APIClient(**kwargs_from_env()), docker.APIClient(engine.address, version="auto")
        with contextlib.closing(ours), contextlib.closing(theirs):
            loaded = theirs.load_image(ours.get_image(IMAGE))  # type: ignore[no-untyped-call]  # as its stubs have it
            assert not [line for line in loaded if "error" in line]
        yield engine


async def test_a_session_whose_engine_is_killed_says_so_and_goes_on_after_a_restart(mortal: SecondEngine) -> None:
    account = Account()
    async with open_desk(account, address=mortal.address) as desk:
        await working(desk)
        await to_thread.run_sync(mortal.kill)
        await to_thread.run_sync(mortal.start)
        await ends_and_goes_on(desk, account)
    assert account == Account()


async def test_a_session_whose_engine_and_host_are_killed_says_so_and_goes_on_after_a_restart(
    mortal: SecondEngine,
) -> None:
    account = Account()
    async with open_desk(account, address=mortal.address) as desk:
        await working(desk)
        await desk.kill()
        await to_thread.run_sync(mortal.kill)
        await to_thread.run_sync(mortal.start)
        await desk.open()
        await ends_and_goes_on(desk, account)
    assert account == Account()


async def working(desk: Desk) -> None:
    await desk.start(prompt="name=p1 count=100000 gap=0.005")
    await desk.editor.until(lambda: b"<000100>" in str(desk.editor.messages[-1]).encode(), seconds=60)


async def ends_and_goes_on(desk: Desk, account: Account) -> None:
    info = await desk.until("failed", "stopped")
    assert info["error"]["message"], info
    await desk.count(account, prompts=1)
    await desk.command("agent.restart")
    await desk.until("idle")
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(2)
