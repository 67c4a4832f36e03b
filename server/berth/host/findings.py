"""What was found wrong in settings files."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a settings file.

    ``line`` counts from 1, and is 0 where no line is to blame. ``text`` is the whole line, for its length: it may hold
    a secret.
    """

    file: Path
    line: int
    kind: str
    message: str
    severity: Severity
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong, and the files that were looked at or looked for.

    ``prebuild``: the settings want images built before they are needed. False where they cannot be used.
    """

    findings: tuple[Finding, ...]
    files: frozenset[Path]
    prebuild: bool = False
