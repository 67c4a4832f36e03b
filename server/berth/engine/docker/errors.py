"""What engines say, as errors for people. One table; the messages were recorded from Docker 20.10 and Podman 4.3."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from berth.errors import BerthError, EngineError, ImageError, SettingsError

_START = {
    "linux": "Start it (sudo systemctl start docker), or set DOCKER_HOST to the engine you use.",
    "darwin": "Start Docker Desktop, OrbStack, Colima or a Podman machine, or set DOCKER_HOST.",
    "win32": "Start Docker Desktop and run Berth inside WSL 2, or set DOCKER_HOST=tcp://….",
}
_ALLOW = {
    "linux": "Add yourself to its group (sudo usermod -aG docker $USER, then log in again), or use a rootless engine.",
    "darwin": "Check who owns the socket, or let Docker Desktop allow its default socket (Settings → Advanced).",
    "win32": "Add yourself to the docker-users group and log in again.",
}
_SHARE = {
    "linux": "Check that the folder exists on the engine's machine and that the path is spelled right.",
    "darwin": "Check that it exists, and that the folder is shared with the engine's virtual machine (file sharing).",
    "win32": "Check that it exists inside the WSL 2 distribution that the engine serves.",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call was about: a container (name or id), an image, or both."""

    container: str = ""
    image: str = ""

    @property
    def name(self) -> str:
        """The container where there is one."""
        return self.container or self.image


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: what the engine says → class, kind, sentence and hint."""

    pattern: str
    error: Callable[[str, str, str], BerthError]
    kind: str
    message: str
    hint: str | dict[str, str]


RULES = (
    Rule(
        r"no space left on device|not enough space|disk quota exceeded",
        EngineError,
        "disk-full",
        "The engine's disk is full.",
        "Free some space, for example with: docker system prune",
    ),
    Rule(
        r"container name .*already in use|name \S+ (is|already) in use|that name is already in use",
        EngineError,
        "name-taken",
        "A container named {name} exists already.",
        "Choose another name, or remove that container.",
    ),
    Rule(
        r"port is already allocated|bind: address already in use|ports are not available",
        EngineError,
        "port-in-use",
        "A port that {name} publishes is in use already: {said}",
        "Publish another port of this machine, or leave it open: --publish 127.0.0.1::80 takes any that is free.",
    ),
    Rule(
        r"client version \S+ is too (old|new)",
        EngineError,
        "engine-too-old",
        "The engine and Berth have no API version in common ({said}).",
        "Update the engine: Docker 20.10 or newer, or Podman 4 or newer.",
    ),
    Rule(
        r"exec format error|does not match the (specified|detected) (platform|host)|image's platform",
        ImageError,
        "image-wrong-platform",
        "The image {image} is built for another processor.",
        "Build or pull it for this machine's architecture.",
    ),
    Rule(
        r"exec:? .*(no such file or directory|executable file not found|not found|permission denied)"
        r"|executable file .* not found",
        ImageError,
        "image-lacks-shell",
        "The image {image} has no /bin/sh, which Berth's launcher needs.",
        "Use an image with a POSIX shell (any Debian, Ubuntu, Fedora or Alpine based one has it).",
    ),
    Rule(
        r"bind source path does not exist|invalid mount|invalid volume|statfs .*no such file|not shared from"
        r"|mounts denied|duplicate mount|error while creating mount source|volume name .*(too short|invalid)"
        r"|includes invalid characters for a local volume name|creating named volume|invalid mount path|error mounting",
        SettingsError,
        "bad-mount",
        "A mount of {name} cannot be made: {said}",
        _SHARE,
    ),
    Rule(
        r"toomanyrequests|rate limit|TLS handshake|i/o timeout|dial tcp|Client\.Timeout|connection refused"
        r"|no such host|server misbehaving|x509|EOF$|pinging container registry",
        ImageError,
        "registry-unreachable",
        "The registry of {image} cannot be reached: {said}",
        "Check the network and its proxy settings for the engine, or use an image that is already there.",
    ),
    Rule(
        r"no such image|image not known|manifest (for .*)?(unknown|not found)|repository does not exist"
        r"|pull access denied|unable to find .* in local storage|requested access to the resource is denied"
        r"|short-name .* did not resolve|invalid reference format|name unknown|unauthorized",
        ImageError,
        "image-not-found",
        "The image {image} does not exist, or needs a login ({said}).",
        "Check its spelling, log in to its registry, or give a Dockerfile to build it from.",
    ),
    Rule(
        r"container-init binary not found",
        EngineError,
        "engine-failed",
        "The engine has no init to put before the program of {name}.",
        "Install catatonit beside Podman.",
    ),
    Rule(
        r"task \S+ already exists",
        EngineError,
        "engine-failed",
        "The engine died while it started {name}, and cannot start it any more.",
        "Rebuild the session: it gets another container, and its conversation goes on.",
    ),
    Rule(
        r"error setting rlimit|ulimit option .* requires",
        EngineError,
        "engine-failed",
        "The engine may not raise the limits asked for {name}: {said}",
        "Lower the open-files limit (nofile) in the resources, or raise the hard limit of the engine itself.",
    ),
    Rule(
        r"no such volume|no volume with name",
        EngineError,
        "volume-gone",
        "The volume {name} does not exist.",
        "Start the session again: it makes a new one.",
    ),
    Rule(
        r"no such container|no container with (name or )?ID|container .* (is not running|does not exist)"
        r"|can only attach to created or running|marked for removal|already in progress|container state improper",
        EngineError,
        "container-gone",
        "The container {name} is gone or has ended.",
        "Restart the session.",
    ),
)


MOST_SAID = 300
"""Characters of an engine's answer that people are shown."""


