"""Flags about what a container may do."""

import re

from berth.planning.container_options import Device, Gpus, PrivilegeOptions
from berth.planning.docker_args.args import DockerArgs
from berth.planning.docker_args.fields import csv_fields
from berth.planning.docker_args.scalars import boolean, one_of, text_value, whole

_CAPABILITY = re.compile(r"(?:CAP_)?[A-Z][A-Z_]*")
_RULE = re.compile(r"[acb] (?:[0-9]+|\*):(?:[0-9]+|\*) [rwm]{1,3}")
_MODE = re.compile(r"[rwm]{1,3}")
_GROUP = re.compile(r"[0-9]{1,10}|[a-z_][a-z0-9_-]{0,31}")
_SYSCTL = re.compile(
    r"(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|(?:net|fs\.mqueue)\.[\w./-]+)=(.*)"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*")
_NO_NEW_PRIVILEGES = frozenset({"no-new-privileges", "no-new-privileges=true", "no-new-privileges:true"})


def privilege_options(args: DockerArgs) -> PrivilegeOptions:
    """What the container may do, and may not.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    args.values("cap-drop", _dropped)
    args.values("security-opt", _security)
    return PrivilegeOptions(
        cap_add=tuple(sorted(set(args.values("cap-add", _added)))),
        devices=args.values("device", _device),
        device_rules=args.values("device-cgroup-rule", _rule),
        gpus=args.values("gpus", _gpus),
        groups=args.values("group-add", _group),
        sysctls=dict(args.values("sysctl", _sysctl)),
        read_only_root=args.value("read-only", boolean) or False,
        ipc=args.value("ipc", _ipc) or "",
        cgroup_namespace=args.value("cgroupns", _cgroup_namespace) or "",
        cgroup_parent=args.value("cgroup-parent", text_value) or "",
        runtime=args.value("runtime", _runtime) or "",
    )


def _dropped(text: str) -> str:
    """Berth drops all of them anyway."""
    if not _CAPABILITY.fullmatch(text.upper()):
        raise ValueError("is not a capability's name")
    return text


def _added(text: str) -> str:
    name = _dropped(text).upper()
    if name in ("ALL", "CAP_ALL"):
        raise ValueError("is never allowed: name the capabilities that are needed")
    return name if name.startswith("CAP_") else f"CAP_{name}"


def _security(text: str) -> str:
    if text not in _NO_NEW_PRIVILEGES:
        raise ValueError("is never allowed: only no-new-privileges, which Berth sets anyway, surely loosens nothing")
    return text


def _device(text: str) -> Device:
    host, *rest = text.split(":")
    container, mode = host, "rwm"
    if len(rest) == 1 and _MODE.fullmatch(rest[0]):
        mode = rest[0]
    elif rest:
        container, mode = rest[0] or host, rest[1] if len(rest) > 1 else mode
    if len(rest) > 2 or not _MODE.fullmatch(mode) or len(set(mode)) != len(mode):
        raise ValueError("is not of the form /dev/…[:/dev/…][:rwm]")
    if not host.startswith("/dev/") or not container.startswith("/") or "/../" in f"{host}/{container}/":
        raise ValueError("is not of the form /dev/…[:/dev/…][:rwm]")
    return Device(host, container, mode)


def _rule(text: str) -> str:
    if not _RULE.fullmatch(text):
        raise ValueError("is not a rule such as “c 1:3 rwm”")
    return text


def _gpus(text: str) -> Gpus:
    fields = [field.partition("=") for field in csv_fields(text)]
    parts = {"count" if not separator else key: value if separator else key for key, separator, value in fields}
    if len(parts) != len(fields) or not fields:
        raise ValueError("says something twice, or nothing")
    if unknown := set(parts) - {"driver", "count", "device", "capabilities", "options"}:
        raise ValueError(f"has {', '.join(sorted(unknown))} in it, which is no part of a request for graphics cards")
    devices = tuple(parts["device"].split(",")) if "device" in parts else None
    return Gpus(
        count=_count(parts["count"]) if "count" in parts else int(devices is None),
        devices=devices,
        driver=parts.get("driver", ""),
        capabilities=(*parts["capabilities"].split(","), "gpu") if "capabilities" in parts else ("gpu",),
        options=_gpu_options(parts["options"]) if "options" in parts else {},
    )


def _count(text: str) -> int:
    return -1 if text == "all" else whole(-1, 2**31 - 1)(text)


def _gpu_options(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in csv_fields(text))
    return {name: value for name, _, value in pairs}


def _group(text: str) -> str:
    if not _GROUP.fullmatch(text):
        raise ValueError("is neither a group's number nor its name")
    return text


def _sysctl(text: str) -> tuple[str, str]:
    if not _SYSCTL.fullmatch(text):
        raise ValueError("is not a parameter that a container can have for itself")
    name, _, value = text.partition("=")
    return name, value


def _ipc(text: str) -> str:
    if text == "host" or text.startswith("container:") or text == "shareable":
        raise ValueError("is never allowed: it would share memory with programs outside the session")
    return one_of("", "private", "none")(text)


def _cgroup_namespace(text: str) -> str:
    if text == "host":
        raise ValueError("is never allowed: it would let the agent see this machine's groups of processes")
    return one_of("", "private")(text)


def _runtime(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("is not a runtime's name")
    return text
