"""A failed build in one sentence, with the line and the last words of the step. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from berth.engine.base import BuildStep
from berth.engine.docker.errors import Subject, from_message
from berth.errors import BerthError, BuildFailed, EngineError

KEPT_LINES = 20
"""Last lines of the failing step that go into the error."""

_EXIT = re.compile(r"(?:exit code:|exit status|returned a non-zero code:|while running runtime: exit status) *(\d+)")
_CUT_OFF = re.compile(
    r"code = Unavailable|closing transport|transport is closing|error reading from server|connection reset by peer"
    r"|Cannot connect to the Docker daemon|unexpected EOF|server closed|use of closed network connection|broken pipe",
    re.IGNORECASE,
)
_PREFIXES = re.compile(
    r"^(?:ERROR: |failed to solve(?: with frontend [\w.]+)?: |rpc error: code = \w+ desc = "
    r"|failed to (?:create LLB definition|build LLB|compute cache key|load cache key|calculate checksum of ref \S+): )+"
)
_MISSING = re.compile(r"not found|no such file|does not exist|no source files", re.IGNORECASE)
_CACHE = re.compile(r"cache export is not supported", re.IGNORECASE)
_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_OF_IMAGES = ("registry-unreachable", "image-not-found", "image-wrong-platform")

_OF_COMMAND = "Correct the command, or see to the network that it needs, and build again."
_OF_SOURCE = "Correct the path: it counts from the context folder, and .dockerignore may leave it out."
_OF_CACHE = "Turn on the engine's containerd image store, or take cache-to out of the profile's build."
_OF_REST = "Correct the Dockerfile and build again."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is known of a build that failed.

    Attributes:
        tag: The image that was being built.
        said: What the builder said at last.
        file: The Dockerfile, and ``line`` in it, 0 when unknown.
        step: The step that failed; None where there was none yet.
        image: The base image that the step was after; empty for a step that needs none.
        log: What the step printed.
    """

    tag: str
    said: str
    file: str
    line: int = 0
    step: BuildStep | None = None
    image: str = ""
    log: tuple[str, ...] = ()


def failed(fault: Fault) -> BerthError:
    """The error for it: ``disk-full``, ``registry-unreachable``, ``image-not-found``, else ``build-failed``."""
    log = tuple(fault.log[-KEPT_LINES:])
    said = _PREFIXES.sub("", " ".join(fault.said.split()))[:500]
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    if _CUT_OFF.search(said):
        return cut_off(f"The build of {fault.tag}", log)
    if _is_full(said, log):
        message = f"The engine's disk is full: the build of {fault.tag} could not go on{_at(fault, place)}."
        return EngineError("disk-full", message, "Free some space, for example with: docker system prune")
    if fault.image:
        known = from_message(0, said, subject=Subject(image=fault.image))
        if known.kind in _OF_IMAGES:
            message = f"{place} needs {fault.image}. {known.message}"
            return BuildFailed(known.kind, message, known.hint, file=fault.file, line=fault.line, log=log)
    exit_code = _EXIT.search(said)
    what = f"its command ended with {exit_code[1]}." if exit_code else f"{said or 'no reason was given'}."
    message = f"The build of {fault.tag} failed{_at(fault, place)}: {what}".replace("..", ".")
    shown = "\n".join((message, *log))
    hint = _OF_COMMAND if exit_code else _hint(fault, said)
    return BuildFailed("build-failed", shown, hint, file=fault.file, line=fault.line, log=log)


def cut_off(what: str, log: Iterable[str] = ()) -> BuildFailed:
    """``build-failed``: the engine ended the connection in the middle."""
    return BuildFailed(
        "build-failed", f"{what} was cut off by the engine.", "Is the engine still running?", log=tuple(log)
    )


def _is_full(said: str, log: tuple[str, ...]) -> bool:
    """A command that found the disk full says so itself, and the builder only that it failed."""
    return any(_FULL.search(line) for line in (said, *log))


def _at(fault: Fault, place: str) -> str:
    step = fault.step
    if step is None:
        return f" at {place}" if fault.line else ""
    number = f"step {step.current} of {step.total}, " if step.current else ""
    return f" at {number}{step.step[:200]} ({place})"


def _hint(fault: Fault, said: str) -> str:
    if _CACHE.search(said):
        return _OF_CACHE
    copies = fault.step is not None and fault.step.step.upper().startswith(("COPY", "ADD"))
    return _OF_SOURCE if copies and _MISSING.search(said) else _OF_REST
