"""One function a scenario: brings a session into a state, kills the host there, and goes on with a new one."""

import random
from collections.abc import Awaitable, Callable, Mapping

import anyio

from tests.faults.account import Account
from tests.faults.desk import Desk

Scenario = Callable[[Desk, Account], Awaitable[None]]


async def starting(desk: Desk, account: Account) -> None:
    """The host is killed while a session starts: it goes on, or says that it did not come up."""
    await desk.start(prompt="name=p1 count=5")
    await pause(0.6)
    await desk.again()
    info = await desk.until("idle", "failed", "stopped")
    if info["state"] != "idle":
        if "Berth ended while" not in str(info.get("error")):
            account.wrong.append(f"ended with {info.get('error')}")
        await desk.command("agent.restart")
        await desk.until("idle")
        return
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def handshake(desk: Desk, account: Account) -> None:
    """The host is killed while the agent, who was asked who it is, takes its time."""
    await desk.start(prompt="name=p1 count=5", env={"SLOW": "0.8"})
    await desk.until("starting")
    await anyio.sleep(0.4)
    await pause(1.2)
    await desk.again()
    info = await desk.until("idle", "failed")
    if info["state"] == "idle":
        await desk.until_turns(1)
        await desk.count(account, prompts=1)


async def idle(desk: Desk, account: Account) -> None:
    """The host is killed while the session idles: afterwards a prompt is taken as ever."""
    await desk.start(prompt="name=p1 count=20")
    await desk.until_turns(1)
    await pause(0.05)
    await desk.again()
    await desk.until("idle")
    await desk.prompt("name=p2 count=20")
    await desk.until_turns(2)
    await desk.count(account, prompts=2)


async def working(desk: Desk, account: Account) -> None:
    """The host is killed twice while the agent speaks, 200 frames a second."""
    await desk.start(prompt="name=p1 count=400 gap=0.005")
    await desk.until("working")
    for _ in range(2):
        await pause(0.6)
        await desk.again()
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def flooding(desk: Desk, account: Account) -> None:
    """The host is killed while the agent prints 30,000 frames as fast as it can."""
    await desk.start(prompt="name=p1 count=30000")
    await desk.until("working")
    await pause(0.3)
    await desk.again()
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


async def waiting(desk: Desk, account: Account) -> None:
    """The host is killed while a permission is open: it is asked again under its id, and a late answer counts."""
    await desk.start(prompt="name=p1 count=3 ask=1")
    info = await desk.until("waiting")
    request = info["inputNeeded"][0]["request"]
    await pause(0.05)
    await desk.again()
    info = await desk.until("waiting")
    if [asked["request"] for asked in info["inputNeeded"]] != [request]:
        account.wrong.append("the question is another")
    await desk.command("agent.respond", request=request, option="yes")
    await desk.until_turns(1)
    await desk.count(account, prompts=1)
    if (await desk.told()).count("[answered yes]") != 1:
        account.wrong.append("the answer did not arrive once")


async def answered(desk: Desk, account: Account) -> None:
    """The host is killed right after an answer was taken."""
    await desk.start(prompt="name=p1 ask=1")
    info = await desk.until("waiting")
    await desk.command("agent.respond", request=info["inputNeeded"][0]["request"], option="no")
    await pause(0.01)
    await desk.again()
    await desk.until_turns(1)
    await desk.count(account, prompts=1)
    if (await desk.told()).count("[answered no]") != 1:
        account.wrong.append("the answer did not arrive once")


async def prompted(desk: Desk, account: Account) -> None:
    """The host is killed right after it took three prompts: each is carried out once, sent or not."""
    await desk.start()
    await desk.until("idle")
    for number in range(1, 4):
        await desk.prompt(f"name=p{number} count=5")
        await pause(0.01)
    await desk.again()
    await desk.until_turns(3)
    await desk.count(account, prompts=3)


async def stopping(desk: Desk, account: Account) -> None:
    """The host is killed on the ladder, with an agent that resists; the next host climbs on."""
    await desk.start(prompt="name=p1 count=2000 gap=0.005 stubborn=1")
    await desk.until("working")
    await anyio.sleep(0.2)
    await desk.command("agent.stop", grace=1)
    await desk.until("stopping")
    await pause(2.5)
    await desk.again()
    await desk.until("stopped")
    await desk.count(account, prompts=1)


async def exited(desk: Desk, account: Account) -> None:
    """The agent ends while no host is there: all it said is shown, and how it ended."""
    await desk.start(prompt="name=p1 count=200 gap=0.005 exit=3")
    await desk.until("working")
    await pause(0.5)
    await desk.kill()
    await anyio.sleep(2)
    await desk.open()
    info = await desk.until("failed")
    if (info.get("exit") or {}).get("code") != 3:
        account.wrong.append(f"ended with {info.get('exit')}")
    await desk.count(account, prompts=1)


async def gone(desk: Desk, account: Account) -> None:
    """The container is removed while no host is there."""
    await desk.start(prompt="name=p1 count=5")
    await desk.until_turns(1)
    await desk.command("agent.snapshot")  # brings all to the disk: without its log nothing can be made again
    before, container = await desk.told(), await desk.container()
    await desk.kill()
    await anyio.to_thread.run_sync(lambda: desk.engine.remove_container(container, force=True))
    await desk.open()
    info = await desk.until("failed")
    if (info.get("error") or {}).get("kind") != "container-gone":
        account.wrong.append(f"ended with {info.get('error')}")
    account.lost += len(before) - len(await desk.told())


async def restarted(desk: Desk, account: Account) -> None:
    """A stopped session is restarted by a later host, and its conversation goes on."""
    await desk.start(prompt="name=p1 count=5")
    await desk.until_turns(1)
    await desk.command("agent.stop", grace=1)
    await desk.until("stopped")
    await pause(0.05)
    await desk.again()
    await desk.until("stopped")
    await desk.command("agent.restart")
    await desk.until("idle")
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(2)
    if (await desk.printed()).count("[again]") != 1:
        account.wrong.append("the conversation was not resumed")


SCENARIOS: Mapping[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        starting,
        handshake,
        idle,
        working,
        flooding,
        waiting,
        answered,
        prompted,
        stopping,
        exited,
        gone,
        restarted,
    )
}


async def pause(longest: float) -> None:
    """A random time, so that every run kills somewhere else."""
    await anyio.sleep(random.uniform(0, longest))  # noqa: S311 - nothing to guess
