"""``make fuzz``: a million starts by chance, on all processors, until the number or the time is reached.

    python -m tests.security.fuzz --cases 1000000 --minutes 60 --jobs 2 --first 0

Prints what came of them, and every finding with its number. Ends with 1 where there was one.
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import time
import traceback

from tests.security.grammar import start_of
from tests.security.oracle import outcome

BATCH = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.security.fuzz")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--first", type=int, default=0, help="the first number: other numbers are other starts")
    parser.add_argument("--only", type=int, help="one start alone, shown")
    options = parser.parse_args()
    if options.only is not None:
        sys.stdout.write(f"{start_of(options.only)}\n{outcome(start_of(options.only))}\n")
        return 0
    return _many(options)


def _many(options: argparse.Namespace) -> int:
    until, seen, findings = time.monotonic() + options.minutes * 60, collections.Counter[str](), list[str]()
    batches = iter(range(options.first, options.first + options.cases, BATCH))
    last = options.first + options.cases
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        running = {
            pool.submit(batch, first, min(BATCH, last - first))
            for first, _ in zip(batches, range(options.jobs * 2), strict=False)
        }
        while running:
            done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for each in done:
                counted, found = each.result()
                seen += counted
                findings += found
                following = next(batches, None) if time.monotonic() < until else None
                if following is not None:
                    running.add(pool.submit(batch, following, min(BATCH, last - following)))
    return _told(seen, findings)


def batch(first: int, count: int) -> tuple[collections.Counter[str], list[str]]:
    """What came of some numbers, and what must not have."""
    seen, findings = collections.Counter[str](), []
    for number in range(first, first + count):
        try:
            seen[outcome(start_of(number))] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            seen["FOUND"] += 1
            findings.append(f"--only {number}\n{traceback.format_exc(limit=-3)}")
    return seen, findings


def _told(seen: collections.Counter[str], findings: list[str]) -> int:
    for kind, count in seen.most_common():
        sys.stdout.write(f"{count:>10,}  {kind}\n")
    sys.stdout.write(f"{seen.total():>10,}  starts, {len(findings)} findings\n")
    sys.stdout.write("\n".join(findings[:5]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
