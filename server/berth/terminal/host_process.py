"""``berth host status`` and ``berth host stop``: the processes themselves, of whatever version."""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from berth.sharing.asking import ask, ask_all
from berth.sharing.place import find_place
from berth.sharing.transports import transport_of
from berth.system.processes import is_running, kill
from berth.terminal.listing import age, table

END_SECONDS = 15.0
"""A host gives its conversations 3 s and itself 10 to close."""

HEADER = ("PROCESS", "VERSION", "AGE", "CONNECTIONS", "SESSIONS", "LIVE")


def show_hosts(*, as_json: bool) -> int:
    """Prints every host that runs: a table with its connections below, or JSON."""
    answers = ask_all(find_place(os.environ), "status")
    known = [answer for answer in answers.values() if answer]
    if as_json:
        sys.stdout.write(json.dumps(known, indent=2) + "\n")
        return 0
    for path, answer in answers.items():
        if not answer:
            sys.stdout.write(f"A host does not answer ({path}). End it with: berth host stop --force\n")
    if not answers:
        sys.stdout.write("No host runs.\n")
    if known:
        sys.stdout.write(table([HEADER, *map(_row, known)]))
    for answer in known:
        for connection in answer["connections"]:  # type: ignore[attr-defined]  # as the host says
            sys.stdout.write(
                f"  {connection['name'] or 'editor'} (process {connection['pid']}, {connection['folder']})\n"
            )
    return 0


def stop_hosts(*, force: bool) -> int:
    """Ends every host; without ``force`` only those without live sessions. 1 when one is left."""
    place = find_place(os.environ)
    left = 0
    for path, answer in ask_all(place, "status").items():
        if not force and (not answer or answer.get("live")):
            sys.stderr.write(f"berth: {_reason(answer)} Add --force to end it nevertheless.\n")
            left += 1
            continue
        pid = _process(path, answer)
        told = bool(ask(path, "stop"))
        if _ended(pid, within=END_SECONDS if told else 0, force=force):
            sys.stdout.write(f"The host {pid} has ended.\n")
        else:
            sys.stderr.write(f"berth: The host {pid} does not end.\n")
            left += 1
    return 1 if left else 0


def _reason(answer: Mapping[str, object]) -> str:
    if not answer:
        return "The host does not answer."
    count = answer.get("live")
    return f"The host {answer.get('pid')} has {count} live {'session' if count == 1 else 'sessions'}."


def _row(answer: Mapping[str, Any]) -> tuple[str, ...]:
    cells = (len(answer["connections"]), answer["sessions"], answer["live"])
    return (str(answer["pid"]), str(answer["version"]), age(answer["started"]), *map(str, cells))


def _process(path: str, answer: Mapping[str, object]) -> int | None:
    """Its process id: as it says, or, where it says nothing, as the system knows it."""
    if answer:
        return int(str(answer["pid"]))
    return transport_of(path).process(path)


def _ended(pid: int | None, *, within: float, force: bool) -> bool:
    """Waits for a process to go; one that does not is killed where that was asked for."""
    if pid is None or _gone_within(pid, within):
        return True
    if not force:
        return False
    kill(pid)
    return _gone_within(pid, END_SECONDS)


def _gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_running(pid):
            return True
        time.sleep(0.02)
    return False
