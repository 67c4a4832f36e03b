"""Every key that a create request may have, and the values it may take. What is not here is refused.

A rule answers whether a value passes. Keys that loosen pass only with the flag of ``docker run`` that the user's own
word put into the plan (:class:`berth.engine.docker.request_terms.Terms`); keys for which no flag exists (``Binds``,
``PidMode``, ``VolumesFrom``, ``Env``, ``Links``, ``Annotations``, ``MaskedPaths``, …) are not here at all.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from berth.engine.docker import request_shapes as shapes
from berth.engine.docker.request_mounts import are_mounts, are_scratch_folders
from berth.engine.docker.request_terms import Role, Terms

Rule = Callable[[Any, Terms], bool]

_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*")
_USER = re.compile(r"[0-9]{1,10}:[0-9]{1,10}")
_SIGNAL = re.compile(r"(?:SIG)?[A-Za-z0-9+-]{1,12}")
_FREE_NETWORKS = frozenset({"", "default", "bridge", "none"})


def _always(*, wanted: object) -> Rule:
    return lambda value, _: type(value) is type(wanted) and value == wanted


def _shaped(shape: Callable[[Any], bool]) -> Rule:
    return lambda value, _: shape(value)


def _with_flag(shape: Callable[[Any], bool], *flags: str) -> Rule:
    return lambda value, terms: shape(value) and not terms.flags.isdisjoint(flags)


def _image(value: object, terms: Terms) -> bool:
    return isinstance(value, str) and value == terms.image and bool(_IMAGE.fullmatch(value))


def _user(value: object, terms: Terms) -> bool:
    return isinstance(value, str) and value == terms.user and bool(_USER.fullmatch(value))


def _entrypoint(value: object, terms: Terms) -> bool:
    """A container begins with the launcher, whatever was asked for; only holder and proxy with Berth's own program."""
    if not shapes.is_words(value) or not value:
        return False
    return value[0] == "/bin/sh" or terms.of in ("holder", "proxy")


def _labels(value: object, terms: Terms) -> bool:
    """Only a session's own container is named one: a helper must not be taken for it."""
    return shapes.is_texts(value) and (terms.role == "agent" or "dev.berth.session" not in value)


def _health(value: object, terms: Terms) -> bool:
    return value == {"Test": ["NONE"]} or (terms.healthy and shapes.is_health_check(value))


def _memory(value: object, terms: Terms) -> bool:
    return shapes.is_count(value) and 0 < value == terms.memory


def _swap(value: object, terms: Terms) -> bool:
    if "memory-swap" in terms.flags:
        return type(value) is int and (value == -1 or value >= terms.memory)
    return type(value) is int and value == terms.memory


def _pids(value: object, terms: Terms) -> bool:
    return shapes.is_count(value) and 0 < value == terms.pids


def _ulimits(value: object, terms: Terms) -> bool:
    limits = shapes.ulimits(value)
    if limits is None or not {"nofile", "core"} <= limits.keys():
        return False
    return "ulimit" in terms.flags or limits["core"] == 0


def _capabilities(value: object, terms: Terms) -> bool:
    return shapes.is_words(value) and set(value) <= terms.capabilities and not {"ALL", "CAP_ALL"} & set(value)


def _userns(value: object, terms: Terms) -> bool:
    return value == "keep-id" == terms.userns


def _network_mode(value: object, terms: Terms) -> bool:
    if not isinstance(value, str):
        return False
    if terms.role in ("helper", "holder"):
        return value == "none"
    if value.startswith("container:"):
        return bool(terms.joins) and value == f"container:{terms.joins}"
    return value in _FREE_NETWORKS or "network" in terms.flags or terms.role == "proxy"


def _extra_hosts(value: object, terms: Terms) -> bool:
    """``host.docker.internal`` is everybody's; other names lead where the user says."""
    if not shapes.is_words(value):
        return False
    return "add-host" in terms.flags or all(entry.startswith("host.docker.internal:") for entry in value)


def _resolvers(value: object, terms: Terms) -> bool:
    """A holder has one that is not there, so that looking names up fails at once."""
    return shapes.is_words(value) and ("dns" in terms.flags or (terms.role == "holder" and value == ["127.0.0.1"]))


def _log(value: object, terms: Terms) -> bool:
    return shapes.is_bounded_log(value) and ("log-opt" in terms.flags or value["Config"]["max-size"] in ("8m", "64m"))


def _oom_score(value: object, terms: Terms) -> bool:
    return type(value) is int and (0 <= value <= 1000 or "oom-score-adj" in terms.flags)


def _networking(value: object, terms: Terms) -> bool:
    return isinstance(value, dict) and value.keys() == {"EndpointsConfig"} and "network" in terms.flags


