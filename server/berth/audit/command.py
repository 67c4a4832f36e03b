"""``berth audit verify`` and ``berth audit show``."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from berth.audit.chain import parsed, verified
from berth.audit.folder import AuditFolder


def run(options: argparse.Namespace, folder: Path, write: Callable[[str], object] = sys.stdout.write) -> int:
    """Answers the exit status: 0, or 1 where the chain does not hold. ``folder`` holds the audit."""
    audit = AuditFolder(folder)
    return _verify(audit, options, write) if options.what == "verify" else _show(audit, options, write)


def _verify(audit: AuditFolder, options: argparse.Namespace, write: Callable[[str], object]) -> int:
    verdict = verified(audit.lines())
    holds = not verdict.faults
    if options.json:
        end = verdict.end
        found: dict[str, Any] = {"holds": holds, "lines": verdict.lines, "first": verdict.first, "last": end.seq}
        write(json.dumps({**found, "digest": end.digest, "torn": verdict.torn, "faults": verdict.faults}) + "\n")
        return 0 if holds else 1
    for fault in verdict.faults:
        write(f"NO  {fault}.\n")
    if holds and verdict.lines:
        torn = f", {verdict.torn} cut off by a crash" if verdict.torn else ""
        write(f"ok  {verdict.lines} lines hold, from {verdict.first} to {verdict.end.seq}{torn}.\n")
        write(f"    The last one's digest: {verdict.end.digest}\n")
    elif holds:
        write("ok  Nothing was written yet.\n")
    return 0 if holds else 1


def _show(audit: AuditFolder, options: argparse.Namespace, write: Callable[[str], object]) -> int:
    found = [fields for _, line in audit.lines() if (fields := parsed(line)) is not None]
    wanted = [fields for fields in found if options.session in ("", fields.get("session"))]
    for fields in wanted[-options.last :]:
        write((json.dumps(fields) if options.json else _shown(fields)) + "\n")
    return 0


def _shown(fields: dict[str, Any]) -> str:
    """A line for people. What was written was made printable then; a file can have been changed since."""
    words = (fields.get(name) for name in ("ts", "session", "event", "decision", "code", "actor", "subject"))
    text = "  ".join(str(word) for word in words if word)
    return "".join(c if c.isprintable() else "?" for c in text)
