"""Scenarios: the host's clock is set while it runs, as by a person, a virtual machine that wakes, or a bad time server.

The host runs on libfaketime (Debian: ``libfaketime``), which steps the time of day of one process and leaves its
monotonic clock alone, as a step of the real clock does.
"""

import random
from pathlib import Path

import anyio

from tests.faults.account import Account
from tests.faults.desk import Desk
from tests.faults.scenarios import pause

LIBRARY = "faketime/libfaketimeMT.so.1"
STEPS = ("-1h", "+2h", "-3d", "+40d", "-2s", "+0")


async def clock_steps(desk: Desk, account: Account) -> None:
    """The host's clock is set back and forth by seconds to days while the agent speaks, and the next host's again."""
    clock = desk.folder / "clock"
    await _step(clock, "+0")
    await desk.move(
        LD_PRELOAD=str(_library()),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        NO_FAKE_STAT="1",
    )
    await desk.start(prompt="name=p1 count=600 gap=0.005 ask=1")
    await _stepped_until(desk, clock, "waiting")
    await _step(clock, random.choice(STEPS))  # noqa: S311 - nothing to guess
    await desk.again()
    info = await desk.until("waiting")
    await desk.command("agent.respond", request=info["inputNeeded"][0]["request"], option="yes")
    await desk.until_turns(1)
    await _step(clock, random.choice(STEPS))  # noqa: S311 - nothing to guess
    await desk.prompt("name=p2 count=5")
    await desk.until_turns(2)
    await desk.count(account, prompts=2)
    if not await _told_another_time(desk):
        account.wrong.append("the clock was not stepped at all")


async def _stepped_until(desk: Desk, clock: Path, state: str) -> None:
    with anyio.fail_after(60):
        while desk.info().get("state") != state:
            for step in STEPS:
                await pause(0.3)
                await _step(clock, step)


async def _step(clock: Path, offset: str) -> None:
    """Whoever reads meanwhile finds a whole file."""
    fresh = anyio.Path(clock.with_suffix(".new"))
    await fresh.write_text(f"{offset}\n")
    await fresh.replace(clock)


async def _told_another_time(desk: Desk) -> bool:
    times: list[int] = [event["at"] for event in await desk.events()]
    return max(times) - min(times) > 3_600_000


def _library() -> Path:
    """Where it is. Raises ``StopIteration`` without it: a run that steps nothing would prove nothing."""
    return next(Path("/usr/lib").glob(f"*/{LIBRARY}"))


CLOCK = (clock_steps,)
