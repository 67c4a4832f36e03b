"""What the sessions of one host share to do their work."""

from dataclasses import dataclass, field
from typing import Protocol

from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.engine.process.processes import Processes
from berth.sessions.agent_question import KnownLacks
from berth.sessions.egress.ways import Ways
from berth.sessions.fitness import Fitness
from berth.sessions.ground import Ground
from berth.sessions.images import Images
from berth.sessions.leave import Allowed
from berth.sessions.spares import NoSpares, Spares


class Remembers(Protocol):
    """Keeps what a person said about a host for good."""

    async def remember(self, entry: str, key: str) -> None:
        """Adds an entry to the list ``allow`` or ``deny`` of ``berth.docker.network`` in the user's own settings.

        Raises:
            SettingsError: It cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What sessions work with.

    The engine, its images, plain processes, the host's tasks, what the user allowed, what is known of images, the
    containers that wait, the ways out of sessions, who keeps what a person said about hosts, and the workspaces in use.
    """

    engine: Engine
    images: Images
    processes: Processes
    tasks: TaskGroup
    allowed: Allowed
    fitness: Fitness
    lacks: KnownLacks
    spares: Spares = field(default_factory=NoSpares)
    ways: Ways | None = None
    remembers: Remembers | None = None
    ground: Ground = field(default_factory=Ground)
