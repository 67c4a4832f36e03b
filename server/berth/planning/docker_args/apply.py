"""The container with what was asked for, each flag with its reason."""

from dataclasses import replace

from berth.planning.container_options import ContainerOptions
from berth.planning.docker_args.args import DockerArgs
from berth.planning.docker_args.given import bad_flag
from berth.planning.docker_args.life import life_options
from berth.planning.docker_args.mounts import asked_tmpfs
from berth.planning.docker_args.network import extra_hosts, host_name, network_options
from berth.planning.docker_args.privileges import privilege_options
from berth.planning.docker_args.resources import asked_limits, resource_options
from berth.planning.docker_args.scalars import boolean
from berth.planning.docker_args.surroundings import asked_labels, asked_log, asked_workdir
from berth.planning.facts import EngineFacts
from berth.planning.limits import PlannedLimits
from berth.planning.plan import AskedFlag, ContainerPlan, Tmpfs
from berth.planning.reasons import reason

_LIMIT_FIELDS = {"memory": "memory", "cpus": "cpus", "pids-limit": "pids", "shm-size": "shm", "gpus": "gpus"}
_WITHOUT_EFFECT = {
    "cap-drop": "every capability is dropped anyway",
    "security-opt": "new privileges are out of reach anyway",
    "no-healthcheck": "there is no health check anyway",
}


def asked_limits_of(args: DockerArgs, planned: PlannedLimits, engine: EngineFacts) -> PlannedLimits:
    """The limits with what flags ask for, over what the settings' ``resources`` say.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    asked = {field: given for name, field in _LIMIT_FIELDS.items() if (given := args.last(name)) is not None}
    reasons = {field: reason(given.origin, f"--{given.flag.name}") for field, given in asked.items()}
    limits = asked_limits(args, planned.limits, engine)
    return replace(planned, limits=limits, reasons={**planned.reasons, **reasons})


def with_docker_args(container: ContainerPlan, args: DockerArgs) -> ContainerPlan:
    """The container plan with every flag in it.

    Raises:
        SettingsError: ``bad-docker-args``: a value cannot be read, is not allowed, or is in the way of another.
    """
    log = asked_log(args)
    init = args.value("init", boolean)
    planned = replace(
        container,
        workdir=asked_workdir(args) or container.workdir,
        hostname=args.value("hostname", host_name) or container.hostname,
        tmpfs=_tmpfs(container, args),
        extra_hosts={**container.extra_hosts, **extra_hosts(args)},
        labels={**container.labels, **asked_labels(args)},
        init=container.init if init is None else init,
        log_max_size=log.get("max-size", container.log_max_size),
        log_max_files=int(log.get("max-file", container.log_max_files)),
        options=ContainerOptions(
            resources=resource_options(args, container.limits),
            network=network_options(args),
            privileges=privilege_options(args),
            life=life_options(args),
        ),
    )
    return replace(planned, asked=_asked(args))


def without_effect(args: DockerArgs) -> list[str]:
    """Notes about flags that ask for what is so anyway."""
    names = dict.fromkeys(given.flag.name for given in args.given)
    return [
        *(f"--{name} does nothing here: {_WITHOUT_EFFECT[name]}." for name in names if name in _WITHOUT_EFFECT),
        *(f"--{one.flag.name} ({one.origin.place}) is left out: it {one.flag.why}." for one in args.left_out),
    ]


def _asked(args: DockerArgs) -> tuple[AskedFlag, ...]:
    """Every flag with its reason. Comes last: reading the values tells which of them are restricted."""
    return tuple(
        AskedFlag(given.flag.name, given.shown, reason(given.origin), args.restricted.get(given, ""))
        for given in args.given
    )


def _tmpfs(container: ContainerPlan, args: DockerArgs) -> tuple[Tmpfs, ...]:
    asked = asked_tmpfs(args)
    taken = {mount.target for mount in container.mounts}
    for tmpfs in asked:
        given = args.last("tmpfs", "mount")
        if tmpfs.target in taken and given is not None:
            raise bad_flag(given, f"is in the way of another mount at {tmpfs.target}", "Choose another target.")
    return tuple({tmpfs.target: tmpfs for tmpfs in (*container.tmpfs, *asked)}.values())
