"""The flags of a session, from the profile and then from the request, and how their values are taken out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from berth.planning.docker_args.given import Given, bad_flag
from berth.planning.docker_args.parse import parse_args
from berth.planning.reasons import requested
from berth.protocol.commands import PlanArguments
from berth.settings.origin import Sourced
from berth.settings.settings import Profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DockerArgs:
    """Flags in the order in which they count: of a single value the last one stands, lists add up.

    ``restricted`` fills while values are read: the flags that only the user may use like this, and why.
    """

    given: tuple[Given, ...] = ()
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


def docker_args(profile: Profile | None, request: PlanArguments) -> DockerArgs:
    """The flags of a profile, then those of the request.

    Raises:
        SettingsError: ``bad-docker-args``: an unknown flag, or one that may not be used there.
    """
    places: Sequence[Sourced[tuple[str, ...]]] = (
        *((profile.docker_args,) if profile and profile.docker_args else ()),
        *((Sourced(request.docker_args, requested("dockerArgs")),) if request.docker_args else ()),
    )
    given = tuple(given for place in places for given in parse_args(place))
    return DockerArgs(given, {one: one.flag.why for one in given if one.flag.standing == "user"})
