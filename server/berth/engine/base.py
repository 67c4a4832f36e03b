"""What is asked of whatever runs an agent's program, in terms of plans.

A :class:`Runner` runs programs in containers, or as plain processes (:mod:`berth.engine.process`), which are called
containers here too. An :class:`Engine` is a runner that makes containers from images. Every implementation passes the
same contract suite (``tests/contract``). Errors are :class:`berth.errors.EngineError` and
:class:`berth.errors.ImageError`, each with kind, sentence and hint. Calls that change the world (create, start, remove)
run to their end even when the caller is cancelled; looks may be abandoned.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from berth.engine.agent_input import Input
from berth.engine.confinement import Confining
from berth.engine.housekeeping import Housekeeping
from berth.engine.parking import Parking
from berth.engine.pressure import Pressing
from berth.planning.facts import EngineFacts
from berth.planning.image_plan import BuildRecipe
from berth.planning.plan import ContainerPlan, User

LABEL = "dev.berth"
"""Prefix of every label Berth sets; ``dev.berth.session`` names the session, ``dev.berth.spare`` a spare's host."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image that is there. ``digest`` is its id (``sha256:…``); ``size`` in bytes.

    ``tags`` are all its names, none where it has lost them; ``created`` is the engine's RFC 3339 time.
    """

    digest: str
    architecture: str
    user: str
    entrypoint: tuple[str, ...]
    environment: tuple[str, ...]
    labels: Mapping[str, str]
    size: int
    tags: tuple[str, ...] = ()
    created: str = ""


@dataclass(frozen=True, slots=True)
class BuildStep:
    """Progress of a build or pull. ``log`` is a line of the step's own output, None for the step itself.

    ``current`` of ``total`` count the steps of a build, or the layers of a pull that are there. ``bytes_done`` of
    ``bytes_total`` are what was fetched so far of what is known to be needed, where the engine tells.
    """

    step: str
    current: int | None = None
    total: int | None = None
    cached: bool = False
    log: str | None = None
    bytes_done: int | None = None
    bytes_total: int | None = None


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """A container as it is. ``exit_code`` only when it is not running; ``out_of_memory`` as the engine marked it.

    The times are the engine's, RFC 3339, empty when there is none. ``health`` only where it is checked.
    """

    id: str
    name: str
    image: str
    status: Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
    exit_code: int | None
    out_of_memory: bool
    error: str
    labels: Mapping[str, str]
    started_at: str = ""
    finished_at: str = ""
    created_at: str = ""
    health: Literal["starting", "healthy", "unhealthy"] | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Something in a container's file system.

    ``path`` is where it is once a link in its place was followed; ``mode`` its permission bits (``0o7777``). Engines do
    not tell who owns it.
    """

    path: str
    kind: Literal["file", "folder", "other"]
    mode: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is put into a container. ``path`` is relative; ``content`` may be a secret."""

    path: str
    content: bytes = field(repr=False)
    mode: int = 0o600


@dataclass(frozen=True, slots=True)
class Output:
    """What a container printed: bytes of one stream, cut anywhere, and the cursor after them.

    ``at`` is when the last of it was printed, in seconds since 1970 by the engine's clock; None: it does not tell.
    """

    stream: Literal["stdout", "stderr"]
    data: bytes
    cursor: str
    at: float | None = None


class Runner(Protocol):
    """Whatever runs an agent's program, from its start to its end."""

    async def start(self, container: str) -> None:
        """Starts it. Raises ``image-lacks-shell`` when its main process cannot be executed.

        Where the engine puts an init in front, only the exit tells: see :meth:`LaunchOutput.ended`.
        """
        ...

    async def inspect(self, container: str) -> ContainerFacts | None:
        """Looks at it; None when it is gone."""
        ...

    async def wait(self, container: str) -> ContainerFacts | None:
        """Waits until it no longer runs; None when it was removed."""
        ...

    async def signal(self, container: str, signal: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        """Sends a signal to the main process. No error when it has ended meanwhile."""
        ...

    async def remove(self, container: str) -> None:
        """Removes it with its anonymous volumes, running or not; named volumes stay. No error when it is gone."""
        ...

    def output(self, container: str, *, since: str = "") -> AbstractAsyncContextManager[AsyncIterator[Output]]:
        """Follows what it prints, from ``since`` (a cursor, exclusive) or from its beginning.

        Exact: no byte lost, none repeated, across any number of calls with the last cursor. Ends when the container
        has ended and everything was read. A connection that breaks is opened again from the cursor.
        """
        ...

    async def was_away(self, seconds: float) -> bool:
        """Whether it cannot be reached, or could not at some moment of the last so many seconds."""
        ...

    async def tail(self, container: str, *, lines: int) -> bytes:
        """The last lines it printed, both streams, without following."""
        ...

    async def open_input(self, container: str) -> Input:
        """Opens its stdin for writing; may be called before :meth:`start`, and again after a break."""
        ...

    def shell(self, container: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        """The argv that opens an interactive shell where it runs, from a terminal on this machine.

        ``environment`` is what the shell's programs must know and its container's own variables do not say; no secrets.
        """
        ...


class Engine(Runner, Confining, Parking, Housekeeping, Pressing, Protocol):
    """A container engine."""

    async def about(self) -> EngineFacts:
        """Asks the engine what it is; the answer is kept.

        Raises ``engine-unreachable``, ``engine-permission``, ``engine-too-old``.
        """
        ...

    async def image(self, reference: str) -> ImageFacts | None:
        """Looks an image up; None when it is not there."""
        ...

    def build(self, recipe: BuildRecipe) -> AbstractAsyncContextManager[AsyncIterator[BuildStep]]:
        """Builds an image, which has its tag only when everything worked. Leaving the block early stops the build.

        Raises :class:`berth.errors.BuildFailed` (``build-failed``, ``image-not-found``, ``registry-unreachable``) with
        the Dockerfile's line and the failing step's last lines, ``bad-dockerfile``, ``bad-context``,
        ``context-changed`` where other bytes are found than were planned, ``disk-full``.
        """
        ...

    def pull(self, reference: str) -> AbstractAsyncContextManager[AsyncIterator[BuildStep]]:
        """Pulls an image. Raises ``image-not-found`` or ``registry-unreachable``."""
        ...

    async def images(self, labels: Mapping[str, str]) -> tuple[ImageFacts, ...]:
        """All images that carry all of these labels, with or without a tag."""
        ...

    async def remove_image(self, reference: str) -> bool:
        """Takes a name from an image, and the image away with its last one. False: a container uses it.

        True also when it is gone already. An id stands for all names, and is refused (False) where there are several.
        """
        ...

    async def create(self, plan: ContainerPlan, *, name: str, command: tuple[str, ...]) -> str:
        """Creates a container, prepares a new HOME volume for its user, and returns the container's id.

        ``command`` is the main process (the launcher); the image's entrypoint is not used. Raises ``image-not-found``,
        ``name-taken``, ``disk-full``, ``bad-mount``.
        """
        ...

    async def file(self, container: str, path: str) -> FileFacts | None:
        """Looks at an absolute path in a container, its mounts included, running or not; None when nothing is there.

        None too when the container is gone.
        """
        ...

    async def put(self, container: str, folder: str, files: Sequence[NewFile], *, owner: User) -> None:
        """Writes files below a folder of a container that is there, running or not; what is in their place goes.

        They and the folders between belong to ``owner``; those folders are private to it (``0o700``).
        """
        ...

    async def remove_volume(self, name: str) -> None:
        """Removes a named volume. No error when it is gone."""
        ...

    async def containers(self, labels: Mapping[str, str]) -> tuple[ContainerFacts, ...]:
        """All containers, running or not, that carry all of these labels."""
        ...

    def client(self, words: Sequence[str]) -> tuple[str, ...]:
        """The argv of the engine's own command-line client with these words, for a terminal on this machine."""
        ...

    async def aclose(self) -> None:
        """Lets go of all connections; containers go on."""
        ...
