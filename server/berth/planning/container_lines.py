"""The lines of an explained plan about its container."""

from collections.abc import Iterator

from berth.planning.network_lines import reach_lines
from berth.planning.network_plan import NetworkPlan
from berth.planning.plan import ContainerPlan, Mount
from berth.planning.plan_line import plan_line
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine
from berth.settings.quantities import shown_duration, shown_size

_LIMIT = built_in("as no limit was set")
_ALWAYS = built_in("always")
_UNASKED = built_in("nothing else was asked for")
_REACHED = built_in("so that services of this machine can be reached")


def container_lines(container: ContainerPlan) -> Iterator[PlanLine]:
    """Who the agent is, what it may do, and how the container begins and ends."""
    user, why = container.user, container.reason_of
    mapping = f", {user.userns}" if user.userns else ""
    yield plan_line("user", f"{user.name} ({user.uid}:{user.gid}{mapping})", user.reason)
    yield plan_line("working folder", container.workdir, why("workdir") or built_in("the workspace"))
    yield plan_line("host name", container.hostname, why("hostname") or built_in("named after the session"))
    asked = container.options.privileges
    yield plan_line("capabilities", ", ".join(asked.cap_add) or "none", why("cap-add") or _ALWAYS)
    yield plan_line("security options", ", ".join(container.security_options), _ALWAYS)
    root = "read-only" if asked.read_only_root else "read and write"
    yield plan_line("the image's own files", root, why("read-only") or _UNASKED)
    yield plan_line("ipc namespace", asked.ipc or "private", why("ipc") or _ALWAYS)
    yield from _life(container)


def _life(container: ContainerPlan) -> Iterator[PlanLine]:
    life, why = container.options.life, container.reason_of
    init = built_in("signals reach the agent, and nothing stays behind")
    yield plan_line("init", "yes" if container.init else "no", why("init") or init)
    yield plan_line("stop signal", life.stop_signal or "SIGTERM", why("stop-signal") or _UNASKED)
    yield plan_line("health check", "as asked" if life.health else "none", why("health-cmd") or _UNASKED)
    yield plan_line("restart", "never", built_in("only agent.restart starts an agent again"))
    log = f"{container.log_max_files} × {container.log_max_size}"
    yield plan_line("log", log, why("log-opt") or built_in("what the engine keeps of the agent's output"))


def network_lines(container: ContainerPlan, network: NetworkPlan) -> Iterator[PlanLine]:
    """What can be reached, and names that lead somewhere else."""
    on = container.options.network.network
    chosen = on.target if on else "the engine's default"
    chosen = f"open: {chosen}" if network.mode == "open" else network.mode
    yield plan_line("network", chosen, container.reason_of("network") or network.reason)
    yield from reach_lines(network)
    for name, address in sorted(container.extra_hosts.items()):
        asked = container.reason_of("add-host") if address != "host-gateway" else None
        yield plan_line(f"address of {name}", address, asked or _REACHED)


def mount_lines(container: ContainerPlan) -> Iterator[PlanLine]:
    """What is mounted, and scratch folders."""
    for mount in container.mounts:
        yield plan_line(f"mount {mount.target}", _mount(mount), mount.reason)
    for tmpfs in container.tmpfs:
        size = shown_size(tmpfs.size) if tmpfs.size else "no limit of its own"
        asked = container.reason_of("tmpfs") or container.reason_of("mount") if tmpfs.options is not None else None
        yield plan_line(f"tmpfs {tmpfs.target}", size, asked or built_in("scratch space in memory"))


def limit_lines(container: ContainerPlan) -> Iterator[PlanLine]:
    """What it may use."""
    limits, reasons = container.limits, container.limit_reasons
    shown = {
        "memory": ("memory", shown_size(limits.memory)),
        "cpus": ("cpus", f"{limits.cpus:g}"),
        "pids": ("processes", str(limits.pids)),
        "shm": ("shared memory", shown_size(limits.shm)),
        "gpus": ("graphics cards", _shown_flag(container, "gpus") or str(limits.gpus or "none")),
        "time": ("time limit", shown_duration(limits.time) if limits.time else "none"),
        "idle": ("idle limit", shown_duration(limits.idle) if limits.idle else "none"),
        "output": ("output", f"{shown_size(limits.output)} a second, then it is paused"),
        "keep_free": ("kept free on its disks", shown_size(limits.keep_free)),
    }
    for field, (what, value) in shown.items():
        yield plan_line(what, value, reasons.get(field, _LIMIT))
    yield from _kernel_limits(container)


def _kernel_limits(container: ContainerPlan) -> Iterator[PlanLine]:
    asked = {limit.name: (limit.soft, limit.hard) for limit in container.options.resources.ulimits}
    for name, what, own in (("nofile", "open files", container.limits.nofile), ("core", "core dumps", 0)):
        soft, hard = asked.get(name, (own, own))
        value = str(soft or "none") if soft == hard else f"{soft}, at most {hard}"
        reason = container.reason_of("ulimit") if name in asked else None
        yield plan_line(what, value, reason or _LIMIT)


def _shown_flag(container: ContainerPlan, name: str) -> str:
    return next((flag.shown for flag in reversed(container.asked) if flag.name == name), "")


def _mount(mount: Mount) -> str:
    kind = "volume " if mount.type == "volume" else ""
    return f"{kind}{mount.source}, {'read-only' if mount.read_only else 'read and write'}"
