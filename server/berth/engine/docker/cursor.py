"""How far a container's log was read, exactly enough to go on without a gap or a repeat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from berth.errors import EngineError

REORDERING = 10_000_000_000
"""Nanoseconds by which an entry may stand in the log behind one of the other stream with a later time.

Each stream is stamped in order by its own copier; the two write into one file as the scheduler has it. Ten seconds is
far above any such delay, and bounds what is read again when one stream has been silent for long.
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one stream was read: its last time stamp as the engine wrote it, and how many entries carried it.

    The count matters: the 16 KiB pieces of one long line all carry the same stamp. ``total`` counts all entries from
    the log's beginning, None where the beginning was not read.
    """

    stamp: bytes = b""
    count: int = 0
    total: int | None = None

    def __str__(self) -> str:
        """The text that a cursor's holds."""
        return f"{self.stamp.decode()}*{self.count}" + ("" if self.total is None else f"*{self.total}")


BEGINNING = Mark(total=0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The marks of both streams. As text ``<stamp>*<count>*<total>`` twice; empty text is the beginning.

    ``is_set_back``: the engine's clock was, so that stamps no longer tell what comes after what. The log is then read
    from its beginning, and as much left out as was read before. Its text ends with ``,!``.
    """

    stdout: Mark = BEGINNING
    stderr: Mark = BEGINNING
    is_set_back: bool = False

    def __str__(self) -> str:
        """The text that :func:`parse_cursor` reads."""
        return ",".join((str(self.stdout), str(self.stderr), *("!" if self.is_set_back else "")))

    @property
    def is_counted(self) -> bool:
        """Whether entries were counted from the log's beginning."""
        return None not in (self.stdout.total, self.stderr.total)

    def since(self) -> str:
        """The ``since`` parameter that brings at least everything after this cursor: Unix seconds and nanoseconds."""
        known = self._known()
        if not known or self.is_set_back:
            return "0"
        earliest = min(known) if len(known) == 2 else 0
        seconds, rest = divmod(max(earliest, max(known) - REORDERING, 0), 1_000_000_000)
        return f"{seconds}.{rest:09d}"

    def is_after(self, seconds: float) -> bool:
        """Whether something was stamped later than this Unix time, which it never is by a clock that only goes on."""
        return any(known > (seconds + 1) * 1_000_000_000 for known in self._known())

    def _known(self) -> list[int]:
        return [nanoseconds(mark.stamp) for mark in (self.stdout, self.stderr) if mark.stamp]


def parse_cursor(text: str) -> Cursor:
    """Reads a cursor.

    Raises:
        EngineError: ``engine-failed``: it is none of ours.
    """
    if not text:
        return Cursor()
    marks = text.removesuffix(",!")
    try:
        stdout, stderr = (_mark(part) for part in marks.split(","))
    except ValueError:
        raise EngineError("engine-failed", f"{text[:80]!r} is not a place in a container's log.") from None
    return Cursor(stdout, stderr, is_set_back=marks != text)


def nanoseconds(stamp: bytes) -> int:
    """Nanoseconds since 1970 of an RFC 3339 time with up to nine digits and any zone.

    Raises:
        ValueError: Not such a time.
    """
    text = stamp.decode("ascii")
    whole, zone = (text[:-1], "+00:00") if text.endswith("Z") else (text[:-6], text[-6:])
    seconds, _, fraction = whole.partition(".")
    since_epoch = datetime.fromisoformat(seconds + zone) - datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return since_epoch // timedelta(seconds=1) * 1_000_000_000 + int(fraction.ljust(9, "0")[:9] or 0)


def _mark(text: str) -> Mark:
    stamp, _, counts = text.partition("*")
    count, _, total = counts.partition("*")
    if stamp:
        nanoseconds(stamp.encode())
    return Mark(stamp.encode(), int(count), int(total) if total else None)