def from_message(status: int, said: str, *, subject: Subject) -> BerthError:
    """The error for an engine's answer.

    Args:
        status: HTTP status.
        said: The engine's message.
        subject: What it was about.
    """
    said = _shortened(" ".join(said.split()))
    image = subject.image or f"of {subject.container}"
    for rule in RULES:
        if rule.kind == "registry-unreachable" and not subject.image:
            continue
        if re.search(rule.pattern, said, re.IGNORECASE):
            hint = rule.hint if isinstance(rule.hint, str) else _for_platform(rule.hint)
            return rule.error(rule.kind, rule.message.format(name=subject.name, image=image, said=said), hint)
    message = f"The engine refused ({status}) what was asked about {subject.name}: {said or 'no reason given'}"
    return EngineError("engine-failed", message, "The engine's own log says more (journalctl -u docker).")


def _shortened(said: str) -> str:
    """What engines say begins with what they were at and ends with why."""
    return said if len(said) <= MOST_SAID else f"{said[: MOST_SAID // 2]} … {said[-MOST_SAID // 2 :]}"


def from_exception(error: BaseException, *, address: str) -> EngineError:
    """The error for a connection that failed, from any layer of any library.

    Args:
        error: What was raised; the first ``OSError`` with a number in its chain decides.
        address: Where the engine was expected.
    """
    cause = next((found for found in _chain(error) if isinstance(found, PermissionError)), None)
    if cause is not None:
        message = f"You may not use the container engine at {address}."
        return EngineError("engine-permission", message, _for_platform(_ALLOW))
    if any(isinstance(found, TimeoutError) or "timed out" in str(found).lower() for found in _chain(error)):
        message = f"The container engine at {address} did not answer in time."
        return EngineError("engine-busy", message, "It may be overloaded or hanging: try again, or restart it.")
    return EngineError("engine-unreachable", f"No container engine answers at {address}.", _for_platform(_START))


def _for_platform(hints: dict[str, str]) -> str:
    return hints.get(sys.platform, hints["linux"])


def _chain(error: BaseException) -> list[BaseException]:
    """The error, its causes, and the errors that libraries put into each other's arguments."""
    found: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        candidate = pending.pop()
        if isinstance(candidate, BaseException) and candidate not in found:
            found.append(candidate)
            pending += [candidate.__cause__, candidate.__context__, *candidate.args]
            pending.append(getattr(candidate, "reason", None))
    return found
