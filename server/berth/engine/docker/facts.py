"""What engines answer, as facts. Raw dictionaries end here. Pure."""

import sys
from collections.abc import Mapping
from typing import Any, Literal, cast

from berth.engine.base import ContainerFacts, ImageFacts
from berth.errors import EngineError
from berth.planning.facts import EngineFacts

OLDEST_API = "1.41"
"""Docker 20.10; also what Podman 4 offers."""

NEWEST_API = "1.44"
"""What Berth was written against; Docker 29 takes nothing older."""

_DESKTOPS = ("Docker Desktop", "OrbStack")
_DESKTOP_MACHINES = ("colima", "orbstack", "lima-rancher-desktop", "docker-desktop")


def is_podman(version: Mapping[str, Any]) -> bool:
    """Reads ``/version``."""
    return any("podman" in str(component.get("Name", "")).lower() for component in version.get("Components") or ())


def engine_facts(
    version: Mapping[str, Any], info: Mapping[str, Any], *, init: bool, emulated: tuple[str, ...] = ()
) -> EngineFacts:
    """Reads ``/version`` and ``/info``.

    ``init``: the engine has an init to give, which Podman does not tell. ``emulated``: see
    :class:`berth.planning.facts.EngineFacts`.
    """
    options = [str(option) for option in info.get("SecurityOptions") or ()]
    return EngineFacts(
        product="podman" if is_podman(version) else "docker",
        version=str(version.get("Version", "")),
        api=str(version.get("ApiVersion", "")),
        architecture=str(version.get("Arch", "")),
        rootless=any(option.startswith("name=rootless") for option in options) or bool(info.get("Rootless")),
        desktop=_is_desktop(info),
        cpus=int(info.get("NCPU") or 1),
        memory=int(info.get("MemTotal") or 0),
        init=init,
        emulated=emulated,
        seccomp=any(option.startswith("name=seccomp") for option in options),
    )


def spoken_api(version: Mapping[str, Any]) -> str:
    """The API version to speak with an engine.

    Raises:
        EngineError: ``engine-too-old``.
    """
    highest, lowest = str(version.get("ApiVersion", "0")), str(version.get("MinAPIVersion") or "0")
    if _number(highest) < _number(OLDEST_API):
        message = f"The engine {version.get('Version', '')} speaks API {highest}; Berth needs {OLDEST_API} or newer."
        raise EngineError("engine-too-old", message, "Update it: Docker 20.10 or newer, or Podman 4 or newer.")
    return max(min(highest, NEWEST_API, key=_number), lowest, key=_number)


def container_facts(answer: Mapping[str, Any]) -> ContainerFacts:
    """Reads ``/containers/{id}/json``."""
    state = answer["State"]
    status = _status(str(state["Status"]))
    running = status in ("running", "paused", "restarting", "created")
    return ContainerFacts(
        id=answer["Id"],
        name=str(answer["Name"]).removeprefix("/"),
        image=str(answer["Config"]["Image"]),
        status=status,
        exit_code=None if running else int(state["ExitCode"]),
        out_of_memory=bool(state.get("OOMKilled")),
        error=str(state.get("Error") or ""),
        labels=dict(answer["Config"].get("Labels") or {}),
        started_at=_time(state.get("StartedAt")),
        finished_at=_time(state.get("FinishedAt")),
        created_at=_time(answer.get("Created")),
        health=_health(state.get("Health") or {}),
    )


def image_facts(answer: Mapping[str, Any]) -> ImageFacts:
    """Reads ``/images/{name}/json``."""
    config = answer.get("Config") or {}
    return ImageFacts(
        digest=_digest(str(answer["Id"])),
        architecture=str(answer.get("Architecture", "")),
        user=str(config.get("User") or ""),
        entrypoint=tuple(config.get("Entrypoint") or ()),
        environment=tuple(config.get("Env") or ()),
        labels=dict(config.get("Labels") or {}),
        size=int(answer.get("Size") or 0),
        tags=tuple(str(tag) for tag in answer.get("RepoTags") or ()),
        created=_time(answer.get("Created")),
    )


def _health(checked: Mapping[str, Any]) -> Literal["starting", "healthy", "unhealthy"] | None:
    """Engines write ``none`` or nothing where nobody checks."""
    word = checked.get("Status")
    return cast(Literal["healthy"], word) if word in ("starting", "healthy", "unhealthy") else None


def _digest(identity: str) -> str:
    return identity if identity.startswith("sha256:") else f"sha256:{identity}"


def _status(word: str) -> Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]:
    """Docker's word; Podman has a few of its own for moments in between."""
    known = {"configured": "created", "initialized": "created", "stopping": "running", "stopped": "exited"}
    word = known.get(word, word)
    words = ("created", "running", "paused", "restarting", "removing", "exited")
    return cast(Literal["created", "exited"], word) if word in words else "dead"


def _time(stamp: object) -> str:
    """Engines write the year 1 for a time that has not come."""
    text = str(stamp or "")
    return "" if text.startswith("0001-") else text


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _is_desktop(info: Mapping[str, Any]) -> bool:
    system, machine = str(info.get("OperatingSystem", "")), str(info.get("Name", ""))
    return sys.platform == "darwin" or system.startswith(_DESKTOPS) or machine in _DESKTOP_MACHINES
