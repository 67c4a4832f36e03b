"""What the sessions of one host share to do their work."""

from dataclasses import dataclass

from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.engine.process.processes import Processes
from berth.sessions.images import Images


@dataclass(frozen=True, slots=True)
class Means:
    """The engine, its images, the plain processes, and the task group that lives as long as the host."""

    engine: Engine
    images: Images
    processes: Processes
    tasks: TaskGroup
