"""What a container may use, as options."""

from collections.abc import Iterable, Iterator

from berth.planning.container_options import DeviceRate, ResourceOptions
from berth.planning.docker_line.option import Option, byte_size, options, said, switch
from berth.planning.plan import ContainerPlan

_NANO = 1_000_000_000


def resource_options(container: ContainerPlan) -> Iterator[Option]:
    """Berth's own limits and those that were asked for."""
    limits, asked = container.limits, container.options.resources
    yield Option("memory", byte_size(limits.memory))
    yield Option("memory-swap", _swap(asked.memory_swap or limits.memory))
    yield from _more_memory(asked)
    if not (asked.cpu_period or asked.cpu_quota):
        # The engine refuses a number of CPUs beside a period or a quota.
        yield Option("cpus", _cpus(limits.cpus))
    yield from _processor(asked)
    yield Option("pids-limit", str(limits.pids))
    yield Option("shm-size", byte_size(limits.shm))
    yield from _ulimits(container)
    yield from _disk(asked)


def _swap(swap: int) -> str:
    return "-1" if swap < 0 else byte_size(swap)


def _more_memory(asked: ResourceOptions) -> Iterator[Option]:
    if asked.memory_reservation:
        yield Option("memory-reservation", byte_size(asked.memory_reservation))
    if asked.memory_swappiness is not None:
        yield Option("memory-swappiness", str(asked.memory_swappiness))
    yield from switch("oom-kill-disable", asked.oom_kill_disable)
    yield from said("oom-score-adj", asked.oom_score_adj)


def _cpus(cpus: float) -> str:
    whole, part = divmod(round(cpus * _NANO), _NANO)
    return f"{whole}.{part:09d}".rstrip("0").rstrip(".")


def _processor(asked: ResourceOptions) -> Iterator[Option]:
    yield from said("cpu-shares", asked.cpu_shares)
    yield from said("cpu-period", asked.cpu_period)
    yield from said("cpu-quota", asked.cpu_quota)
    yield from said("cpuset-cpus", asked.cpuset_cpus)
    yield from said("cpuset-mems", asked.cpuset_mems)


def _ulimits(container: ContainerPlan) -> Iterable[Option]:
    nofile = container.limits.nofile
    asked = {limit.name: (limit.soft, limit.hard) for limit in container.options.resources.ulimits}
    every = {"nofile": (nofile, nofile), "core": (0, 0), **asked}
    return options("ulimit", (f"{name}={soft}:{hard}" for name, (soft, hard) in every.items()))


def _disk(asked: ResourceOptions) -> Iterator[Option]:
    yield from said("blkio-weight", asked.blkio_weight)
    yield from options("blkio-weight-device", _rates(asked.blkio_weight_devices))
    yield from options("device-read-bps", _rates(asked.read_bps))
    yield from options("device-write-bps", _rates(asked.write_bps))
    yield from options("device-read-iops", _rates(asked.read_iops))
    yield from options("device-write-iops", _rates(asked.write_iops))
    yield from options("storage-opt", (f"{name}={value}" for name, value in asked.storage.items()))


def _rates(rates: Iterable[DeviceRate]) -> Iterable[str]:
    return (f"{rate.path}:{rate.rate}" for rate in rates)
