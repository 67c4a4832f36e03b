"""The chain: each line holds the SHA-256 of the line before. Whoever changes, drops or adds one breaks it. Pure.

It shows that something was changed afterwards by whoever did not write all following lines anew; it has no key, so the
user it belongs to could. Keep the last digest elsewhere where that matters (``berth audit verify`` prints it).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from berth.audit.entry import VERSION, Entry

BEGINNING = "0" * 64
"""``prev`` of the first line there ever was."""

TORN = "audit.torn"
"""Event of the line after one that was cut off: ``bytes`` is how long that one is."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: the last number, and the digest of the last line."""

    seq: int = 0
    digest: str = BEGINNING


@dataclass
class Verdict:
    """What was found in a chain.

    Attributes:
        lines: How many lines hold.
        first: The number of the first.
        end: Where it ends.
        faults: What does not hold, with the place.
        torn: How many lines were cut off and say so.
    """

    lines: int = 0
    first: int = 0
    end: End = field(default_factory=End)
    faults: list[str] = field(default_factory=list)
    torn: int = 0


def line_of(entry: Entry, end: End) -> tuple[bytes, End]:
    """The line of an entry after an end, with its newline, and the new end."""
    seq = end.seq + 1
    line = json.dumps(entry.fields(seq, end.digest), ensure_ascii=True, separators=(",", ":")).encode()
    return line + b"\n", End(seq, digest_of(line))


def digest_of(line: bytes) -> str:
    """The digest of a line without its newline."""
    return hashlib.sha256(line).hexdigest()


def parsed(line: bytes) -> dict[str, Any] | None:
    """The fields of a line; None where it is none."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(found, dict) and found.get("v") == VERSION and type(found.get("seq")) is int
    return found if whole else None


def verified(lines: Iterable[tuple[str, bytes]]) -> Verdict:
    """Reads a chain from its oldest line that is kept. ``lines``: place and line without newline, in order."""
    verdict = Verdict()
    for place, fields, digest in _whole(lines, verdict):
        _check(place, fields, verdict)
        verdict.lines += 1
        verdict.first = verdict.first or fields["seq"]
        verdict.end = End(fields["seq"], digest)
    return verdict


def _whole(lines: Iterable[tuple[str, bytes]], verdict: Verdict) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The lines that can be read. One that was cut off is passed over where the next one tells of it."""
    broken: tuple[str, bytes] | None = None
    for place, line in lines:
        fields = parsed(line)
        if broken is not None:
            told = fields is not None and fields.get("event") == TORN and fields.get("bytes") == len(broken[1])
            if told:
                verdict.torn += 1
            else:
                verdict.faults.append(f"{broken[0]} cannot be read")
            verdict.end = End(verdict.end.seq, digest_of(broken[1]))
        broken = (place, line) if fields is None else None
        if fields is not None:
            yield place, fields, digest_of(line)
    if broken is not None:
        verdict.faults.append(f"{broken[0]} cannot be read")


def _check(place: str, fields: dict[str, Any], verdict: Verdict) -> None:
    before = verdict.end
    if verdict.lines == 0 and fields["seq"] > 1:
        return  # older files were removed
    if fields["seq"] != before.seq + 1:
        verdict.faults.append(f"{place} has the number {fields['seq']}, after {before.seq}")
    elif fields.get("prev") != before.digest:
        verdict.faults.append(f"{place} does not follow the line before it: one of them was changed")
