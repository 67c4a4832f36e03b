"""What the sessions of one host share to do their work."""

from dataclasses import dataclass, field

from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.engine.process.processes import Processes
from berth.sessions.agent_question import KnownLacks
from berth.sessions.fitness import Fitness
from berth.sessions.images import Images
from berth.sessions.leave import Allowed
from berth.sessions.spares import NoSpares, Spares


@dataclass(frozen=True, slots=True)
class Means:
    """What sessions work with.

    The engine, its images, plain processes, the host's tasks, what the user allowed, what is known of images, and
    the containers that wait.
    """

    engine: Engine
    images: Images
    processes: Processes
    tasks: TaskGroup
    allowed: Allowed
    fitness: Fitness
    lacks: KnownLacks
    spares: Spares = field(default_factory=NoSpares)
