"""What BuildKit's clients print, as reports about its vertices. Sans I/O.

``--progress=rawjson`` prints objects of BuildKit's ``client.SolveStatus``: indented over several lines up to buildx
0.13, one a line after. ``--progress=plain`` prints ``#<number> <words>`` for people; all clients have it.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

_NUMBERED = re.compile(r"#(\d+) (.*)")
_TIMED = re.compile(r"\d+\.\d+ ?(.*)", re.DOTALL)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_END = re.compile(r"DONE [\d.]+s|ERROR: .*|CANCELED")
_BYTES = re.compile(r"(\S+) ([\d.]+)([kMGT]?B) / ([\d.]+)([kMGT]?B)")
_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
MOST_TEXT = 16 * 1024 * 1024
"""A report that is longer is text."""


@dataclass(frozen=True, slots=True)
class Report:
    """Something about one vertex, or about none: ``text`` that the client printed beside its reports.

    ``text`` is the vertex's name, its log, or what went wrong with it. ``part`` names one of several transfers.
    """

    what: Literal["known", "begun", "cached", "log", "bytes", "ended", "failed", "text"]
    vertex: str = ""
    text: str = ""
    part: str = ""
    done: int = 0
    total: int = 0


class Words(Protocol):
    """Reads what a client prints."""

    def receive(self, data: bytes) -> Iterator[Report]:
        """The reports completed by these bytes."""
        ...


class JsonWords:
    """``rawjson``."""

    def __init__(self) -> None:
        self._rest = b""
        self._object: list[bytes] = []

    def receive(self, data: bytes) -> Iterator[Report]:
        """The reports completed by these bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield from self._line(line.rstrip(b"\r"))

    def _line(self, line: bytes) -> Iterator[Report]:
        if self._object:
            self._object.append(line)
            if line != b"}" and sum(map(len, self._object)) < MOST_TEXT:
                return
            line, self._object = b"\n".join(self._object), []
        elif line == b"{":
            self._object = [line]
            return
        status = _loaded(line)
        if status is None:
            yield Report("text", text=line.decode("utf-8", "replace"))
        else:
            yield from _status(status)


class PlainWords:
    """``plain``."""

    def __init__(self) -> None:
        self._rest = b""
        self._names: dict[str, str] = {}

    def receive(self, data: bytes) -> Iterator[Report]:
        """The reports completed by these bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield from self._line(line.decode("utf-8", "replace").rstrip("\r"))

    def _line(self, line: str) -> Iterator[Report]:
        match = _NUMBERED.fullmatch(line)
        if match is None:
            if line:
                yield Report("text", text=line)
            return
        vertex, words = match[1], match[2]
        if vertex not in self._names:
            self._names[vertex] = words
            yield Report("known", vertex, words)
            yield Report("begun", vertex)
        elif words not in (self._names[vertex], "...") and not _DIGEST.fullmatch(words):
            yield from _about(vertex, words)


def _about(vertex: str, words: str) -> Iterator[Report]:
    """One line about a vertex that is known."""
    if words == "CACHED":
        yield Report("cached", vertex)
    elif words.startswith("ERROR: "):
        yield Report("failed", vertex, words.removeprefix("ERROR: "))
    elif timed := _TIMED.fullmatch(words):
        text, end = _parted(vertex, timed[1])
        yield Report("log", vertex, text + "\n")
        if end:
            yield from _about(vertex, end)
    elif moved := _BYTES.match(words):
        done, total = (int(float(moved[at]) * _UNITS[moved[at + 1]]) for at in (2, 4))
        yield Report("bytes", vertex, part=moved[1], done=done, total=total)


_FLAGS: tuple[tuple[str, Literal["begun", "cached", "ended"]], ...] = (
    ("started", "begun"),
    ("cached", "cached"),
    ("completed", "ended"),
)


def _parted(vertex: str, text: str) -> tuple[str, str]:
    """A log line, and what the client printed behind it: a command's last line need not end with a newline."""
    log, mark, end = text.rpartition(f"#{vertex} ")
    return (log, end) if mark and _END.fullmatch(end) else (text, "")


def _status(status: dict[str, Any]) -> Iterator[Report]:
    for vertex in _each(status, "vertexes"):
        identity = str(vertex.get("digest", ""))
        yield Report("known", identity, str(vertex.get("name", "")))
        yield from (Report(what, identity) for field, what in _FLAGS if vertex.get(field))
        if vertex.get("error"):
            yield Report("failed", identity, str(vertex["error"]))
    for transfer in _each(status, "statuses"):
        done, total = transfer.get("current") or 0, transfer.get("total") or 0
        if isinstance(done, int) and isinstance(total, int) and total > 0:
            part = str(transfer.get("id", ""))
            yield Report("bytes", str(transfer.get("vertex", "")), part=part, done=done, total=total)
    for log in _each(status, "logs"):
        yield Report("log", str(log.get("vertex", "")), _text(log.get("data")))


def _each(status: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    found = status.get(name)
    return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, dict))


def _text(data: object) -> str:
    try:
        return base64.b64decode(str(data or "")).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _loaded(line: bytes) -> dict[str, Any] | None:
    if not line.startswith(b"{"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
