"""Profiles, each with everything it inherits, made when it is asked for: a team may have hundreds and use one."""

from collections.abc import Iterator, Mapping, Sequence

from berth.settings.builds import merged_build
from berth.settings.entries import Entry, added_up, highest, within
from berth.settings.layers import readable_path
from berth.settings.model import ProfileEntry
from berth.settings.network import merged_network
from berth.settings.origin import Sourced
from berth.settings.problems import BadSettings, Problem, bad_settings, did_you_mean
from berth.settings.resources import merged_resources
from berth.settings.settings import Profile

MAX_DEPTH = 16
"""Longer chains are refused: nobody can say any more what the last one is. Real ones stay under five."""


class Profiles(Mapping[str, Profile]):
    """All profiles by name.

    Looking one up raises ``BadSettings`` when its chain of ``extends`` is broken; a broken profile that nobody uses
    does no harm (the user's may extend one that only some workspaces have).
    """

    def __init__(self, written: Mapping[str, Sequence[Entry[ProfileEntry]]]) -> None:
        """Takes what each name means in each layer that has it, lowest layer first."""
        self._written = written
        self._made: dict[str, Profile] = {}

    def __getitem__(self, name: str) -> Profile:
        """The profile with all it inherits.

        Raises:
            KeyError: There is none of this name.
            berth.settings.problems.BadSettings: It extends itself, a profile that does not exist, or too many.
        """
        if name not in self._made:
            chain = self._chain(name)
            entries = [entry for link in chain for entry in self._written[link]]
            self._made[name] = _profile(name, entries, inherits=tuple(chain[:-1]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._written)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._written)

    def __contains__(self, name: object) -> bool:
        """Whether there is one of this name, in order or not."""
        return name in self._written

    def _chain(self, name: str) -> list[str]:
        """The profile and all that it extends, lowest first: parents before children, each once, where it first is."""
        order: dict[str, None] = {}
        self._walk(name, (), order)
        return list(order)

    def _walk(self, name: str, above: tuple[str, ...], order: dict[str, None]) -> None:
        if name in order:
            return
        above = (*above, name)
        parents = highest(self._written[name], "extends", lambda entry: entry.extends)
        if parents is not None:
            for parent in parents.value:
                self._check(parent, above, parents.origin.place)
                self._walk(parent, above, order)
        order[name] = None

    def _check(self, parent: str, above: tuple[str, ...], place: str) -> None:
        if parent not in self._written:
            others = [name for name in self._written if name not in above]
            raise _bad(above[-1], place, f"names “{parent}”, which is no profile{did_you_mean(parent, others)}")
        if parent in above:
            circle = " → ".join((*above[above.index(parent) :], parent))
            raise _bad(above[-1], place, f"closes a circle: {circle}")
        if len(above) >= MAX_DEPTH:
            raise _bad(above[0], place, f"is a chain of more than {MAX_DEPTH} profiles, the last one “{parent}”")


def _profile(name: str, entries: Sequence[Entry[ProfileEntry]], *, inherits: tuple[str, ...]) -> Profile:
    return Profile(
        name=name,
        origin=entries[-1].origin(),
        inherits=inherits,
        image=highest(entries, "image", lambda entry: entry.image),
        build=merged_build(within(entries, "build", lambda entry: entry.build)),
        devcontainer=highest(entries, "devcontainer", lambda entry: entry.devcontainer),
        env=_variables(entries),
        env_file=highest(entries, "env_file", lambda entry: entry.env_file),
        forward_env=added_up(entries, "forward_env", lambda entry: entry.forward_env),
        volumes=added_up(entries, "volumes", lambda entry: entry.volumes),
        share=added_up(entries, "share", lambda entry: entry.share),
        agent=highest(entries, "agent", lambda entry: entry.agent),
        docker_args=_docker_args(entries),
        network=merged_network(within(entries, "network", lambda entry: entry.network)),
        resources=merged_resources(within(entries, "resources", lambda entry: entry.resources)),
        has_trusted_part=any(entry.layer.trusted for entry in entries),
    )


def _docker_args(entries: Sequence[Entry[ProfileEntry]]) -> Sourced[tuple[str, ...]] | None:
    words = highest(entries, "docker_args", lambda entry: entry.docker_args)
    return Sourced(tuple(words.value), words.origin) if words else None


def _variables(entries: Sequence[Entry[ProfileEntry]]) -> Mapping[str, Sourced[str]]:
    return {
        name: Sourced(value, entry.origin("env", name))
        for entry in entries
        for name, value in (entry.written.env or {}).items()
    }


def _bad(profile: str, place: str, what: str) -> BadSettings:
    setting = readable_path(("docker", "profiles", profile, "extends"))
    return bad_settings([Problem(setting, place, what)])
