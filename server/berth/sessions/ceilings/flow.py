"""How much a program prints, told from when it printed it. No I/O, no clock."""

BURST_SECONDS = 3.0
"""So many seconds' worth may come at once: a conversation that is repeated, a large file that is shown."""

BEHIND_SECONDS, BEHIND_SHARE = 0.5, 0.25
"""Where reading falls behind by so much, this share of a second's worth is too much: it is not read as fast as printed.

An engine's log does not wait for its readers: they lose what was put aside twice before they came to it. Files are of
64 MiB, and Docker 20.10 writes some 50 MB a second: there is time for this, and for the pause to take hold.
"""

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
        self._delay = min(self._delay, now - at)
        falls_behind = now - at - self._delay > BEHIND_SECONDS
        return self._level > self._rate * (BEHIND_SHARE if falls_behind else BURST_SECONDS)

    def empty(self) -> None:
        """A person lets it go on: what was printed so far no longer counts."""
        self._level = 0.0
