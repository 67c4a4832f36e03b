"""What an earlier host left of a session's record, read and repaired."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter

from berth.errors import SessionError
from berth.protocol.events import AnyEvent
from berth.sessions.journal import Journal
from berth.sessions.journal_lines import Found, read_events, scan
from berth.sessions.past import Past
from berth.sessions.states import ENDED
from berth.sessions.transcript import Transcript

_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


@dataclass(frozen=True, slots=True)
class Kept:
    """A journal to go on with, the transcript in the state that it ends in, and what the journal's notes tell.

    ``damaged`` counts lines of the journal that could not be read.
    """

    journal: Journal
    transcript: Transcript
    past: Past
    damaged: int


def read_kept(folder: Path) -> Kept:
    """Reads a session's folder; call it in a worker thread. What was torn at the journal's end is cut off.

    The transcript is written anew: it is made of the events.

    Raises:
        SessionError: ``journal-unreadable``.
        OSError: The folder cannot be read or written.
    """
    path = folder / "events.jsonl"
    found = scan(path)
    if path.exists() and path.stat().st_size > found.size:
        os.truncate(path, found.size)
    past = Past.told_by(found.notes, found.mark)
    return Kept(Journal(path, found), _transcript(folder, past, found), past, found.damaged)


def has_ended(folder: Path) -> bool:
    """Whether a session is over by its journal, which is only looked at: another process may write in it. Blocks.

    Raises:
        OSError: It cannot be read.
    """
    try:
        found = scan(folder / "events.jsonl")
    except SessionError:
        return False
    return Past.told_by(found.notes, found.mark).info.get("state") in ENDED


def _transcript(folder: Path, past: Past, found: Found) -> Transcript:
    transcript = Transcript(str(past.info.get("workspaceFolder", "")))
    fresh = folder / "transcript.md.new"
    with private_text(fresh) as file:
        file.write(f"# {past.info.get('name', '')}\n")
        if found.first > 1:
            file.write("\n*What was said before is no longer kept.*\n")
        for line in _events(folder / "events.jsonl", found):
            stamped = json.loads(line)
            at = stamped["at"]
            body = {name: value for name, value in stamped.items() if name not in ("seq", "at", "turn")}
            file.write(transcript.add(_EVENT.validate_python(body), at))
    fresh.replace(folder / "transcript.md")
    return transcript


def _events(path: Path, found: Found) -> Iterator[bytes]:
    if found.last:
        with path.open("rb") as file:
            yield from read_events(file, found.first, found.first)


def private_text(path: Path) -> TextIO:
    """A new text file that only the user can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")
