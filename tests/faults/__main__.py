"""``python -m tests.faults --repeat 20``: runs scenarios, prints a table, and with ``--json`` writes each run down."""

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import docker
from docker.utils import kwargs_from_env

from tests.contract.second_engine import SecondEngine
from tests.faults.account import Account
from tests.faults.desk import open_desk
from tests.faults.every import EVERY
from tests.faults.own_engine import ON_ENGINE, mortal_engine, run_on
from tests.faults.run import Once, Run, run, surroundings

HEAD = "| scenario | runs | events lost | repeated | orphans | otherwise wrong | seconds |\n"


def main() -> int:
    options = _parser().parse_args()
    where = surroundings(_engine_version())
    sys.stdout.write(HEAD + "|---|---|---|---|---|---|---|\n")
    worst = 0
    with ExitStack() as stack:
        engine = stack.enter_context(mortal_engine()) if {*options.scenarios} & {*ON_ENGINE} else None
        for name in options.scenarios:
            runs = []
            for each in _repeated(name, _once(name, engine), options):
                runs.append(each)
                if options.json:
                    with options.json.open("a") as file:
                        file.write(each.line(where))
            worst = max(worst, _shown(name, runs))
    return worst


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each scenario, about")
    parser.add_argument("--json", type=Path, help="a line for each run is added to this file: see tests.faults.report")
    parser.add_argument("scenarios", nargs="*", default=[*EVERY, *ON_ENGINE])
    return parser


def _once(name: str, engine: SecondEngine | None) -> Once:
    async def usual(account: Account) -> None:
        async with open_desk(account) as desk:
            await EVERY[name](desk, account)

    return usual if engine is None or name not in ON_ENGINE else lambda account: run_on(engine, name, account)


def _repeated(name: str, once: Once, options: argparse.Namespace) -> Iterator[Run]:
    """So many runs, or as many as begin within so many seconds; one at least."""
    begun = time.monotonic()
    for number in range(options.repeat):
        if number and time.monotonic() - begun > options.seconds:
            return
        yield run(name, once)


def _shown(name: str, runs: list[Run]) -> int:
    """Prints the row of a scenario; 1 when something was wrong."""
    wrong = [each for one in runs for each in one.wrong]
    counts = (sum(one.lost for one in runs), sum(one.repeated for one in runs), sum(one.orphans for one in runs))
    row = (name, len(runs), *counts, len(wrong), round(sum(one.seconds for one in runs)))
    sys.stdout.write(f"| {' | '.join(map(str, row))} |\n")
    sys.stdout.flush()
    for each in wrong:
        sys.stderr.write(f"{name}: {each}\n")
    return int(not all(one.clean for one in runs))


def _engine_version() -> str:
    with contextlib.closing(docker.APIClient(**kwargs_from_env())) as client:
        return f"Docker Engine {client.version()['Version']}"


if __name__ == "__main__":
    sys.exit(main())
