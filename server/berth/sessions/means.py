"""What the sessions of one host share to do their work."""

from dataclasses import dataclass

from anyio.abc import TaskGroup

from berth.engine.base import Engine
from berth.sessions.images import Images
from berth.sessions.leave import Allowed


@dataclass(frozen=True, slots=True)
class Means:
    """The engine, its images, the task group that lives as long as the host, and what the user allowed workspaces."""

    engine: Engine
    images: Images
    tasks: TaskGroup
    allowed: Allowed
