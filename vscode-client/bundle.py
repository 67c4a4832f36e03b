"""Puts the server into ``server/``, for the package that brings it: its wheel and the exact libraries that it needs.

    python vscode-client/bundle.py

The libraries are those of ``requirements.lock`` with their hashes, without what only tests and tools need.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SERVER = HERE / "server"

OURS = "agent-berth (pyproject.toml)"
"""What stands in the lock as the reason for a library that the server itself asks for."""


def main() -> int:
    """Answers the exit status."""
    shutil.rmtree(SERVER, ignore_errors=True)
    SERVER.mkdir()
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    (SERVER / "requirements.txt").write_text("".join(needed(lock)), "utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(SERVER)]
    subprocess.run(command, check=True, cwd=ROOT)
    return 0


def needed(lock: str) -> Iterator[str]:
    """The entries of a lock that the server needs, in their order, without comments."""
    entries = {_name(entry): entry for entry in re.split(r"\n(?=\S)", lock) if entry.strip()}
    reasons = {name: _reasons(entry) for name, entry in entries.items()}
    wanted = {OURS}
    while more := {name for name, why in reasons.items() if why & wanted} - wanted:
        wanted |= more
    for name, entry in entries.items():
        if name in wanted:
            yield "\n".join(line for line in entry.splitlines() if not line.lstrip().startswith("#")) + "\n"


def _name(entry: str) -> str:
    return entry.partition("==")[0].strip()


def _reasons(entry: str) -> set[str]:
    """The names behind ``# via``, on its line or on lines of their own."""
    comments = re.findall(r"^[ ]+#[ ]*(?:via\b)?[ ]*(.*)$", entry, re.MULTILINE)
    return {comment.strip() for comment in comments if comment.strip()}


if __name__ == "__main__":
    sys.exit(main())
