"""Containers that wait for a session: what sessions ask of the host that keeps them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from berth.planning.plan import SessionPlan
from berth.sessions.egress.ways import Way


@dataclass(frozen=True, slots=True)
class Taken:
    """A container that is a session's now. ``image`` is its image's id.

    Where it had waited and runs, ``seen`` is what was seen of its confinement.
    """

    container: str
    image: str
    seen: Mapping[str, str] = field(default_factory=dict)


Rule = Callable[[Way], Awaitable[None]]
"""Gives a way to the network, through which nothing passes, the rules of a session; they hold when it returns."""


class Spares(Protocol):
    """The containers that wait, of all sessions of a host."""

    def may_have(self, plan: SessionPlan, /) -> bool:
        """Whether one of the plan's shape waits, if the image is still the same one."""
        ...

    async def take(self, plan: SessionPlan, *, name: str, rule: Rule) -> Taken | None:
        """One that waits for just this plan, running and seen to be as it says; None when there is none.

        The plan was allowed, and its image is as it is to be. One that no longer fits goes, and is never an error. It
        gets its name soon, and its way to the network, where it has one, rules by ``rule``.
        """
        ...

    def made(self, plan: SessionPlan, taken: Taken) -> None:
        """A session has its container. Once its agent is up, another of its shape may wait for the next one."""
        ...


class NoSpares:
    """A host that keeps none."""

    def may_have(self, _: SessionPlan, /) -> bool:
        """Never."""
        return False

    async def take(self, plan: SessionPlan, *, name: str, rule: Rule) -> Taken | None:
        """There is none."""

    def made(self, plan: SessionPlan, taken: Taken) -> None:
        """Nothing follows."""
