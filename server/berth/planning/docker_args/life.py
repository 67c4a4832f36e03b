"""Flags about how a container ends, and how the engine sees that it is well."""

import re

from berth.planning.container_options import Health, LifeOptions
from berth.planning.docker_args.args import DockerArgs
from berth.planning.docker_args.given import bad_flag
from berth.planning.docker_args.scalars import boolean, duration, whole

_SIGNAL = re.compile(r"(?:SIG)?(?:[A-Z]{2,6}[0-9]?|RTMIN(?:\+[0-9]{1,2})?|RTMAX(?:-[0-9]{1,2})?)|[1-9][0-9]?")
_SHORTEST = 1_000_000


def life_options(args: DockerArgs) -> LifeOptions:
    """Stopping and health.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return LifeOptions(
        stop_signal=args.value("stop-signal", _signal) or "",
        stop_timeout=args.value("stop-timeout", whole(-1, 2**31 - 1)),
        health=_health(args),
    )


def _signal(text: str) -> str:
    if not _SIGNAL.fullmatch(text.upper()):
        raise ValueError("is not a signal such as SIGTERM or 15")
    return text


def _health(args: DockerArgs) -> Health | None:
    health = Health(
        command=args.value("health-cmd", str) or "",
        interval=args.value("health-interval", _time) or 0,
        timeout=args.value("health-timeout", _time) or 0,
        start_period=args.value("health-start-period", _time) or 0,
        start_interval=args.value("health-start-interval", _time) or 0,
        retries=args.value("health-retries", whole(0, 2**31 - 1)) or 0,
    )
    given = args.last("no-healthcheck")
    if given is not None and args.value("no-healthcheck", boolean) and health != Health():
        raise bad_flag(given, "cannot stand beside --health-* flags")
    return health if health != Health() else None


def _time(text: str) -> int:
    found = duration(text)
    if 0 < found < _SHORTEST:
        raise ValueError("is less than a millisecond")
    return found
