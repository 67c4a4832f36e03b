"""What was written since a look before, and could run on the host. Costs a look at what changed, not at the tree."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from berth.protocol.workspace_events import WritebackFinding
from berth.sessions.changes import Look, look, shown
from berth.sessions.writeback.git_look import Danger, dangers
from berth.sessions.writeback.rules import rule_for
from berth.settings.observe import Unreadable, read_bytes

MAX_FINDINGS = 50
"""No event lists more."""

_BYTES = 1024 * 1024
_UNREAD = "can no longer be looked into"
_PROGRAM_FOLDERS = {"node_modules": ".bin", ".venv": "bin", "venv": "bin"}
"""Where programs are that editors start by themselves."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A workspace at one moment, with what in its repositories could run, and when its programs last changed."""

    look: Look
    git: frozenset[Danger]
    programs: Mapping[str, tuple[int, ...]]


def sight(workspace: Path) -> Sight:
    """Looks at everything; call it in a worker thread."""
    seen = look(workspace)
    git = frozenset(danger for path in seen.repositories for danger in dangers(workspace / path))
    return Sight(seen, git, {path: _programs(workspace / path) for path in seen.ignored})


def sweep(workspace: Path, before: Sight, after: Sight) -> list[WritebackFinding]:
    """What is new and could run, the gravest first; call it in a worker thread."""
    changed = (path for path, seen in after.look.files.items() if before.look.files.get(path) != seen)
    found = [
        *(_finding(danger.path, danger.what) for danger in after.git - before.git),
        *(finding for path in changed for finding in _of_file(workspace, path)),
        *_of_programs(workspace, before, after),
        *(_finding(workspace / path, _UNREAD) for path in set(after.look.unread) - set(before.look.unread)),
    ]
    if after.look.truncated and not before.look.truncated:
        found.append(_finding(workspace, "now has more files than are looked at; those beyond could be anything"))
    return sorted(set(found), key=lambda finding: (finding.severity != "warning", finding.path, finding.what))


def _of_file(workspace: Path, path: str) -> Iterator[WritebackFinding]:
    """A file that is new or different."""
    place = workspace / path
    try:
        status = place.lstat()
        if stat.S_ISLNK(status.st_mode):
            yield from _of_link(workspace, place)
        elif status.st_mode & (stat.S_ISUID | stat.S_ISGID):
            yield _finding(place, "whoever starts it has the rights of its owner (setuid, setgid)")
    except OSError:
        return  # gone meanwhile
    rule = rule_for(path)
    if rule is not None and (rule.text is None or _says(place, rule.text)):
        yield WritebackFinding(path=shown(place), what=rule.what, severity=rule.severity)


def _of_link(workspace: Path, place: Path) -> Iterator[WritebackFinding]:
    target = Path(os.path.realpath(place))
    if not target.is_relative_to(workspace):
        yield _finding(place, f"leads out of the workspace, to {shown(target)}")


def _of_programs(workspace: Path, before: Sight, after: Sight) -> Iterator[WritebackFinding]:
    for path, seen in after.programs.items():
        if seen and seen != before.programs.get(path):
            place = workspace / path / _PROGRAM_FOLDERS[Path(path).name]
            what = "has programs that are new or different; editors start some of them"
            yield WritebackFinding(path=shown(place), what=what, severity="info")


def _programs(folder: Path) -> tuple[int, ...]:
    """A hash over the programs in a folder of packages; empty where there are none."""
    name = _PROGRAM_FOLDERS.get(folder.name)
    if name is None:
        return ()
    try:
        with os.scandir(folder / name) as entries:
            statuses = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
    except OSError:
        return ()
    return (hash(frozenset((name, status.st_ctime_ns, status.st_ino) for name, status in statuses)),)


def _finding(place: Path, what: str) -> WritebackFinding:
    return WritebackFinding(path=shown(place), what=what)


def _says(path: Path, words: re.Pattern[bytes]) -> bool:
    """Whether a file says it. One that cannot be read may say anything."""
    try:
        return words.search(read_bytes(path, _BYTES) or b"") is not None
    except Unreadable:
        return True
