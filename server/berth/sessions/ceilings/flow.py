"""How much a program prints, told from when it printed it. No I/O, no clock."""

BURST_SECONDS = 3.0
"""So many seconds' worth may come at once: a conversation that is repeated, a large file that is shown."""

UNREAD_SECONDS, UNREAD_BURST = 4.0, 1.5
"""Where about so many seconds' worth was printed and not yet read, a shorter burst is too much.

An engine's log does not wait for its readers: they lose what was put aside twice before they came to it. Files are of
64 MiB, Docker 20.10 writes some 50 MB a second, and four seconds of 8 MiB are half a file: there is time for the pause
to take hold.
"""

PACE_SECONDS, SHORTEST_SECONDS = 1.0, 0.1
"""How fast it prints at present is told from what it printed in this time, as if that had taken this at least."""

LINE_BYTES = 256
"""What a line weighs beside its bytes: to an engine reading its log, a short line is as much work as so many bytes."""


class Flow:
    """A bucket with a hole: what is printed fills it, and time empties it at the pace that is allowed."""

    def __init__(self, rate: int) -> None:
        """``rate`` in bytes a second."""
        self._rate = rate
        self._level = 0.0
        self._at = 0.0
        self._delay = float("inf")
        self._since, self._bytes = 0.0, 0

    def add(self, data: bytes, at: float, now: float) -> bool:
        """Whether that is too much.

        Args:
            data: What was printed.
            at: When, in seconds. It counts then: what waited for a host that was away, or stood still, is no flood.
            now: When it was read; the two clocks may differ.
        """
        self._level = max(0.0, self._level - max(0.0, at - self._at) * self._rate)
        self._at = max(self._at, at)
        self._level += len(data) + LINE_BYTES * data.count(b"\n")
        falls_behind = self._unread(data, now - at) > UNREAD_SECONDS * self._rate
        return self._level > self._rate * (UNREAD_BURST if falls_behind else BURST_SECONDS)

    def _unread(self, data: bytes, delay: float) -> float:
        """About how many bytes were printed since, if it went on as it did, but for what waited at the first look."""
        if self._at - self._since > PACE_SECONDS:
            self._since, self._bytes = self._at, 0
        self._bytes += len(data)
        self._delay = min(self._delay, delay)
        return self._bytes / max(self._at - self._since, SHORTEST_SECONDS) * (delay - self._delay)

    def empty(self) -> None:
        """A person lets it go on: what was printed so far no longer counts."""
        self._level = 0.0
