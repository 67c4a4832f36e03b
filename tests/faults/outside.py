"""Scenarios: somebody else lays hands on the container, while the host watches."""

import json

import anyio
from anyio import to_thread

from tests.faults.account import Account
from tests.faults.desk import Desk
from tests.faults.scenarios import pause


async def container_killed(desk: Desk, account: Account) -> None:
    """The container is killed from outside while the agent speaks."""
    await _speaks(desk)
    container = await desk.container()
    await to_thread.run_sync(lambda: desk.engine.kill(container))
    info = await desk.until("failed")
    _expect(account, info, "agent-exited", "was killed")
    await _counted_and_restarted(desk, account)


async def container_stopped(desk: Desk, account: Account) -> None:
    """The container is stopped from outside, as by ``docker stop``."""
    await _speaks(desk)
    container = await desk.container()
    await to_thread.run_sync(lambda: desk.engine.stop(container))
    info = await desk.until("failed")
    _expect(account, info, "agent-exited", "SIGTERM")
    await _counted_and_restarted(desk, account)


async def out_of_memory(desk: Desk, account: Account) -> None:
    """The agent is killed for want of memory."""
    await desk.start(prompt="name=p1 count=200 eat=300", resources={"memory": "64m"})
    info = await desk.until("failed")
    _expect(account, info, "out-of-memory", "64 MiB")
    await _counted_and_restarted(desk, account)


async def container_paused(desk: Desk, account: Account) -> None:
    """The container is paused from outside for 3 s; a prompt that comes meanwhile waits."""
    await _speaks(desk, count=300)
    container = await desk.container()
    await to_thread.run_sync(lambda: desk.engine.pause(container))
    await desk.prompt("name=p2 count=5")
    await anyio.sleep(3)
    await to_thread.run_sync(lambda: desk.engine.unpause(container))
    await desk.until_turns(2)
    await desk.count(account, prompts=2)


async def paused_and_stopped(desk: Desk, account: Account) -> None:
    """The container is paused from outside, and the session stopped."""
    await _speaks(desk)
    container = await desk.container()
    await to_thread.run_sync(lambda: desk.engine.pause(container))
    await desk.command("agent.stop", grace=1)
    await desk.until("stopped")
    await desk.nothing_runs(account)
    await desk.count(account, prompts=1)


async def paused_and_adopted(desk: Desk, account: Account) -> None:
    """The container is paused from outside, and the host killed."""
    await _speaks(desk, count=300)
    container = await desk.container()
    await to_thread.run_sync(lambda: desk.engine.pause(container))
    await desk.again()
    await pause(0.5)
    await to_thread.run_sync(lambda: desk.engine.unpause(container))
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def container_removed(desk: Desk, account: Account) -> None:
    """The container of an idle session is removed from outside; a rebuild goes on."""
    await desk.start(prompt="name=p1 count=20")
    await desk.until_turns(1)
    printed, container = await desk.printed(), await desk.container()
    await to_thread.run_sync(lambda: desk.engine.remove_container(container, force=True))
    info = await desk.until("failed")
    _expect(account, info, "container-gone", "removed from outside")
    told = await desk.told()
    account.lost += len(printed) - len(told)
    await desk.command("agent.rebuild")
    await desk.until("idle")


async def plain_process(desk: Desk, account: Account) -> None:
    """The host of a session without a container is killed: it ends, says so, leaves no process."""
    await desk.start(prompt="name=p1 count=20000 gap=0.005", mode="host")
    await desk.until("working")
    await pause(0.5)
    await desk.again()
    info = await desk.until("failed")
    _expect(account, info, "host-ended", "ended with Berth")
    await desk.command("agent.restart")
    await desk.until("idle")


async def _speaks(desk: Desk, count: int = 20_000) -> None:
    await desk.start(prompt=f"name=p1 count={count} gap=0.005")
    await desk.until("working")
    await pause(0.6)


async def _counted_and_restarted(desk: Desk, account: Account) -> None:
    await desk.count(account, prompts=1)
    await desk.command("agent.restart")
    await desk.until("idle")


def _expect(account: Account, info: dict[str, object], kind: str, words: str) -> None:
    error = info.get("error")
    if not isinstance(error, dict) or error.get("kind") != kind or words not in str(error.get("message")):
        account.wrong.append(f"ended with {json.dumps(error)}, and not with {kind}")


OUTSIDE = (
    container_killed,
    container_stopped,
    out_of_memory,
    container_paused,
    paused_and_stopped,
    paused_and_adopted,
    container_removed,
    plain_process,
)
