"""One run of one scenario, as it is written down."""

import asyncio
import json
import os
import platform
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.faults.account import Account

Once = Callable[[Account], Awaitable[None]]
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """What came of it. ``at`` in Unix seconds when it began; ``load`` of the last minute when it was over."""

    scenario: str
    at: int
    seconds: float
    load: float
    lost: int
    repeated: int
    orphans: int
    wrong: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is to be counted."""
        return not (self.lost or self.repeated or self.orphans or self.wrong)

    def line(self, where: dict[str, Any]) -> str:
        """As one line of JSON, with where it ran: see :func:`surroundings`."""
        return json.dumps(asdict(self) | where) + "\n"


def run(scenario: str, once: Once) -> Run:
    """Runs it on an event loop of its own. Blocks."""
    account, at, begun = Account(), int(time.time()), time.monotonic()
    try:
        asyncio.run(_run(once, account))
    except Exception as error:  # noqa: BLE001 - one run that fails is a row, and no end of the others
        account.wrong.append(repr(error)[:4000])
    counts = (account.lost, account.repeated, account.orphans, tuple(account.wrong))
    return Run(scenario, at, round(time.monotonic() - begun, 1), round(os.getloadavg()[0], 1), *counts)


def surroundings(engine: str) -> dict[str, Any]:
    """The machine, the engine's version as it was found, and the commit; ``-dirty`` where files were changed since."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    return {"machine": machine, "engine": engine, "commit": described.stdout.strip()}


async def _run(once: Once, account: Account) -> None:
    await once(account)
