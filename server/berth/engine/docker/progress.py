"""What classic builders report, line by line, as steps. No I/O."""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from string import Template
from typing import Any

from berth.engine.base import BuildStep
from berth.engine.docker.build_failure import KEPT_LINES, Fault, failed
from berth.engine.docker.step_lines import StepLines
from berth.errors import BerthError

_STEP = re.compile(r"(?:\[(\d+)/\d+\] )?STEP (\d+)/(\d+)\s*: (.*)", re.IGNORECASE)
"""Podman counts within each stage, where there are several, and says which."""

_ARG = re.compile(r"ARG (\w+)(?:=[\"']?([^\s\"']*))?", re.IGNORECASE)
_FROM = re.compile(r"(?:FROM (?:--\S+ )?|COPY --from=)(\S+)", re.IGNORECASE)
_CACHED = re.compile(r"\s*-+> Using cache")
_COLOUR = re.compile(r"\x1b\[(?:91|0)m")
"""What the classic builder puts around the lines of stderr."""

_NOISE = re.compile(r"\s*-+> |Removing intermediate container|Successfully (built|tagged)|COMMIT |\s*$|[0-9a-f]{64}$")


class JsonLines:
    """Splits a stream of JSON objects, one a line, cut anywhere. What is no object is kept as ``{"stream": text}``."""

    def __init__(self) -> None:
        self._rest = b""

    def receive(self, data: bytes) -> list[dict[str, Any]]:
        """The objects completed by these bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [_object(line) for line in lines if line.strip()]


class BuildProgress:
    """A build's report as steps. Reads the classic builder's words and those of Podman's.

    ``own`` is how many labels the builder was asked for: Docker's makes a step of each at the end, which people did not
    write and are not shown. Podman's makes none.
    """

    def __init__(self, tag: str, lines: StepLines, arguments: Mapping[str, str] | None = None, *, own: int = 0) -> None:
        self._tag = tag
        self._own = own
        self._file_lines = lines
        self._arguments = dict(arguments or {})
        self._image = ""
        self._step = BuildStep("preparing")
        self._stage = 0
        self._line = ""
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    def receive(self, report: dict[str, Any]) -> list[BuildStep]:
        """Takes one object of the stream.

        Raises:
            BerthError: ``build-failed`` with the failing step's last lines, or a clearer kind where there is one.
        """
        if report.get("error"):
            raise self.failed(str(report["error"]))
        said = _COLOUR.sub("", str(report.get("stream") or report.get("status") or ""))
        if self._line and _NOISE.match(said):
            said = "\n" + said  # what a command prints need not end with its line
        *lines, self._line = (self._line + said).split("\n")
        if "status" in report:
            lines, self._line = [*lines, self._line], ""
        return [step for line in lines for step in self._read(line)]

    def failed(self, said: str) -> BerthError:
        """The error for what the builder said at last."""
        step = self._step
        begun = step if step.current else None
        fault = Fault(self._tag, said.strip(), self._file_lines.file, self._at(said), begun, self._image)
        return failed(replace(fault, log=tuple(self._lines)))

    def _at(self, said: str) -> int:
        number, step = self._step.current, self._step.step
        if not number:
            return self._file_lines.of_words(said)
        if self._stage:
            return self._file_lines.of_stage(self._stage, number, step)
        return self._file_lines.of_number(number, step)

    def _read(self, line: str) -> list[BuildStep]:
        begun = _STEP.match(line)
        if begun:
            own = self._own if line.startswith("Step") else 0
            self._step = BuildStep(begun[4].strip(), int(begun[2]), int(begun[3]) - own)
            self._stage = int(begun[1] or 0)
            self._lines.clear()
            self._follow(self._step.step)
            return [] if self._is_own() else [self._step]
        if self._is_own() or (_NOISE.match(line) and not _CACHED.match(line)):
            return []
        if _CACHED.match(line):
            return [BuildStep(self._step.step, self._step.current, self._step.total, cached=True)]
        self._lines.append(line.rstrip())
        return [BuildStep(self._step.step, self._step.current, self._step.total, log=line.rstrip())]

    def _is_own(self) -> bool:
        return (self._step.current or 0) > (self._step.total or 0)

    def _follow(self, step: str) -> None:
        """Keeps in mind which image a step asks for, so that one that cannot be had is called by its name."""
        if argument := _ARG.match(step):
            self._arguments.setdefault(argument[1], argument[2] or "")
        base = _FROM.match(step)
        self._image = Template(base[1]).safe_substitute(self._arguments) if base else ""


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"stream": line.decode("utf-8", "replace") + "\n"}
