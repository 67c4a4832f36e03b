"""The flags of a session, from the profile and then from the request, and how their values are taken out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from berth.planning.docker_args.given import Given, bad_flag
from berth.planning.docker_args.parse import parse_args, parse_foreign_args
from berth.planning.reasons import requested
from berth.protocol.plans import PlanArguments
from berth.settings.devcontainers.devcontainer import DevContainer
from berth.settings.origin import Sourced
from berth.settings.settings import Profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DockerArgs:
    """Flags in the order in which they count: of a single value the last one stands, lists add up.

    ``restricted`` fills while values are read: the flags that only the user may use like this, and why. ``left_out``
    are flags of a ``devcontainer.json`` about what Berth decides itself.
    """

    given: tuple[Given, ...] = ()
    left_out: tuple[Given, ...] = ()
    restricted: dict[Given, str] = field(default_factory=dict, compare=False, repr=False)

    def all(self, name: str) -> tuple[Given, ...]:
        """Every use of a flag."""
        return tuple(one for one in self.given if one.flag.name == name)

    def last(self, *names: str) -> Given | None:
        """The use of one of some flags that counts."""
        return next((one for one in reversed(self.given) if one.flag.name in names), None)

    def restrict(self, given: Given, why: str) -> None:
        """Says that a flag may be used like this by the user only. ``why`` follows "it".

        It is no error: a plan lists what a workspace may not do (:mod:`berth.planning.breaches`).
        """
        self.restricted.setdefault(given, why)

    def values(self, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """The values of a flag, read.

        Raises:
            SettingsError: ``bad-docker-args``: one of them cannot be read; ``read`` said why with a ValueError.
        """
        return tuple(read_value(one, read) for one in self.all(name))

    def value(self, name: str, read: Callable[[str], T]) -> T | None:
        """The value of a flag that counts, read; every other one is read too, as the Docker CLI does.

        Raises:
            SettingsError: ``bad-docker-args``.
        """
        values = self.values(name, read)
        return values[-1] if values else None


def read_value(given: Given, read: Callable[[str], T]) -> T:
    """The value of one flag, read.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    try:
        return read(given.value)
    except ValueError as error:
        raise bad_flag(given, str(error)) from error


def docker_args(project: DevContainer | None, profile: Profile | None, request: PlanArguments) -> DockerArgs:
    """The flags of a ``devcontainer.json``, then those of a profile, then those of the request.

    Raises:
        SettingsError: ``bad-docker-args``: an unknown flag, or one that may not be used there.
    """
    places: Sequence[Sourced[tuple[str, ...]]] = (
        *((profile.docker_args,) if profile and profile.docker_args else ()),
        *((Sourced(request.docker_args, requested("dockerArgs")),) if request.docker_args else ()),
    )
    foreign = [parse_foreign_args(place) for place in (project.docker_args if project else ())]
    given = (
        *(one for taken, _ in foreign for one in taken),
        *(one for place in places for one in parse_args(place)),
    )
    left_out = tuple(one for _, left in foreign for one in left)
    return DockerArgs(given, left_out, {one: one.flag.why for one in given if one.flag.standing == "user"})
