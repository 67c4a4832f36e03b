"""What a launcher is to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from berth.planning.preparation import Preparation


@dataclass(frozen=True, slots=True)
class Launch:
    """A program to become, and what goes before.

    Attributes:
        argv: The program, looked up in the PATH of image and ``environment``, and its arguments.
        environment: Variables on top of the image's. Values may hold anything but NUL.
        workdir: Absolute path inside the container to start in; empty for the container's own.
        writable: Absolute paths of folders inside in which the launcher proves by a file that the user may write.
        sealed: Absolute paths of files and folders inside of which the launcher proves that they cannot be written.
        powerless: The launcher proves that there is no capability, and no way to get one.
        expanding: Those of the variables in which ``${containerEnv:NAME}`` stands for what is there already.
        before: Commands that run first, one after another until one fails; their output goes to stderr.
        container: Tells containers apart: a command that runs once leaves a file with this in its name behind.
    """

    argv: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    workdir: str = ""
    writable: Sequence[str] = ()
    sealed: Sequence[str] = ()
    powerless: bool = False
    expanding: frozenset[str] = frozenset()
    before: Sequence[Preparation] = ()
    container: str = ""
