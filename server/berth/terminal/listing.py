"""``berth ls``."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from berth.protocol.session import STATE_WORDS, State
from berth.terminal.finding import Info
from berth.terminal.hosts import Joined, Start, joined_hosts
from berth.terminal.plain import plain

HEADER = ("SESSION", "STATE", "AGENT", "WHERE", "AGE", "FOLDER")
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


async def list_sessions(start: Start, *, as_json: bool) -> int:
    """Prints every session of every host, oldest first: a table, or JSON with each ``SessionInfo`` and its ``host``."""
    async with joined_hosts(start) as hosts:
        found = [(host, info) for host in hosts for info in await host.sessions()]
    if as_json:
        whole = [info | {"host": {"pid": host.pid, "version": host.version}} for host, info in found]
        sys.stdout.write(json.dumps(whole, indent=2) + "\n")
    elif found:
        own = found[0][0].version
        sys.stdout.write(table([HEADER, *(_row(host, info, own) for host, info in found)]))
    else:
        sys.stdout.write("No sessions.\n")
    return 0


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the last one as wide as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def age(milliseconds: int) -> str:
    """How long ago a Unix time was, in its largest whole unit."""
    seconds = max(0, int(time.time() - milliseconds / 1000))
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "s"))
    return f"{seconds // size}{unit}"


def _row(host: Joined, info: Info, own: str) -> tuple[str, ...]:
    home = str(Path.home())
    folder = str(info["workspaceFolder"])
    shown = folder.replace(home, "~", 1) if folder.startswith(f"{home}/") else folder
    where = "no container" if info["mode"] == "host" else str(info.get("image") or "container")
    version = "" if host.version == own else f" (Berth {host.version})"
    state = STATE_WORDS[State(info["state"])]
    cells = (info["id"], state, info["agent"], where, age(info["startedAt"]), shown + version)
    return tuple(plain(str(cell)) for cell in cells)
