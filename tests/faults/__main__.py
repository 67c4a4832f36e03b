"""``python -m tests.faults --repeat 20``: a table of scenario, runs, events lost, repeated, orphans."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from tests.faults.account import Account
from tests.faults.desk import open_desk
from tests.faults.every import EVERY
from tests.faults.own_engine import ON_ENGINE, mortal_engine, run_on

HEAD = "| what happens | runs | events lost | repeated | orphans | otherwise wrong | seconds |\n"
Once = Callable[[Account], Awaitable[None]]


async def run(once: Once, repeat: int, seconds: float) -> tuple[int, Account]:
    """Runs one scenario so often, or as often as begins within so many seconds, and adds the runs up."""
    account, begun, runs = Account(), time.monotonic(), 0
    while runs < repeat and (not runs or time.monotonic() - begun < seconds):
        runs += 1
        try:
            await once(account)
        except Exception as error:  # noqa: BLE001 - one run that fails is a row, and no end of the others
            account.wrong.append(repr(error)[:2000])
    return runs, account


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each scenario, about")
    parser.add_argument("scenarios", nargs="*", default=[*EVERY, *ON_ENGINE])
    options = parser.parse_args()
    sys.stdout.write(HEAD + "|---|---|---|---|---|---|---|\n")
    with ExitStack() as stack:
        engine = stack.enter_context(mortal_engine()) if {*options.scenarios} & {*ON_ENGINE} else None

        def once(name: str) -> Once:
            return lambda account: (
                run_on(engine, name, account) if engine and name in ON_ENGINE else usual(name, account)
            )

        return max(shown(name, once(name), options) for name in options.scenarios)


async def usual(name: str, account: Account) -> None:
    async with open_desk(account) as desk:
        await EVERY[name](desk, account)


def shown(name: str, once: Once, options: argparse.Namespace) -> int:
    """Prints the row of a scenario; 1 when something was wrong."""
    begun = time.monotonic()
    runs, account = asyncio.run(run(once, options.repeat, options.seconds))
    counts = (account.lost, account.repeated, account.orphans, len(account.wrong))
    row = (name, runs, *counts, round(time.monotonic() - begun))
    sys.stdout.write(f"| {' | '.join(map(str, row))} |\n")
    sys.stdout.flush()
    for wrong in account.wrong:
        sys.stderr.write(f"{name}: {wrong}\n")
    return int(any(counts))


if __name__ == "__main__":
    sys.exit(main())
