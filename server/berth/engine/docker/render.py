"""A container plan as the body of ``POST /containers/create``. Only what stands here is ever asked for. Pure."""

from typing import Any

from berth.engine.docker.render_options import container_options, host_options, ulimits
from berth.planning.plan import ContainerPlan, Mount, Tmpfs
from berth.settings.quantities import Gpus


def render(plan: ContainerPlan, command: tuple[str, ...]) -> dict[str, Any]:
    """The create request.

    Args:
        plan: What was decided.
        command: The main process; entrypoint and command of the image are both replaced.
    """
    return {
        "Image": plan.image,
        "User": f"{plan.user.uid}:{plan.user.gid}",
        "WorkingDir": plan.workdir,
        # A container that joins another one's network has its host name, and is refused one of its own.
        **({"Hostname": plan.hostname} if plan.hostname else {}),
        "Labels": dict(plan.labels),
        "Entrypoint": list(command[:1]),
        "Cmd": list(command[1:]),
        # StdinOnce would end the agent together with the first connection to its stdin.
        "OpenStdin": True,
        "StdinOnce": False,
        "Tty": False,
        "StopSignal": "SIGTERM",
        "Healthcheck": {"Test": ["NONE"]},
        **container_options(plan.options),
        "HostConfig": {
            **(_limits(plan) | _confinement(plan) | _surroundings(plan)),
            **host_options(plan.options),
        },
    }


def _limits(plan: ContainerPlan) -> dict[str, Any]:
    limits, options = plan.limits, plan.options.resources
    # The engine refuses NanoCpus beside a period or a quota.
    cpus = {} if options.cpu_period or options.cpu_quota else {"NanoCpus": round(limits.cpus * 1_000_000_000)}
    return {
        "Memory": limits.memory,
        "MemorySwap": limits.memory,
        **cpus,
        "PidsLimit": limits.pids,
        "ShmSize": limits.shm,
        "Ulimits": ulimits(options, {"nofile": limits.nofile, "core": 0}),
        **({"DeviceRequests": [_graphics(limits.gpus)]} if limits.gpus else {}),
    }


def _graphics(gpus: Gpus) -> dict[str, Any]:
    """As ``docker run --gpus`` asks for them."""
    which: dict[str, Any] = {"DeviceIDs": list(gpus.devices)} if gpus.devices else {"Count": gpus.count}
    return {**which, "Capabilities": [["gpu"]]}


def _confinement(plan: ContainerPlan) -> dict[str, Any]:
    return {
        "CapDrop": list(plan.cap_drop),
        "SecurityOpt": list(plan.security_options),
        "IpcMode": "private",
        "Privileged": False,
        **({"UsernsMode": plan.user.userns} if plan.user.userns else {}),
    }


def _surroundings(plan: ContainerPlan) -> dict[str, Any]:
    return {
        "Mounts": [_mount(mount) for mount in plan.mounts],
        "Tmpfs": {scratch.target: _tmpfs_options(scratch) for scratch in plan.tmpfs},
        "ExtraHosts": [f"{name}:{address}" for name, address in plan.extra_hosts.items()],
        "Init": plan.init,
        "RestartPolicy": {"Name": "no"},
        "LogConfig": _log(plan),
    }


def _log(plan: ContainerPlan) -> dict[str, Any]:
    """Json-file: the driver ``local`` drops the newline of every line of 16,384 bytes and more."""
    return {"Type": "json-file", "Config": {"max-size": plan.log_max_size, "max-file": str(plan.log_max_files)}}


def _mount(mount: Mount) -> dict[str, Any]:
    rendered = {"Type": mount.type, "Source": mount.source, "Target": mount.target, "ReadOnly": mount.read_only}
    # A copy of the image's folder would bring its owner along, over the one that was prepared for the user.
    return {**rendered, "VolumeOptions": {"NoCopy": True}} if mount.type == "volume" else rendered


def _tmpfs_options(scratch: Tmpfs) -> str:
    if scratch.options is not None:
        return scratch.options
    return f"rw,exec,nosuid,nodev,size={scratch.size},mode={scratch.mode:o}"
