"""What an engine made of a plan, looked at once the container runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from berth.planning.plan import ContainerPlan


@dataclass(frozen=True, slots=True)
class Confinement:
    """How a running container is confined.

    Attributes:
        differences: What is not as it was planned, each as a clause; none where all is well.
        seen: What was looked at, by name, with its value: fit to be shown and kept.
        runs: Whether it runs, and is not paused.
        environment: SHA-256, in hex, of every value in the environment that it was made with, and that its first
            process has where that can be seen.
    """

    differences: tuple[str, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    runs: bool = False
    environment: frozenset[str] = field(default=frozenset(), repr=False)


class Confining(Protocol):
    """An engine that can be asked."""

    async def confinement(self, container: str, plan: ContainerPlan) -> Confinement:
        """Compares a container that was started with its plan; nothing was seen of one that is gone.

        The kernel's own word about the main process is asked too, where the engine's processes are this machine's.
        """
        ...
