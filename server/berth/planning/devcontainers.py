"""What of a ``devcontainer.json`` goes into plans. Pure: the file was read before (:mod:`berth.host.devcontainers`)."""

from collections.abc import Iterator

from berth.planning.choice import choose
from berth.planning.preparation import Preparation
from berth.planning.reasons import reason
from berth.planning.reserved import require_settable
from berth.planning.supplied import Supplied
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.devcontainer import DevContainer
from berth.settings.origin import Sourced
from berth.settings.settings import Settings


def wanted_devcontainer(settings: Settings, request: PlanArguments) -> Sourced[bool | str] | None:
    """Whether a ``devcontainer.json`` is to be used, or which; None where nobody says anything about it.

    Raises:
        SettingsError: ``unknown-profile``, ``unknown-agent``, ``bad-docker-args``.
    """
    profile = choose(settings, request).profile
    return profile.devcontainer if profile and profile.devcontainer else settings.devcontainer


def container_variables(project: DevContainer | None) -> Iterator[Supplied]:
    """The variables that the file sets.

    Raises:
        SettingsError: ``reserved-variable``.
    """
    for name, variable in (project.env if project else {}).items():
        require_settable(name, variable.origin.place)
        taken = ", ".join(variable.taken_from)
        yield Supplied(
            name=name,
            value=variable.value,
            reason=reason(variable.origin, f"taken from {taken} of the editor's environment" if taken else ""),
            forwarded=bool(variable.taken_from),
            taken_from=variable.taken_from,
            expands=variable.expands,
        )


def preparations(project: DevContainer | None) -> tuple[Preparation, ...]:
    """The commands that run before the agent."""
    return tuple(
        Preparation(command.hook, command.argv, reason(command.origin), command.once, command.background)
        for command in (project.commands if project else ())
    )