RULES: Mapping[str, Rule] = {
    "Image": _image,
    "User": _user,
    "WorkingDir": _shaped(shapes.is_path),
    "Hostname": _shaped(lambda value: isinstance(value, str) and (not value or bool(_HOST_NAME.fullmatch(value)))),
    "Domainname": _shaped(lambda value: isinstance(value, str) and bool(_HOST_NAME.fullmatch(value))),
    "Labels": _labels,
    "Entrypoint": _entrypoint,
    "Cmd": _shaped(shapes.is_words),
    "OpenStdin": _always(wanted=True),
    "StdinOnce": _always(wanted=False),
    "Tty": _always(wanted=False),
    "StopSignal": _shaped(lambda value: isinstance(value, str) and bool(_SIGNAL.fullmatch(value))),
    "StopTimeout": _shaped(lambda value: type(value) is int and value >= -1),
    "Healthcheck": _health,
    "ExposedPorts": _shaped(shapes.is_exposed),
    "NetworkingConfig": _networking,
}

HOST_RULES: Mapping[str, Rule] = {
    "Memory": _memory,
    "MemorySwap": _swap,
    "MemoryReservation": _shaped(shapes.is_count),
    "MemorySwappiness": _shaped(lambda value: shapes.is_count(value) and value <= 100),
    "NanoCpus": _shaped(lambda value: shapes.is_count(value) and value > 0),
    **{key: _shaped(shapes.is_count) for key in ("CpuShares", "CpuPeriod", "CpuQuota", "ShmSize", "BlkioWeight")},
    "CpusetCpus": _shaped(shapes.is_number_list),
    "CpusetMems": _shaped(shapes.is_number_list),
    "PidsLimit": _pids,
    "Ulimits": _ulimits,
    "BlkioWeightDevice": _shaped(shapes.are_device_rates),
    **{
        f"BlkioDevice{way}{unit}": _shaped(shapes.are_device_rates)
        for way in ("Read", "Write")
        for unit in ("Bps", "IOps")
    },
    "OomKillDisable": _with_flag(lambda value: value is True, "oom-kill-disable"),
    "OomScoreAdj": _oom_score,
    "StorageOpt": _with_flag(lambda value: shapes.is_texts(value) and value.keys() == {"size"}, "storage-opt"),
    "CapDrop": _always(wanted=["ALL"]),
    "CapAdd": _capabilities,
    "SecurityOpt": _always(wanted=["no-new-privileges"]),
    "Privileged": _always(wanted=False),
    "IpcMode": _shaped(lambda value: value in ("private", "none")),
    "CgroupnsMode": _always(wanted="private"),
    "UsernsMode": _userns,
    "ReadonlyRootfs": _always(wanted=True),
    "Devices": _with_flag(shapes.are_devices, "device"),
    "DeviceCgroupRules": _with_flag(shapes.is_words, "device-cgroup-rule"),
    "DeviceRequests": _with_flag(shapes.are_graphics, "gpus"),
    "GroupAdd": _with_flag(shapes.is_words, "group-add"),
    "Sysctls": _with_flag(shapes.is_texts, "sysctl"),
    "CgroupParent": _with_flag(lambda value: isinstance(value, str), "cgroup-parent"),
    "Runtime": _with_flag(lambda value: isinstance(value, str), "runtime"),
    "Mounts": are_mounts,
    "Tmpfs": are_scratch_folders,
    "NetworkMode": _network_mode,
    "ExtraHosts": _extra_hosts,
    "PortBindings": _with_flag(lambda value: isinstance(value, dict), "publish"),
    "PublishAllPorts": _with_flag(lambda value: value is True, "publish-all"),
    "Dns": _resolvers,
    "DnsSearch": _with_flag(shapes.is_words, "dns-search"),
    "DnsOptions": _with_flag(shapes.is_words, "dns-option"),
    "Init": _shaped(lambda value: isinstance(value, bool)),
    "RestartPolicy": _always(wanted={"Name": "no"}),
    "LogConfig": _log,
}

_OF_ALL = frozenset({"Image", "User", "Entrypoint", "Healthcheck", "Labels"})
REQUIRED: Mapping[Role, frozenset[str]] = {
    "agent": _OF_ALL | {"Cmd", "OpenStdin", "StdinOnce", "Tty"},
    "holder": _OF_ALL | {"Cmd"},
    "proxy": _OF_ALL | {"Cmd"},
    "helper": _OF_ALL,
}
"""What an image would decide otherwise, beside who runs and what."""

REQUIRED_OF_HOST = frozenset(
    (
        *("Memory", "MemorySwap", "PidsLimit", "Ulimits", "CapDrop", "SecurityOpt", "Privileged", "IpcMode"),
        *("Mounts", "RestartPolicy", "LogConfig"),
    )
)
"""What an engine would decide otherwise, and looser."""
