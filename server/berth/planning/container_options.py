"""What a container can have beyond the parts that every plan decides: each field is nothing until somebody asks.

Types only. They are filled from ``docker run`` flags by :mod:`berth.planning.docker_args`; nothing here holds a
variable's value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A resource limit of the kernel by its name in lower case (``nofile``); -1 is no limit."""

    name: str
    soft: int
    hard: int


@dataclass(frozen=True, slots=True)
class DeviceRate:
    """A weight (10 to 1000), bytes a second or operations a second for one block device."""

    path: str
    rate: int


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the host in the container; ``permissions`` are letters of ``rwm``."""

    host: str
    container: str
    permissions: str


@dataclass(frozen=True, slots=True)
class Gpus:
    """Graphics cards: ``count`` of them (-1: all), or those named in ``devices``."""

    count: int
    devices: tuple[str, ...] | None = None
    driver: str = ""
    capabilities: tuple[str, ...] = ("gpu",)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the container (``80/tcp``) on one of the host; ``host_port`` is a number, a range or empty (any)."""

    container: str
    host_address: str
    host_port: str


@dataclass(frozen=True, slots=True)
class Network:
    """The network: ``none``, ``bridge``, ``host``, ``default`` or a name. The rest is for networks by name."""

    target: str
    aliases: tuple[str, ...] = ()
    ipv4: str = ""
    ipv6: str = ""
    link_local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """A health check: a shell command (empty: the image's own) and its times in nanoseconds, 0 for the engine's."""

    command: str = ""
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class ResourceOptions:
    """Limits beside those of :class:`berth.planning.plan.Limits`. Sizes in bytes, CPU times in microseconds."""

    memory_swap: int | None = None
    memory_reservation: int = 0
    memory_swappiness: int | None = None
    oom_kill_disable: bool = False
    oom_score_adj: int = 0
    cpu_shares: int = 0
    cpu_period: int = 0
    cpu_quota: int = 0
    cpuset_cpus: str = ""
    cpuset_mems: str = ""
    ulimits: tuple[Ulimit, ...] = ()
    blkio_weight: int = 0
    blkio_weight_devices: tuple[DeviceRate, ...] = ()
    read_bps: tuple[DeviceRate, ...] = ()
    write_bps: tuple[DeviceRate, ...] = ()
    read_iops: tuple[DeviceRate, ...] = ()
    write_iops: tuple[DeviceRate, ...] = ()
    storage: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """How the container is reached, and what it reaches by name."""

    network: Network | None = None
    ports: tuple[Port, ...] = ()
    exposed: tuple[str, ...] = ()
    publish_all: bool = False
    dns: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    dns_options: tuple[str, ...] = ()
    domain: str = ""


@dataclass(frozen=True, slots=True)
class PrivilegeOptions:
    """What the container may do that others may not, and the other way round."""

    cap_add: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    device_rules: tuple[str, ...] = ()
    gpus: tuple[Gpus, ...] = ()
    groups: tuple[str, ...] = ()
    sysctls: Mapping[str, str] = field(default_factory=dict)
    read_only_root: bool = False
    ipc: str = ""
    cgroup_namespace: str = ""
    cgroup_parent: str = ""
    runtime: str = ""


@dataclass(frozen=True, slots=True)
class LifeOptions:
    """How the container ends, and how the engine sees that it is well."""

    stop_signal: str = ""
    stop_timeout: int | None = None
    health: Health | None = None


@dataclass(frozen=True, slots=True)
class ContainerOptions:
    """Everything that was asked for with flags of ``docker run`` and has no place elsewhere in the plan."""

    resources: ResourceOptions = field(default_factory=ResourceOptions)
    network: NetworkOptions = field(default_factory=NetworkOptions)
    privileges: PrivilegeOptions = field(default_factory=PrivilegeOptions)
    life: LifeOptions = field(default_factory=LifeOptions)
