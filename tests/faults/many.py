"""Scenarios: a hundred sessions at once, and a container that waits for a session when its host dies."""

import json
import time
from collections.abc import Callable

import anyio
from anyio import to_thread

from tests.faults.account import Account
from tests.faults.desk import OWN_SETTINGS, Desk
from tests.lsp.editor import Message

HUNDRED = 100
START_SECONDS = 400.0
SMALL = {"memory": "64m"}


async def hundred_sessions(desk: Desk, account: Account) -> None:
    """A hundred sessions are started at once; the host is killed while they speak, and all go on with the next."""
    own = desk.session
    names = [f"{own}-{number}" for number in range(HUNDRED)]
    for name in names:
        desk.session = name
        await desk.start(prompt="name=p1 count=300 gap=0.05", resources=SMALL)
    await _all_told(desk, names, lambda info: (info.get("turn") or {}).get("id") == "t1" or info["state"] == "failed")
    await desk.again()
    await _all_told(desk, names, lambda info: info["state"] in ("idle", "failed"))
    for name in names:
        desk.session = name
        if desk.info()["state"] != "idle":
            account.wrong.append(f"ended with {desk.info().get('error')}")
        else:
            await desk.count(account, prompts=1)


async def spare_left(desk: Desk, account: Account) -> None:
    """A spare whose host died is removed by the next host."""
    settings = {**OWN_SETTINGS, "docker": {"spares": {"count": 1}, "network": {"mode": "open"}}}
    await anyio.Path(desk.folder / "config" / "berth" / "settings.json").write_text(json.dumps(settings))
    desk.settings["docker"]["login"] = "workspace"
    await desk.again()
    await desk.start(prompt="name=p1 count=5")
    await desk.until_turns(1)
    if not await to_thread.run_sync(_spares, desk, 1):
        account.wrong.append("there was no spare")
    await desk.again()
    account.orphans += await to_thread.run_sync(_spares, desk, 0)
    await desk.until("idle")
    await desk.count(account, prompts=1)
    await desk.command("agent.remove", force=True)
    await to_thread.run_sync(_remove_home, desk)


def _remove_home(desk: Desk) -> None:
    """The workspace's sessions share it, and it stays on purpose."""
    for volume in desk.engine.volumes(filters={"label": f"dev.berth.workspace={desk.workspace}"})["Volumes"]:
        desk.engine.remove_volume(volume["Name"])


def _spares(desk: Desk, wanted: int) -> int:
    """How many spares there are, once there are as many as wanted, or it took too long."""
    label, end = f"dev.berth.workspace={desk.workspace}", time.monotonic() + 30
    while True:
        listed = desk.engine.containers(all=True, filters={"label": [label, "dev.berth.spare"]})
        found = [each for each in listed if desk.session not in str(each["Names"])]
        if len(found) == wanted or time.monotonic() > end:
            return len(found)
        time.sleep(0.1)


async def _all_told(desk: Desk, names: list[str], holds: Callable[[Message], object]) -> None:
    def told() -> bool:
        infos = {message["params"]["id"]: message["params"] for message in desk.editor.all("agent/session")}
        return all(name in infos and holds(infos[name]) for name in names)

    await desk.editor.until(told, seconds=START_SECONDS)


MANY = (spare_left,)
LARGE = (hundred_sessions,)
