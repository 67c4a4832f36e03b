"""Scenarios: an engine of the tests' own is killed, restarted, or ends with all it runs as a machine does."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping

import anyio
import docker
from anyio import to_thread
from docker.utils import kwargs_from_env

from tests.contract.second_engine import SecondEngine, second_engine
from tests.faults.account import Account
from tests.faults.desk import IMAGE, SECONDS, Desk, open_desk
from tests.faults.scenarios import pause

EngineScenario = Callable[[Desk, Account, SecondEngine], Awaitable[None]]


@contextlib.contextmanager
def mortal_engine() -> Iterator[SecondEngine]:
    """An engine of the tests' own, with the image of these tests."""
    with second_engine(1500) as engine:
        ours, theirs = docker.APIClient(**kwargs_from_env()), docker.APIClient(engine.address, version="auto")
        with contextlib.closing(ours), contextlib.closing(theirs):
            loaded = theirs.load_image(ours.get_image(IMAGE))  # type: ignore[no-untyped-call]  # as its stubs have it
            assert not [line for line in loaded if "error" in line]
        yield engine


async def run_on(engine: SecondEngine, name: str, account: Account) -> None:
    """Runs one scenario, and counts what is left."""
    async with open_desk(account, address=engine.address) as desk:
        await ON_ENGINE[name](desk, account, engine)


async def engine_killed(desk: Desk, account: Account, engine: SecondEngine) -> None:
    """The engine is killed and started again while the agent speaks."""
    await _working(desk)
    await to_thread.run_sync(engine.kill)
    await to_thread.run_sync(engine.start)
    await _ends_and_goes_on(desk, account, "engine-stopped")


async def engine_and_host_killed(desk: Desk, account: Account, engine: SecondEngine) -> None:
    """Engine and host are killed while the agent speaks."""
    await _working(desk)
    await desk.kill()
    await to_thread.run_sync(engine.kill)
    await to_thread.run_sync(engine.start)
    await desk.open()
    await _ends_and_goes_on(desk, account, "agent-exited")


async def engine_restarted(desk: Desk, account: Account, engine: SecondEngine) -> None:
    """The engine is restarted while the agent speaks, as by ``systemctl restart docker``."""
    await _working(desk)
    await to_thread.run_sync(engine.stop)
    await to_thread.run_sync(engine.start)
    await _ends_and_goes_on(desk, account, "engine-stopped")


async def engine_killed_at_start(desk: Desk, account: Account, engine: SecondEngine) -> None:
    """The engine is killed somewhere in a start: it says why it failed, and can be restarted."""
    await desk.start(prompt="name=p1 count=100000 gap=0.005")
    await pause(1.5)
    await to_thread.run_sync(engine.kill)
    await anyio.sleep(0.5)
    await to_thread.run_sync(engine.start)
    if await _ended(desk):
        if not desk.info().get("error"):
            account.wrong.append("it did not say why it failed")
        await _goes_on(desk)


async def _ended(desk: Desk) -> bool:
    """Whether a session failed whose engine was killed and is back; False when it came up with the engine that is back.

    What ran before never does then.
    """
    with anyio.fail_after(SECONDS):
        while desk.info().get("state") not in ("failed", "stopped"):
            if desk.info().get("state") == "working" and await desk.runs():
                return False
            await anyio.sleep(0.2)
    return True


async def machine_crashes(desk: Desk, account: Account, engine: SecondEngine) -> None:
    """Host, engine and all that runs in containers are killed at once, as by a crash of the machine."""
    await _working(desk)
    await desk.kill()
    await to_thread.run_sync(engine.end)
    await to_thread.run_sync(engine.start)
    await desk.open()
    await _ends_and_goes_on(desk, account, "agent-exited")


async def _working(desk: Desk) -> None:
    await desk.start(prompt="name=p1 count=100000 gap=0.005")
    await desk.editor.until(lambda: b"<000100>" in str(desk.editor.messages[-1]).encode(), seconds=60)
    await pause(0.3)


async def _ends_and_goes_on(desk: Desk, account: Account, kind: str) -> None:
    info = await desk.until("failed", "stopped")
    if (info.get("error") or {}).get("kind") != kind:
        account.wrong.append(f"ended with {info.get('error')}")
    await desk.count(account, prompts=1)
    await _goes_on(desk)


async def _goes_on(desk: Desk) -> None:
    before = int(str((desk.info().get("turn") or {}).get("id", "t1"))[1:])
    await desk.command("agent.restart")
    await desk.until("idle")
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(before + 1)


ON_ENGINE: Mapping[str, EngineScenario] = {
    scenario.__name__: scenario
    for scenario in (engine_killed, engine_and_host_killed, engine_restarted, engine_killed_at_start, machine_crashes)
}
