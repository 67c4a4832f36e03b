"""Scenarios: a session whose network has a list, and what stands between it and the network ends."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import docker.errors
from anyio import to_thread

from berth.engine.base import LABEL
from berth.planning.labels import LANE_LABEL
from berth.sessions.egress.containers import holder_name
from tests.faults.account import Account
from tests.faults.desk import IMAGE, Desk
from tests.faults.scenarios import pause


async def way_out_and_host_killed(desk: Desk, account: Account) -> None:
    """The host of a session whose network has a list is killed while the agent speaks."""
    async with _speaks(desk, account):
        await desk.again()
        await _goes_on(desk, account)


async def way_out_proxy_killed(desk: Desk, account: Account) -> None:
    """The proxy is killed while the agent speaks: the agent goes on, and a restart has its way out again."""
    async with _speaks(desk, account) as (_, proxy):
        await to_thread.run_sync(desk.engine.kill, proxy)
        await _goes_on(desk, account)
        await desk.command("agent.restart")
        await desk.until("starting")
        await desk.until("idle")


async def way_out_holder_killed(desk: Desk, account: Account) -> None:
    """The holder of the network is killed while the agent speaks: the agent goes on, and a rebuild has another."""
    async with _speaks(desk, account) as (holder, _):
        await to_thread.run_sync(desk.engine.kill, holder)
        await _goes_on(desk, account)
        await desk.command("agent.rebuild")
        await desk.until("starting")
        await desk.until("idle")


@asynccontextmanager
async def _speaks(desk: Desk, account: Account) -> AsyncIterator[tuple[str, str]]:
    """The names of holder and proxy. Afterwards the session is removed, and no holder may be left."""
    desk.environment["BERTH_BASE_IMAGE"] = IMAGE
    desk.settings["docker"]["network"] = {"mode": "allowlist"}
    await desk.again()
    await desk.start(prompt="name=p1 count=600 gap=0.005")
    await desk.until("working")
    proxy, holder = await to_thread.run_sync(_between, desk, await desk.container())
    await pause(0.5)
    yield holder, proxy
    latest = await to_thread.run_sync(_between, desk, await desk.container())
    await desk.command("agent.remove", force=True)
    for each in {holder, latest[1]}:
        account.orphans += await to_thread.run_sync(_removed, desk, each)
    await desk.kill()
    await to_thread.run_sync(_cleared, desk, proxy)


async def _goes_on(desk: Desk, account: Account) -> None:
    await desk.until_turns(1)
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(2)
    await desk.count(account, prompts=2)


def _between(desk: Desk, container: str) -> tuple[str, str]:
    lane = desk.engine.inspect_container(container)["Config"]["Labels"][LANE_LABEL]
    holder = holder_name(lane)
    return desk.engine.inspect_container(holder)["Config"]["Labels"][f"{LABEL}.proxy"], holder


def _cleared(desk: Desk, proxy: str) -> None:
    """Takes away what stays on purpose: the proxy, which serves other sessions too, and a holder for the next one."""
    for each in desk.engine.containers(all=True, filters={"label": f"{LABEL}.proxy={proxy}"}):
        _removed(desk, each["Id"])
    _removed(desk, proxy)
    desk.engine.remove_volume(proxy, force=True)


def _removed(desk: Desk, name: str) -> int:
    """Removes a container; answers how many there were."""
    with contextlib.suppress(docker.errors.NotFound):
        desk.engine.remove_container(name, force=True)
        return 1
    return 0


WAY_OUT = (way_out_and_host_killed, way_out_proxy_killed, way_out_holder_killed)
