"""What a create request may mount. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from berth.engine.docker.request_shapes import is_path
from berth.engine.docker.request_terms import MountTerms, Terms

_VOLUME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,127}")
_ENGINE_SOCKETS = frozenset({"docker.sock", "docker.raw.sock", "podman.sock", "containerd.sock", "crio.sock"})
_SOURCES_NEVER = frozenset({"/", "/dev", "/run", "/var", "/var/run"})
"""Folders that hold engines' sockets, or every device."""
_KERNEL = ("/proc", "/sys", "/dev")
_TARGETS_NEVER = frozenset({"/", "/etc", "/bin", "/lib", "/usr", "/var"})
_OPTION = re.compile(
    r"rw|ro|exec|noexec|nosuid|nodev|noatime|nodiratime|relatime|async|size=[0-9]+(?:[kmgKMG]|%)?|mode=[0-7]{1,4}"
    r"|(?:uid|gid|nr_inodes|nr_blocks)=[0-9]{1,10}[kmgKMG]?"
)


def are_mounts(value: Any, terms: Terms) -> bool:
    """Binds and named volumes of the plan, and nothing beside them: no option of a driver, no propagation."""
    return isinstance(value, list) and all(_is_mount(one, terms) for one in value)


def are_scratch_folders(value: Any, _: Terms) -> bool:
    """Folders in memory, with options that loosen nothing (``suid`` and ``dev`` are not among them)."""
    if not isinstance(value, dict):
        return False
    return all(_is_target(target) and _are_options(options) for target, options in value.items())


def _is_mount(mount: Any, terms: Terms) -> bool:
    if not isinstance(mount, dict) or not isinstance(mount.get("ReadOnly", False), bool):
        return False
    kind, source, target = mount.get("Type"), mount.get("Source"), mount.get("Target")
    shaped = _is_bind(mount) if kind == "bind" else _is_volume(mount) if kind == "volume" else False
    if not shaped or not isinstance(source, str) or not isinstance(target, str):
        return False
    return MountTerms(str(kind), source, target, mount.get("ReadOnly", False)) in terms.mounts


def _is_bind(mount: Mapping[str, Any]) -> bool:
    if mount.keys() - {"Type", "Source", "Target", "ReadOnly"}:
        return False
    source = mount.get("Source")
    if not is_path(source) or source in _SOURCES_NEVER or source.rpartition("/")[2] in _ENGINE_SOCKETS:
        return False
    return _is_target(mount.get("Target")) and not source.startswith(("/proc/", "/sys/")) and source not in _KERNEL


def _is_volume(mount: Mapping[str, Any]) -> bool:
    if mount.keys() - {"Type", "Source", "Target", "ReadOnly", "VolumeOptions"}:
        return False
    source, options = mount.get("Source"), mount.get("VolumeOptions", {"NoCopy": True})
    named = isinstance(source, str) and bool(_VOLUME.fullmatch(source))
    return named and options == {"NoCopy": True} and _is_target(mount.get("Target"))


def _is_target(target: object) -> bool:
    return is_path(target) and target not in _TARGETS_NEVER and not _is_kernels(target)


def _is_kernels(path: str) -> bool:
    return any(path == tree or path.startswith(f"{tree}/") for tree in _KERNEL)


def _are_options(options: object) -> bool:
    return isinstance(options, str) and all(_OPTION.fullmatch(one) for one in filter(None, options.split(",")))
