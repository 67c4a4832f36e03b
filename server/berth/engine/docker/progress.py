"""What builders and registries report, line by line, as steps. No I/O."""

import json
import re
from collections import deque
from collections.abc import Mapping
from string import Template
from typing import Any

from berth.engine.base import BuildStep
from berth.engine.docker.errors import Subject, from_message
from berth.errors import BerthError, ImageError

KEPT_LINES = 20
"""Last lines of the failing step that go into the error."""

_STEP = re.compile(r"STEP (\d+)/(\d+)\s*: (.*)", re.IGNORECASE)
_ARG = re.compile(r"ARG (\w+)(?:=[\"']?([^\s\"']*))?", re.IGNORECASE)
_FROM = re.compile(r"FROM (?:--\S+ )?(\S+)", re.IGNORECASE)
_CACHED = re.compile(r"\s*-+> Using cache")
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
    """A build's report as steps. Reads the classic builder's words and those of Podman's."""

    def __init__(self, tag: str, arguments: Mapping[str, str] | None = None) -> None:
        self._tag = tag
        self._arguments = dict(arguments or {})
        self._base = tag
        self._step = BuildStep("preparing")
        self._line = ""
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    def receive(self, report: dict[str, Any]) -> list[BuildStep]:
        """Takes one object of the stream.

        Raises:
            BerthError: ``build-failed`` with the failing step's last lines, or a clearer kind where there is one.
        """
        if report.get("error"):
            raise self._failed(str(report["error"]))
        *lines, self._line = (self._line + str(report.get("stream") or report.get("status") or "")).split("\n")
        if "status" in report:
            lines, self._line = [*lines, self._line], ""
        return [step for line in lines for step in self._read(line)]

    def _read(self, line: str) -> list[BuildStep]:
        begun = _STEP.match(line)
        if begun:
            self._step = BuildStep(begun[3].strip(), int(begun[1]), int(begun[2]))
            self._lines.clear()
            self._follow(self._step.step)
            return [self._step]
        if _CACHED.match(line):
            return [BuildStep(self._step.step, self._step.current, self._step.total, cached=True)]
        if _NOISE.match(line):
            return []
        self._lines.append(line.rstrip())
        return [BuildStep(self._step.step, self._step.current, self._step.total, log=line.rstrip())]

    def _follow(self, step: str) -> None:
        """Keeps in mind which base a step asks for, so that a base that cannot be had is called by its name."""
        if argument := _ARG.match(step):
            self._arguments.setdefault(argument[1], argument[2] or "")
        elif base := _FROM.match(step):
            self._base = Template(base[1]).safe_substitute(self._arguments)

    def _failed(self, said: str) -> BerthError:
        known = from_message(0, said, subject=Subject(image=self._base))
        if known.kind in ("disk-full", "registry-unreachable", "image-not-found"):
            return known
        step = f"step {self._step.current} of {self._step.total}, {self._step.step}" if self._step.current else "start"
        last = "\n".join(self._lines)
        message = f"The build of {self._tag} failed at {step}: {said.strip()}" + (f"\n{last}" if last else "")
        return ImageError("build-failed", message, "Fix the Dockerfile (or the network its commands need) and rebuild.")


class PullProgress:
    """A pull's report as steps, one for each layer and word, with bytes where they are told."""

    def __init__(self, reference: str) -> None:
        self._reference = reference

    def receive(self, report: dict[str, Any]) -> list[BuildStep]:
        """Takes one object of the stream.

        Raises:
            BerthError: ``image-not-found``, ``registry-unreachable``, ``disk-full``.
        """
        if report.get("error"):
            raise from_message(0, str(report["error"]), subject=Subject(image=self._reference))
        detail = report.get("progressDetail") or {}
        words = " ".join(str(report[key]) for key in ("id", "status", "stream") if report.get(key)).strip()
        return [BuildStep(words, detail.get("current"), detail.get("total"))] if words else []


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"stream": line.decode("utf-8", "replace") + "\n"}
