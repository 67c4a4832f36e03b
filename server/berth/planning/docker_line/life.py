"""How a container begins, is watched and ends, as options."""

from collections.abc import Iterator

from berth.planning.container_options import Health
from berth.planning.docker_line.option import Option, said
from berth.planning.plan import ContainerPlan

HEALTH_VARIABLE = "HEALTH_COMMAND"
"""The shell variable that a text for people takes a health check's command from: it may hold a secret."""


def life_options(container: ContainerPlan) -> Iterator[Option]:
    """Init, signals, health check, restarts and log."""
    asked = container.options.life
    yield Option("init" if container.init else "init=false")
    yield Option("stop-signal", asked.stop_signal or "SIGTERM")
    if asked.stop_timeout is not None:
        yield Option("stop-timeout", str(asked.stop_timeout))
    yield from _health(asked.health) if asked.health else (Option("no-healthcheck"),)
    yield Option("restart", "no")
    yield Option("log-driver", "json-file")
    yield Option("log-opt", f"max-size={container.log_max_size}")
    yield Option("log-opt", f"max-file={container.log_max_files}")


def _health(health: Health) -> Iterator[Option]:
    if health.command:
        yield Option("health-cmd", health.command, HEALTH_VARIABLE)
    times = {
        "interval": health.interval,
        "timeout": health.timeout,
        "start-period": health.start_period,
        "start-interval": health.start_interval,
    }
    for name, nanoseconds in times.items():
        yield from said(f"health-{name}", f"{nanoseconds}ns" if nanoseconds else "")
    yield from said("health-retries", health.retries)
