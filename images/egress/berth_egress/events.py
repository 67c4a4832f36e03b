"""What happened, as JSON lines for the host. Bounded, whatever a session does."""

import json
import sys
from collections.abc import Callable

MOST_KEYS = 500
"""Different things that are told of one lane; more are only counted."""


def print_line(event: dict[str, object]) -> None:
    """Writes one event to stdout: the container's log keeps it, whoever listens."""
    sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")
    sys.stdout.flush()


class Told:
    """What was told of one lane. The same again is told at its 1st, 10th, 100th time, and so on."""

    def __init__(self, lane: str, tell: Callable[[dict[str, object]], None]) -> None:
        self._lane = lane
        self._tell = tell
        self._counts: dict[tuple[object, ...], int] = {}

    def tell(self, event: str, **what: object) -> None:
        """Tells, unless that is said already."""
        key = (event, *what.values())
        if key not in self._counts and len(self._counts) >= MOST_KEYS:
            key, what = ("overflow",), {}
            event = "overflow"
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if str(count).strip("0") == "1":
            self._tell({"event": event, "lane": self._lane, **what, "count": count})
