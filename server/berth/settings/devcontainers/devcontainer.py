"""What a ``devcontainer.json`` comes to, every part with its line. All of it is a repository's word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from berth.settings.builds import BuildSettings
from berth.settings.origin import Origin, Sourced


@dataclass(frozen=True, slots=True)
class DevVariable:
    """A variable. The value may be the user's own.

    Attributes:
        value: As far as it is known outside of the container.
        taken_from: The variables of the editor's environment that are in it.
        expands: It has ``${containerEnv:NAME}`` in it, which the launcher replaces.
    """

    value: str = field(repr=False)
    origin: Origin
    taken_from: tuple[str, ...] = ()
    expands: bool = False


@dataclass(frozen=True, slots=True)
class DevCommand:
    """A command that runs in the container before the agent.

    Attributes:
        hook: The key it stands under, with its own name where there are several (``postCreateCommand.install``).
        argv: The program and its arguments; a shell's where a string was written.
        once: Once for each container, not at every start.
        background: It is not waited for.
    """

    hook: str
    argv: tuple[str, ...]
    origin: Origin
    once: bool = False
    background: bool = False


@dataclass(frozen=True, slots=True)
class DevFeatures:
    """Features, which the ``devcontainer`` CLI lays over an image.

    Attributes:
        options: Options of each feature by its name, as they were written.
        order: ``overrideFeatureInstallOrder``.
        folder: Where ``devcontainer.json`` is: features whose names begin with ``./`` are folders there.
        user: For whom they are installed, empty where nobody is named.
    """

    options: Mapping[str, object]
    order: tuple[str, ...]
    folder: Path
    user: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class DevContainer:
    """All that Berth takes from the file. ``docker_args`` are flags of ``docker run``, those of each key together."""

    origin: Origin
    image: Sourced[str] | None = None
    build: BuildSettings | None = None
    features: DevFeatures | None = None
    env: Mapping[str, DevVariable] = field(default_factory=dict, repr=False)
    docker_args: tuple[Sourced[tuple[str, ...]], ...] = ()
    commands: tuple[DevCommand, ...] = ()
    notes: tuple[str, ...] = ()
