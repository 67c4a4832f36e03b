"""``python -m tests.faults --repeat 20``: a table of scenario, runs, events lost, repeated, orphans."""

import argparse
import asyncio
import sys
import time

from tests.faults.desk import Account, open_desk
from tests.faults.scenarios import SCENARIOS


async def run(name: str, repeat: int) -> Account:
    """Runs one scenario so often, and adds the runs up."""
    account = Account()
    for _ in range(repeat):
        try:
            async with open_desk(account) as desk:
                await SCENARIOS[name](desk, account)
        except Exception as error:  # noqa: BLE001 - one run that fails is a row, and no end of the others
            account.wrong.append(repr(error)[:2000])
    return account


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("scenarios", nargs="*", default=[*SCENARIOS])
    options = parser.parse_args()
    sys.stdout.write("| host killed while | runs | events lost | repeated | orphans | otherwise wrong |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    bad = 0
    for name in options.scenarios:
        begun = time.monotonic()
        account = asyncio.run(run(name, options.repeat))
        bad += account.lost + account.repeated + account.orphans + len(account.wrong)
        row = (name, options.repeat, account.lost, account.repeated, account.orphans, len(account.wrong))
        sys.stdout.write(f"| {' | '.join(map(str, row))} |\n")
        sys.stdout.flush()
        for wrong in account.wrong:
            sys.stderr.write(f"{name}: {wrong}\n")
        sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
