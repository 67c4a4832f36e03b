"""Flags about what a container may use. A repository may lower what Berth gives by itself, and not raise it."""

import re
from dataclasses import replace

from berth.planning.container_options import DeviceRate, ResourceOptions, Ulimit
from berth.planning.docker_args.args import DockerArgs, read_value
from berth.planning.docker_args.given import bad_flag
from berth.planning.docker_args.scalars import NANO, cpu_set, nano_cpus, number, one_of, size, swap, whole
from berth.planning.docker_args.scalars import boolean as switch
from berth.planning.facts import EngineFacts
from berth.planning.limits import MAX_PIDS
from berth.planning.plan import Limits

SMALLEST_MEMORY = 6 * 1024 * 1024
"""The engine's own: ``linuxMinMemory`` of moby's daemon."""

_ULIMIT = re.compile(r"([A-Za-z]+)=(-?[0-9]+)(?::(-?[0-9]+))?")
_ULIMITS = frozenset(
    (
        *("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio"),
        *("rttime", "sigpending", "stack"),
    )
)


def asked_limits(args: DockerArgs, limits: Limits, engine: EngineFacts) -> Limits:
    """The limits with what was asked for. A repository gets at most what it may ask for in ``resources``.

    Raises:
        SettingsError: ``bad-docker-args``: a value is none, or raises a limit from where only the user may.
    """
    memory = args.value("memory", _memory)
    cpus = args.value("cpus", nano_cpus)
    pids = args.value("pids-limit", whole(1, 2**31 - 1))
    shm = args.value("shm-size", size)
    _check_engine(args, cpus, engine)
    for name, value, most in (
        ("memory", memory, max(limits.memory, engine.memory * 3 // 4)),
        ("pids-limit", pids, MAX_PIDS),
        ("shm-size", shm, memory or limits.memory),
    ):
        given = args.last(name)
        if given is not None and value is not None and value > most:
            args.restrict(given, "raises a limit")
    return replace(
        limits,
        memory=memory or limits.memory,
        cpus=cpus / NANO if cpus else limits.cpus,
        pids=pids or limits.pids,
        # 0 is how one asks the Docker CLI for the engine's default.
        shm=shm or limits.shm,
    )


def resource_options(args: DockerArgs, limits: Limits) -> ResourceOptions:
    """What else of resources was asked for. ``limits`` are those of the plan.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    _check_cpu_times(args, limits)
    _check_scores(args)
    return ResourceOptions(
        memory_swap=_swap(args, limits),
        memory_reservation=_reservation(args, limits),
        memory_swappiness=_swappiness(args),
        oom_kill_disable=args.value("oom-kill-disable", switch) or False,
        oom_score_adj=args.value("oom-score-adj", whole(-1000, 1000)) or 0,
        cpu_shares=args.value("cpu-shares", number) or 0,
        cpu_period=args.value("cpu-period", number) or 0,
        cpu_quota=args.value("cpu-quota", number) or 0,
        cpuset_cpus=args.value("cpuset-cpus", cpu_set) or "",
        cpuset_mems=args.value("cpuset-mems", cpu_set) or "",
        ulimits=_ulimits(args, limits),
        blkio_weight=args.value("blkio-weight", _weight) or 0,
        blkio_weight_devices=args.values("blkio-weight-device", _device_weight),
        read_bps=args.values("device-read-bps", _bytes_rate),
        write_bps=args.values("device-write-bps", _bytes_rate),
        read_iops=args.values("device-read-iops", _operations_rate),
        write_iops=args.values("device-write-iops", _operations_rate),
        storage=dict(args.values("storage-opt", _storage)),
    )


def _check_engine(args: DockerArgs, cpus: int | None, engine: EngineFacts) -> None:
    """Engines refuse to give more CPUs than they have, or next to none."""
    given = args.last("cpus")
    if given is not None and cpus is not None and not NANO // 100 <= cpus <= max(engine.cpus, 1) * NANO:
        raise bad_flag(given, f"is not between 0.01 and the engine's {engine.cpus}")


def _memory(text: str) -> int:
    found = size(text)
    if found == 0:
        raise ValueError("would be no limit, and a session always has one")
    if found < SMALLEST_MEMORY:
        raise ValueError("is less than the 6 MiB that engines ask for")
    return found


def _swap(args: DockerArgs, limits: Limits) -> int | None:
    asked = args.value("memory-swap", swap)
    given = args.last("memory-swap")
    if not asked or given is None:
        return None
    if asked != -1 and asked < limits.memory:
        raise bad_flag(given, "is less than the memory: it is memory and swap together")
    if asked == -1 or asked > limits.memory:
        args.restrict(given, "gives the session swap")
    return asked


def _reservation(args: DockerArgs, limits: Limits) -> int:
    asked = args.value("memory-reservation", size) or 0
    given = args.last("memory-reservation")
    if given is not None and asked > limits.memory:
        raise bad_flag(given, "is more than the memory")
    if given is not None and 0 < asked < SMALLEST_MEMORY:
        raise bad_flag(given, "is less than the 6 MiB that engines ask for")
    return asked


def _swappiness(args: DockerArgs) -> int | None:
    asked = args.value("memory-swappiness", whole(-1, 100))
    return None if asked == -1 else asked


def _check_cpu_times(args: DockerArgs, limits: Limits) -> None:
    given = args.last("cpu-period", "cpu-quota")
    if given is None:
        return
    period = args.value("cpu-period", number) or 100_000
    quota = args.value("cpu-quota", number) or 0
    if args.last("cpus") is not None:
        raise bad_flag(given, "cannot stand beside --cpus, which says the same")
    if not 1000 <= period <= 1_000_000:
        raise bad_flag(given, "makes a period that is not between 1,000 and 1,000,000 microseconds")
    if 0 < quota < 1000:
        raise bad_flag(given, "makes a quota of less than 1,000 microseconds")
    if quota / period > limits.cpus:
        args.restrict(given, "raises a limit")


def _check_scores(args: DockerArgs) -> None:
    given = args.last("oom-score-adj")
    if given is not None and read_value(given, whole(-1000, 1000)) < 0:
        args.restrict(given, "protects the session at the cost of other programs")


def _ulimits(args: DockerArgs, limits: Limits) -> tuple[Ulimit, ...]:
    by_name: dict[str, Ulimit] = {}
    for given in args.all("ulimit"):
        asked = read_value(given, _ulimit)
        if _raises(asked, limits):
            args.restrict(given, "raises a limit")
        by_name[asked.name] = asked
    return tuple(by_name[name] for name in sorted(by_name))


def _ulimit(text: str) -> Ulimit:
    match = _ULIMIT.fullmatch(text)
    if match is None:
        raise ValueError("is not of the form name=soft[:hard]")
    name, soft = match[1].lower(), int(match[2])
    hard = int(match[3]) if match[3] else soft
    if name not in _ULIMITS:
        raise ValueError("names no limit of Linux")
    if min(soft, hard) < -1 or max(soft, hard) >= 2**63:
        raise ValueError("is neither a count nor -1")
    if hard != -1 and not 0 <= soft <= hard:
        raise ValueError("has a soft limit above the hard one")
    return Ulimit(name, soft, hard)


def _raises(asked: Ulimit, limits: Limits) -> bool:
    most = {"nofile": limits.nofile, "core": 0}.get(asked.name)
    return asked.hard == -1 or (most is not None and asked.hard > most)


def _weight(text: str) -> int:
    found = whole(0, 1000)(text)
    if 0 < found < 10:
        raise ValueError("is neither 0 nor between 10 and 1000")
    return found


def _device_weight(text: str) -> DeviceRate:
    path, value = _device(text)
    return DeviceRate(path, _weight(value))


def _bytes_rate(text: str) -> DeviceRate:
    path, value = _device(text)
    return DeviceRate(path, size(value))


def _operations_rate(text: str) -> DeviceRate:
    path, value = _device(text)
    return DeviceRate(path, number(value))


def _device(text: str) -> tuple[str, str]:
    path, _, value = text.partition(":")
    if not path.startswith("/dev/") or not value:
        raise ValueError("is not of the form /dev/…:value")
    return path, value


def _storage(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    one_of("size")(name)
    size(value)
    return name, value
