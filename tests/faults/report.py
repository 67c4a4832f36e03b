"""``python -m tests.faults.report FILE…``: what ``--json`` wrote down becomes ``docs/faults.json`` and its table.

Of each scenario those runs count that were made since something went wrong in it last: what was mended is run anew.
"""

import argparse
import inspect
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.every import EVERY
from tests.faults.own_engine import ON_ENGINE
from tests.faults.run import REPOSITORY

SUMMARY = REPOSITORY / "docs" / "faults.json"
PAGE = REPOSITORY / "docs" / "faults.md"
BEGIN, END = "<!-- made by tests/faults/report.py from faults.json -->\n", "<!-- end -->\n"
COLUMNS = ("what happens", "scenario", "runs", "events lost", "repeated", "orphans", "otherwise wrong")

Line = Mapping[str, Any]


def summary(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """One entry a scenario, in their order; those without a run have zeros."""
    runs: dict[str, list[Line]] = {}
    for line in lines:
        runs.setdefault(line["scenario"], []).append(line)
    return [_entry(name, runs.get(name, [])) for name in (*EVERY, *ON_ENGINE)]


def table(entries: Sequence[Line]) -> str:
    """The whole part of the page that is made."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_row, entries)]
    return _caption(entries) + "\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def within(page: str, made: str) -> str:
    """The page with its made part replaced."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.report", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    lines = [json.loads(line) for file in parser.parse_args().files for line in file.read_text().splitlines()]
    entries = summary(lines)
    SUMMARY.write_text(json.dumps(entries, indent=1) + "\n")
    PAGE.write_text(within(PAGE.read_text(), table(entries)))
    return 0


def _entry(name: str, lines: list[Line]) -> dict[str, Any]:
    counted = _since_mended(lines)
    return {
        "scenario": name,
        "runs": len(counted),
        "lost": sum(line["lost"] for line in counted),
        "repeated": sum(line["repeated"] for line in counted),
        "orphans": sum(line["orphans"] for line in counted),
        "wrong": [wrong for line in counted for wrong in line["wrong"]],
        "commits": sorted({line["commit"] for line in counted}),
        "at": [min(line["at"] for line in counted), max(line["at"] for line in counted)] if counted else [],
        "seconds": round(sum(line["seconds"] for line in counted)),
        "load": [min(line["load"] for line in counted), max(line["load"] for line in counted)] if counted else [],
        "engine": sorted({line["engine"] for line in counted}),
        "machine": sorted({line["machine"] for line in counted}),
    }


def _since_mended(lines: list[Line]) -> list[Line]:
    """Without what ran up to the last commit on which something was wrong. The newest commit counts, whatever it is."""
    newest = max(lines, key=lambda line: int(line["at"]), default={"commit": None})["commit"]
    failed = {line["commit"] for line in lines if _is_wrong(line) and line["commit"] != newest}
    since = max((int(line["at"]) for line in lines if line["commit"] in failed), default=-1)
    return [line for line in lines if int(line["at"]) > since]


def _is_wrong(line: Line) -> bool:
    return bool(line["lost"] or line["repeated"] or line["orphans"] or line["wrong"])


def _row(entry: Line) -> tuple[str, ...]:
    counts = (entry["runs"], entry["lost"], entry["repeated"], entry["orphans"], len(entry["wrong"]))
    return _what(entry["scenario"]), f"`{entry['scenario']}`", *map(str, counts)


def _caption(entries: Sequence[Line]) -> str:
    times = [time for entry in entries for time in entry["at"]]
    loads = [load for entry in entries for load in entry["load"]]
    if not times:
        return "Nothing was run."
    begun, ended = (datetime.fromtimestamp(time, UTC).strftime("%d %B %Y, %H:%M") for time in (min(times), max(times)))
    count = sum(entry["runs"] for entry in entries)
    engines, machines = (sorted({each for entry in entries for each in entry[what]}) for what in ("engine", "machine"))
    commits = sorted({commit for entry in entries for commit in entry["commits"]})
    return (
        f"{count} runs between {begun} and {ended} (UTC), at a load of {min(loads)} to {max(loads)}.\n"
        f"{', '.join(engines)}; {', '.join(machines)}; commits {', '.join(commits)}."
    )


def _what(name: str) -> str:
    scenario: object = EVERY.get(name) or ON_ENGINE[name]
    return (inspect.getdoc(scenario) or "").partition("\n")[0].rstrip(".").replace("``", "`")


if __name__ == "__main__":
    sys.exit(main())
