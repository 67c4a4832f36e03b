"""BuildKit's reports as the steps that every builder reports. Pure."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from berth.engine.base import BuildStep
from berth.engine.docker.build_failure import KEPT_LINES
from berth.engine.docker.buildkit_words import Report
from berth.engine.docker.step_lines import Numbered

_NUMBERED = re.compile(r"\[(?:(.*?) )?(\d+)/(\d+)\] (.*)", re.DOTALL)
_SILENT = ("[internal]", "[auth]", "copy /context /")
"""BuildKit's own housekeeping, which no other builder reports."""

_CANCELLED = re.compile(r"context canceled|CANCELED", re.IGNORECASE)
_KEPT_TEXT = 40
_METADATA = re.compile(r"load metadata for (\S+)")


@dataclass(slots=True)
class Vertex:
    """One thing that BuildKit does. ``at`` only for those that stand in the Dockerfile."""

    step: BuildStep
    at: Numbered | None = None
    begun: bool = False
    cached: bool = False
    line: str = ""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    percent: int = -1

    @property
    def silent(self) -> bool:
        """Nobody is told about it."""
        return self.step.step.startswith(_SILENT)

    @property
    def image(self) -> str:
        """The base image that it is after; empty where it is after none."""
        words, asked = self.step.step.split(), _METADATA.search(self.step.step)
        if asked:
            return asked[1]
        return words[-1].partition("@")[0] if words and words[0] == "FROM" else ""


class BuildkitSteps:
    """All vertices of one build."""

    def __init__(self) -> None:
        self.failed: tuple[Vertex, str] | None = None
        self._vertices: dict[str, Vertex] = {}
        self._stages: dict[str, int] = {}
        self._begun = 0
        self._text: deque[str] = deque(maxlen=_KEPT_TEXT)

    def receive(self, report: Report) -> Iterator[BuildStep]:
        """Takes one report."""
        if report.what == "text":
            self._text.append(report.text)
            return
        if report.what == "known":
            self._learn(report)
        vertex = self._vertices.get(report.vertex)
        if vertex is None or report.what == "known":
            return
        if report.what == "failed":
            self._fail(vertex, report.text)
        elif not vertex.silent:
            yield from self._begin(vertex)
            yield from _progress(vertex, report)

    @property
    def said(self) -> str:
        """What went wrong, in the client's last words, else in those about the vertex that failed."""
        lines = [line for line in self._text if line.strip() and not line.startswith("---")]
        errors = [line for line in lines if line.startswith("ERROR: ")]
        return next(iter([*errors[-1:], *lines[-1:], self.failed[1] if self.failed else ""]), "")

    @property
    def text(self) -> str:
        """Everything that the client said beside its reports."""
        return "\n".join(self._text)

    def _learn(self, report: Report) -> None:
        if report.vertex in self._vertices:
            return
        match = _NUMBERED.fullmatch(report.text)
        if match is None:
            self._vertices[report.vertex] = Vertex(BuildStep(" ".join(report.text.split())))
            return
        stage, index, total = match[1] or "", int(match[2]), int(match[3])
        # A stage whose first steps are another's as well shows only the others.
        self._stages.setdefault(stage, total - index + 1)
        self._vertices[report.vertex] = Vertex(BuildStep(match[4].strip()), Numbered(stage, index))

    def _begin(self, vertex: Vertex) -> Iterator[BuildStep]:
        if vertex.begun:
            return
        vertex.begun = True
        if vertex.at is not None:
            self._begun += 1
            total = max(sum(self._stages.values()), self._begun)
            vertex.step = replace(vertex.step, current=self._begun, total=total)
        yield vertex.step

    def _fail(self, vertex: Vertex, error: str) -> None:
        if vertex.line:
            vertex.lines.append(vertex.line)
        if self.failed is None and not _CANCELLED.search(error):
            self.failed = (vertex, error)


def _progress(vertex: Vertex, report: Report) -> Iterator[BuildStep]:
    if report.what == "cached" and not vertex.cached:
        vertex.cached = True
        yield replace(vertex.step, cached=True)
    elif report.what == "log":
        yield from _log(vertex, report.text)
    elif report.what == "ended" and vertex.line:
        yield from _log(vertex, "\n")
    elif report.what == "bytes":
        yield from _bytes(vertex, report)


def _log(vertex: Vertex, text: str) -> Iterator[BuildStep]:
    *lines, vertex.line = (vertex.line + text).split("\n")
    for line in lines:
        shown = line.rstrip().rpartition("\r")[2]
        vertex.lines.append(shown)
        yield replace(vertex.step, log=shown)


def _bytes(vertex: Vertex, report: Report) -> Iterator[BuildStep]:
    """One step for each further hundredth."""
    vertex.parts[report.part] = (report.done, report.total)
    done, total = (sum(part[at] for part in vertex.parts.values()) for at in (0, 1))
    percent = done * 100 // max(total, 1)
    if percent != vertex.percent:
        vertex.percent = percent
        yield replace(vertex.step, bytes_done=done, bytes_total=total)
