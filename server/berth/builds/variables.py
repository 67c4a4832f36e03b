"""The variables that are in force at one place of a Dockerfile: ``ARG`` and ``ENV`` so far, and what is inherited."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from berth.builds.flags import pairs
from berth.builds.words import BadWord, Known, Unset, expand


@dataclass(slots=True)
class Variables:
    """``values`` by name, None where one is set to something unknown.

    ``open`` says that more may be set than is known here, by a base image that nobody looked into.
    """

    values: dict[str, Known] = field(default_factory=dict)
    open: bool = False
    _from_env: set[str] = field(default_factory=set)

    def copy(self) -> "Variables":
        """The same variables, apart from these from now on."""
        return Variables(dict(self.values), self.open, set(self._from_env))

    def lookup(self, name: str) -> Known:
        """Value of a variable, None where unknown.

        Raises:
            Unset: Certainly not set.
        """
        if name in self.values:
            return self.values[name]
        if self.open:
            return None
        raise Unset(name)

    def inherit(self, environment: Mapping[str, str]) -> None:
        """Takes over what a base image sets."""
        self.values.update(environment)
        self._from_env.update(environment)

    def env(self, rest: str, *, escape: str) -> None:
        """Obeys ``ENV``, in both forms: ``NAME=value …`` and ``NAME value``.

        Raises:
            BadWord: A pair without ``=``, a name without value.
        """
        set_now: dict[str, Known] = {}
        for name, value in _env_pairs(rest, escape):
            if not name:
                raise BadWord("has an ENV without a name")
            set_now[name] = expand(value, self.lookup, escape=escape)
        self.values.update(set_now)
        self._from_env.update(set_now)

    def arg(self, rest: str, outer: "Outer", *, escape: str) -> None:
        """Obeys ``ARG``.

        One that hides an ``ENV`` of another value is unknown from then on: builders differ about who wins.

        Raises:
            BadWord: No name at all, or a default that cannot be read.
        """
        declared = pairs(rest, escape=escape)
        if not declared:
            raise BadWord("has an ARG without a name")
        for quoted, default in declared:
            name = expand(quoted, self.lookup, escape=escape) or ""
            if name in outer.given:
                value: Known = outer.given[name]
            elif default is not None:
                value = expand(default, self.lookup, escape=escape)
            elif name in outer.values:
                value = outer.values[name]
            else:
                continue
            hidden = name in self._from_env and self.values[name] != value
            self.values[name] = None if hidden else value


@dataclass(frozen=True, slots=True)
class Outer:
    """What an ``ARG`` may take its value from: the build's own arguments, and those before the first ``FROM``."""

    given: Mapping[str, str]
    values: Mapping[str, Known]


def platform_arguments(platform: str) -> dict[str, str]:
    """``TARGETPLATFORM`` and the others that every build knows, for a platform such as ``linux/arm64/v8``."""
    system, _, rest = platform.partition("/")
    architecture, _, variant = rest.partition("/")
    parts = {"PLATFORM": platform, "OS": system, "ARCH": architecture, "VARIANT": variant}
    return {side + name: value for side in ("TARGET", "BUILD") for name, value in parts.items()}


def _env_pairs(rest: str, escape: str) -> list[tuple[str, str]]:
    words = pairs(rest, escape=escape)
    if not words:
        raise BadWord("has an ENV without a name")
    if words[0][1] is None:
        name, *value = rest.split(None, 1)
        if not value:
            raise BadWord(f"has an ENV {name[:80]} without a value")
        return [(name, value[0])]
    for name, given in words:
        if given is None:
            raise BadWord(f"has an ENV in which {name[:80]} has no =")
    return [(name, given or "") for name, given in words]
