"""What a container may do, as options."""

from collections.abc import Iterable, Iterator

from berth.planning.container_options import Gpus
from berth.planning.docker_line.option import Option, comma_separated, options, said, switch
from berth.planning.plan import ContainerPlan


def privilege_options(container: ContainerPlan) -> Iterator[Option]:
    """What is taken away first, then what was asked for."""
    asked = container.options.privileges
    yield from options("cap-drop", container.cap_drop)
    yield from options("cap-add", asked.cap_add)
    yield from options("security-opt", container.security_options)
    yield from switch("read-only", asked.read_only_root)
    yield Option("ipc", asked.ipc or "private")
    yield from said("cgroupns", asked.cgroup_namespace)
    yield from said("cgroup-parent", asked.cgroup_parent)
    yield from options("group-add", asked.groups)
    yield from options("device", (f"{one.host}:{one.container}:{one.permissions}" for one in asked.devices))
    yield from options("device-cgroup-rule", asked.device_rules)
    yield from options("gpus", _graphics(container))
    yield from options("sysctl", (f"{name}={value}" for name, value in asked.sysctls.items()))
    yield from said("runtime", asked.runtime)


def _graphics(container: ContainerPlan) -> Iterable[str]:
    """Those of flags, which replace the settings' ones."""
    asked, limit = container.options.privileges.gpus, container.limits.gpus
    if asked or limit is None:
        return map(_gpus, asked)
    return [_gpus(Gpus(0, limit.devices) if limit.devices else Gpus(limit.count))]


def _gpus(gpus: Gpus) -> str:
    """The CLI adds ``gpu`` to capabilities that are written, and takes it for those that are not."""
    parts = [f"driver={gpus.driver}"] if gpus.driver else []
    if gpus.count or gpus.devices is None:
        parts.append("all" if gpus.count == -1 else str(gpus.count))
    parts += [f"device={','.join(gpus.devices)}"] if gpus.devices is not None else []
    named = gpus.capabilities[:-1]
    parts += [f"capabilities={','.join(named)}"] if named else []
    pairs = (f"{name}={value}" for name, value in gpus.options.items())
    parts += [f"options={comma_separated(pairs)}"] if gpus.options else []
    return comma_separated(parts)
