"""What was asked for with flags of ``docker run``, as parts of a create request. Pure."""

from collections.abc import Mapping
from typing import Any

from berth.planning.container_options import (
    ContainerOptions,
    Device,
    DeviceRate,
    Gpus,
    Health,
    LifeOptions,
    Network,
    NetworkOptions,
    PrivilegeOptions,
    ResourceOptions,
)

_ZERO_COUNTS = frozenset({"StopTimeout", "MemorySwappiness"})


def host_options(options: ContainerOptions) -> dict[str, Any]:
    """Fields of ``HostConfig``. Only those that were asked for are there, so that the engine's defaults stay."""
    return _present(
        {**_resources(options.resources), **_network(options.network), **_privileges(options.privileges)},
    )


def container_options(options: ContainerOptions) -> dict[str, Any]:
    """Fields of the request beside ``HostConfig``."""
    network = options.network.network
    exposed = (*options.network.exposed, *(port.container for port in options.network.ports))
    endpoint = _endpoint(network) if network else {}
    return _present(
        {
            "Domainname": options.network.domain,
            "ExposedPorts": {port: {} for port in exposed},
            "NetworkingConfig": {"EndpointsConfig": {network.target: endpoint}} if network and endpoint else None,
            **_life(options.life),
        }
    )


def ulimits(options: ResourceOptions, own: Mapping[str, int]) -> list[dict[str, Any]]:
    """Berth's own limits of the kernel, and over them those that were asked for."""
    asked = {limit.name: (limit.soft, limit.hard) for limit in options.ulimits}
    every = {**{name: (value, value) for name, value in own.items()}, **asked}
    return [{"Name": name, "Soft": soft, "Hard": hard} for name, (soft, hard) in every.items()]


def _resources(options: ResourceOptions) -> dict[str, Any]:
    return {
        "MemorySwap": options.memory_swap,
        "MemoryReservation": options.memory_reservation,
        "MemorySwappiness": options.memory_swappiness,
        "OomKillDisable": options.oom_kill_disable,
        "OomScoreAdj": options.oom_score_adj,
        "CpuShares": options.cpu_shares,
        "CpuPeriod": options.cpu_period,
        "CpuQuota": options.cpu_quota,
        "CpusetCpus": options.cpuset_cpus,
        "CpusetMems": options.cpuset_mems,
        "BlkioWeight": options.blkio_weight,
        "BlkioWeightDevice": [{"Path": one.path, "Weight": one.rate} for one in options.blkio_weight_devices],
        "BlkioDeviceReadBps": _rates(options.read_bps),
        "BlkioDeviceWriteBps": _rates(options.write_bps),
        "BlkioDeviceReadIOps": _rates(options.read_iops),
        "BlkioDeviceWriteIOps": _rates(options.write_iops),
        "StorageOpt": dict(options.storage),
    }


def _rates(rates: tuple[DeviceRate, ...]) -> list[dict[str, Any]]:
    return [{"Path": rate.path, "Rate": rate.rate} for rate in rates]


def _network(options: NetworkOptions) -> dict[str, Any]:
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in options.ports:
        bindings.setdefault(port.container, []).append({"HostIp": port.host_address, "HostPort": port.host_port})
    return {
        "NetworkMode": options.network.target if options.network else "",
        "PortBindings": bindings,
        "PublishAllPorts": options.publish_all,
        "Dns": list(options.dns),
        "DnsSearch": list(options.dns_search),
        "DnsOptions": list(options.dns_options),
    }


def _endpoint(network: Network) -> dict[str, Any]:
    addresses = {"IPv4Address": network.ipv4, "IPv6Address": network.ipv6, "LinkLocalIPs": list(network.link_local)}
    return _present({"Aliases": list(network.aliases), "IPAMConfig": _present(addresses)})


def _privileges(options: PrivilegeOptions) -> dict[str, Any]:
    return {
        "CapAdd": list(options.cap_add),
        "Devices": [_device(device) for device in options.devices],
        "DeviceCgroupRules": list(options.device_rules),
        "DeviceRequests": [_gpus(gpus) for gpus in options.gpus],
        "GroupAdd": list(options.groups),
        "Sysctls": dict(options.sysctls),
        "ReadonlyRootfs": options.read_only_root,
        "IpcMode": options.ipc,
        "CgroupnsMode": options.cgroup_namespace,
        "CgroupParent": options.cgroup_parent,
        "Runtime": options.runtime,
    }


def _device(device: Device) -> dict[str, str]:
    return {
        "PathOnHost": device.host,
        "PathInContainer": device.container,
        "CgroupPermissions": device.permissions,
    }


def _gpus(gpus: Gpus) -> dict[str, Any]:
    return {
        "Driver": gpus.driver,
        "Count": gpus.count,
        "DeviceIDs": None if gpus.devices is None else list(gpus.devices),
        "Capabilities": [list(gpus.capabilities)],
        "Options": dict(gpus.options),
    }


def _life(options: LifeOptions) -> dict[str, Any]:
    return {
        "StopSignal": options.stop_signal,
        "StopTimeout": options.stop_timeout,
        "Healthcheck": _health(options.health) if options.health else None,
    }


def _health(health: Health) -> dict[str, Any]:
    times = {
        "Interval": health.interval,
        "Timeout": health.timeout,
        "StartPeriod": health.start_period,
        "StartInterval": health.start_interval,
        "Retries": health.retries,
    }
    return _present({"Test": ["CMD-SHELL", health.command] if health.command else None, **times})


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something: neither nothing, nor false, nor empty; a stop timeout of 0 says something."""
    return {name: value for name, value in fields.items() if value or (value is not None and name in _ZERO_COUNTS)}
