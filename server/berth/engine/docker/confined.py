"""A running container against its terms: what the engine says of it, and what the kernel says of its main process.

The request was audited before it was sent; here is what became of it. Engines have ignored fields that they did not
know, and started containers that were changed meanwhile. Blocks for as long as a file of ``/proc`` takes to read.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from berth.engine.confinement import Confinement
from berth.engine.docker.process_status import ProcessStatus, process_environment, process_status
from berth.engine.docker.request_terms import JOINS, MountTerms, Terms

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_OWN_NAMESPACE = frozenset({"", "private"})
_OWN_MEMORY = frozenset({"private", "none", "shareable"})
"""Podman 4.3 makes ``shareable`` of ``private``: a namespace of its own all the same, which the user could open."""


def confinement(answer: Mapping[str, Any] | None, terms: Terms, *, filtered: bool) -> Confinement:
    """Reads ``/containers/{id}/json`` and ``/proc/{pid}/status``.

    Args:
        answer: What the engine says; None: it is gone, and nothing was seen.
        terms: What was asked for.
        filtered: Whether the engine filters kernel calls at all.
    """
    if answer is None:
        return Confinement()
    host = answer.get("HostConfig") or {}
    status = process_status(int((answer.get("State") or {}).get("Pid") or 0), str(answer.get("Id") or ""))
    differences = (
        *_of_request(answer.get("Config") or {}, host, terms),
        *_of_mounts(answer.get("Mounts") or [], terms),
        *(_of_process(status, terms) if status else ()),
        *(("the filter of kernel calls",) if status and filtered and status.seccomp != 2 else ()),
    )
    engines = {"memory": str(host.get("Memory")), "pids": str(host.get("PidsLimit")), "network": _network(host)}
    seen = {**engines, **(status.shown() if status else {"process": "not seen from here"})}
    runs = (answer.get("State") or {}).get("Status") == "running"
    return Confinement(differences, seen, runs=runs, environment=frozenset(_values(answer)))


def _values(answer: Mapping[str, Any]) -> Iterator[str]:
    """Digests of the environment's values, by the engine's word and, where it can be seen, by the kernel's."""
    pid = int((answer.get("State") or {}).get("Pid") or 0)
    variables = [str(each).encode("utf-8", "surrogateescape") for each in (answer.get("Config") or {}).get("Env") or ()]
    for variable in (*variables, *process_environment(pid, str(answer.get("Id") or ""))):
        yield hashlib.sha256(variable.partition(b"=")[2]).hexdigest()


def _of_request(config: Mapping[str, Any], host: Mapping[str, Any], terms: Terms) -> Iterator[str]:
    checks = {
        "the user": config.get("User") == terms.user,
        "privileged": not host.get("Privileged"),
        "the process namespace": (host.get("PidMode") or "") in _OWN_NAMESPACE,
        "the host name's namespace": (host.get("UTSMode") or "") in _OWN_NAMESPACE,
        "the memory shared with others": (host.get("IpcMode") or "") in _OWN_MEMORY,
        "the network": _is_own_network(_network(host), terms),
        "added capabilities": set(host.get("CapAdd") or ()) <= terms.capabilities,
        "the security options": _is_secured(host.get("SecurityOpt") or []),
        "the memory limit": host.get("Memory") == terms.memory,
        "the process limit": host.get("PidsLimit") == terms.pids,
        "the restart policy": str((host.get("RestartPolicy") or {}).get("Name") or "") in ("", "no"),
        "mounts of other containers": not host.get("VolumesFrom"),
        "devices": bool({"device", "gpus"} & terms.flags) or not host.get("Devices"),
    }
    yield from (name for name, holds in checks.items() if not holds)


def _network(host: Mapping[str, Any]) -> str:
    return str(host.get("NetworkMode") or "")


def _is_own_network(mode: str, terms: Terms) -> bool:
    """Another container's only where that is the holder of the session's lane."""
    if terms.joins or mode.startswith((JOINS, "ns:")):
        return mode == f"{JOINS}{terms.joins}"
    return mode != "host" or "network" in terms.flags


def _is_secured(options: list[str]) -> bool:
    """Nothing but ``no-new-privileges``, which engines write in three ways."""
    return bool(options) and all(re.fullmatch(r"no-new-privileges(?:[:=]true)?", str(option)) for option in options)


def _of_mounts(mounts: list[Mapping[str, Any]], terms: Terms) -> Iterator[str]:
    """Every mount is one of the plan's; an image may bring volumes without a name, which go with the container."""
    planned = {replace(mount, source=_place(mount.source, mount.target)) for mount in terms.mounts}
    for mount in mounts:
        kind, target = str(mount.get("Type")), str(mount.get("Destination"))
        name = str(mount.get("Name") or "")
        if kind == "tmpfs" or (kind == "volume" and _ANONYMOUS.fullmatch(name)):
            continue
        source = name if kind == "volume" else str(mount.get("Source"))
        if MountTerms(kind, _place(source, target), target, read_only=not mount.get("RW")) not in planned:
            yield f"a mount at {target if target.isprintable() else 'an odd place'}"


def _place(source: str, target: str) -> str:
    """The account files of one user are the same wherever the state folder lies, which may have moved since."""
    return "/".join(source.split("/")[-3:]) if target in ("/etc/passwd", "/etc/group") else source


def _of_process(status: ProcessStatus, terms: Terms) -> Iterator[str]:
    allowed = set() if not terms.capabilities else status.named(terms.capabilities)
    if status.capabilities - allowed:
        yield "the capabilities of its first process"
    if status.no_new_privileges != 1:
        yield "its first process could gain privileges"
    if status.uid is not None and f"{status.uid}:{status.gid}" != terms.user:
        yield "the user of its first process"
