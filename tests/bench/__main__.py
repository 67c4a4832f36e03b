"""Runs the benchmarks: ``python -m tests.bench [--only NAME]… [--quick] [--json FILE]``.

Prints one table of figures beside their bars. Nothing is asserted: a machine under load is no failure.
"""

import argparse
import asyncio
import importlib
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.absent import Absent
from tests.bench.figures import Figure, table

BENCHES = {
    "first-byte": ("tests.bench.first_byte", 30, 5),
    "spares": ("tests.bench.spares", 30, 5),
    "spawn": ("tests.bench.spawn", 20, 4),
    "shared": ("tests.bench.shared", 20, 4),
    "pipeline": ("tests.bench.pipeline", 7, 3),
    "stream": ("tests.bench.stream", 7, 2),
    "busy": ("tests.bench.busy", 1, 1),
    "memory": ("tests.bench.memory", 100, 20),
    "stalled": ("tests.bench.stalled", 3, 1),
    "planning": ("tests.bench.planning", 50, 5),
    "context": ("tests.bench.context", 20, 3),
    "egress": ("tests.bench.egress", 20, 5),
    "broker": ("tests.bench.broker", 300, 50),
}
"""Module, and how much of it: rounds, or sessions for ``memory``; in full and with ``--quick``."""


def main() -> int:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="berth-bench-config-") as folder:
        _use_own_settings(Path(folder))
        return _measure(options)


def _use_own_settings(folder: Path) -> None:
    """What the benchmarks' editors say is obeyed unasked, and the settings of whoever runs them do not matter."""
    file = folder / "berth" / "settings.json"
    file.parent.mkdir()
    file.write_text(
        json.dumps({"policy": {"workspaces": "allow"}, "docker": {"spares": {"count": 0}, "network": {"mode": "open"}}})
    )
    os.environ["XDG_CONFIG_HOME"] = str(folder)


def _measure(options: argparse.Namespace) -> int:
    figures: list[Figure] = []
    left_out: list[str] = []
    for name in options.only or BENCHES:
        module, full, quick = BENCHES[name]
        begun = time.monotonic()
        try:
            figures += asyncio.run(importlib.import_module(module).measure(quick if options.quick else full))
        except Absent as absent:
            left_out.append(f"left out: {name}: {absent}")
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    print("\n".join(left_out))
    if options.json:
        report = {"machine": machine(), "figures": [figure.as_json() for figure in figures], "left_out": left_out}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


def machine() -> dict[str, Any]:
    """What it was measured on."""
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "").partition(": ")[2]
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "").split()
    return {
        "cores": os.cpu_count(),
        "cpu": cpu,
        "memory_mib": int(memory[1]) // 1024 if memory else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures Berth against its bars.")
    parser.add_argument("--only", action="append", choices=[*BENCHES], help="just this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, no measurement")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures as JSON as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
