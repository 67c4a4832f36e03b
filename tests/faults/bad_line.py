"""Scenarios: the line between host and engine delays, hangs, is cut and reset, while host and engine are well."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio

from tests.faults.account import Account
from tests.faults.desk import Desk
from tests.faults.proxy import Proxy, open_proxy
from tests.faults.scenarios import pause


@asynccontextmanager
async def behind_proxy(desk: Desk) -> AsyncIterator[Proxy]:
    """The desk's host reaches the engine through the proxy; the desk itself goes straight."""
    await desk.kill()
    async with open_proxy() as proxy:
        desk.environment["DOCKER_HOST"] = proxy.address
        await desk.open()
        try:
            yield proxy
        finally:
            await desk.kill()
            del desk.environment["DOCKER_HOST"]


async def line_delays(desk: Desk, account: Account) -> None:
    """The line to the engine takes 20 ms more each way, from the start to the stop."""
    async with behind_proxy(desk) as proxy:
        proxy.delay = 0.02
        await desk.start(prompt="name=p1 count=300 gap=0.002 ask=1")
        info = await desk.until("waiting")
        await desk.command("agent.respond", request=info["inputNeeded"][0]["request"], option="yes")
        await desk.until_turns(1)
        await desk.prompt("name=p2 count=5")
        await desk.until_turns(2)
        await desk.command("agent.stop", grace=2)
        await desk.until("stopped")
        await desk.count(account, prompts=2)


async def line_hangs_at_start(desk: Desk, account: Account) -> None:
    """The line hangs for 2 s during a start: it comes up, or says why not, and can be restarted."""
    async with behind_proxy(desk) as proxy:
        await desk.start(prompt="name=p1 count=20")
        await pause(1.0)
        proxy.hang()
        await anyio.sleep(2)
        proxy.flow()
        await _up(desk, account)


async def line_cut_at_start(desk: Desk, account: Account) -> None:
    """The line is cut during a start: likewise."""
    async with behind_proxy(desk) as proxy:
        await desk.start(prompt="name=p1 count=20")
        await pause(1.0)
        await proxy.cut()
        await _up(desk, account)


async def line_hangs(desk: Desk, account: Account) -> None:
    """The line hangs for 8 s while the agent speaks: longer than a look may take."""
    await _while_speaking(desk, account, _hang)


async def line_cut(desk: Desk, account: Account) -> None:
    """The line is cut five times while the agent speaks."""
    await _while_speaking(desk, account, lambda proxy: _five_times(proxy.cut))


async def line_reset(desk: Desk, account: Account) -> None:
    """The line is reset (RST) five times while the agent speaks."""
    await _while_speaking(desk, account, lambda proxy: _five_times(proxy.reset))


async def line_refused(desk: Desk, account: Account) -> None:
    """The engine cannot be reached for 4 s while the agent speaks."""
    await _while_speaking(desk, account, _refuse)


async def line_cut_at_prompts(desk: Desk, account: Account) -> None:
    """The line is cut just after each of three prompts: each is carried out once."""
    async with behind_proxy(desk) as proxy:
        await desk.start()
        await desk.until("idle")
        for number in range(1, 4):
            await desk.prompt(f"name=p{number} count=5")
            await pause(0.03)
            await proxy.cut()
        await desk.until_turns(3)
        await desk.count(account, prompts=3)


async def line_cut_at_stop(desk: Desk, account: Account) -> None:
    """The line is cut five times while the session stops: it ends all the same."""
    async with behind_proxy(desk) as proxy:
        await desk.start(prompt="name=p1 count=2000 gap=0.005 stubborn=1")
        await desk.until("working")
        await desk.command("agent.stop", grace=1)
        for _ in range(5):
            await pause(0.6)
            await proxy.cut()
        await desk.until("stopped")
        await desk.count(account, prompts=1)
        await desk.nothing_runs(account)


async def line_gone_at_stop(desk: Desk, account: Account) -> None:
    """The engine cannot be reached while the session is stopped: what runs ends once it is back."""
    async with behind_proxy(desk) as proxy:
        await desk.start(prompt="name=p1 count=4000 gap=0.005 stubborn=1")
        await desk.until("working")
        await proxy.refuse()
        await desk.command("agent.stop", grace=0.5)
        await anyio.sleep(3)
        proxy.flow()
        await desk.until("stopped", "failed")
        await desk.nothing_runs(account)


async def _while_speaking(desk: Desk, account: Account, fault: Callable[[Proxy], Awaitable[None]]) -> None:
    async with behind_proxy(desk) as proxy:
        await desk.start(prompt="name=p1 count=800 gap=0.005")
        await desk.until("working")
        await pause(0.5)
        await fault(proxy)
        await desk.until_turns(1)
        await desk.prompt("name=p2 count=5")
        await desk.until_turns(2)
        await desk.count(account, prompts=2)


async def _hang(proxy: Proxy) -> None:
    proxy.hang()
    await anyio.sleep(8)
    proxy.flow()


async def _refuse(proxy: Proxy) -> None:
    await proxy.refuse()
    await anyio.sleep(4)
    proxy.flow()


async def _five_times(fault: Callable[[], Awaitable[None]]) -> None:
    for _ in range(5):
        await pause(0.5)
        await fault()


async def _up(desk: Desk, account: Account) -> None:
    info = await desk.until("idle", "failed", also=lambda info: info["state"] == "failed" or info.get("turn"))
    if info["state"] == "failed":
        kind = str((info.get("error") or {}).get("kind"))
        if not kind.startswith(("engine-", "container-gone")):
            account.wrong.append(f"failed with {info.get('error')}")
        await desk.nothing_runs(account)
        await desk.command("agent.restart")
        await desk.until("idle")
        return
    await desk.until_turns(1)
    await desk.count(account, prompts=1)


BAD_LINE = (
    line_delays,
    line_hangs_at_start,
    line_cut_at_start,
    line_hangs,
    line_cut,
    line_reset,
    line_refused,
    line_cut_at_prompts,
    line_cut_at_stop,
    line_gone_at_stop,
)
