"""One container that waits for its session, and what it is to be like."""

import math
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from berth.planning.plan import ContainerPlan, SessionPlan
from berth.planning.spares import NAME, Place, Shape, place, shape
from berth.planning.spares_plan import SparesPlan
from berth.sessions.egress.ways import Way

Sources = Mapping[str, tuple[int, int]]
"""Device and inode of each bind mount's source, and of each mount point in the workspace.

A mount stays with the inode, whatever comes to the path later; and where a mount point goes, the kernel takes the mount
in the container away with it, which may be what keeps a folder from being written.
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """That a container of this shape waits. ``place`` is what people start; ``rule`` how many, and how long.

    ``plan`` is the one it comes from, without its variables: a spare is made only where that is allowed.
    """

    shape: Shape
    place: Place
    rule: SparesPlan
    plan: SessionPlan = field(repr=False, compare=False)


def wish_of(plan: SessionPlan, image: str) -> Wish:
    """That another container waits like the one that a session of this plan has, of the image with this id."""
    bare = replace(plan, agent=replace(plan.agent, environment=()))
    return Wish(shape(plan, image), place(plan), plan.spares, bare)


@dataclass(eq=False, slots=True)
class Spare:
    """A container that waits, or is about to. ``expires_at`` is on the event loop's clock.

    Until ``container``, its id, is known it is found by its name. ``way`` is its way to the network where that has a
    list: nothing passes through it.
    """

    wish: Wish
    name: str = field(default_factory=lambda: f"{NAME}{secrets.token_hex(6)}")
    container: str = ""
    sources: Sources = field(default_factory=dict)
    way: Way | None = None
    expires_at: float = math.inf


def sources_of(container: ContainerPlan) -> Sources:
    """Which folders and files are mounted and mounted over, links followed, without those that are gone. Blocks."""
    found = {}
    inside = f"{container.workdir}/"
    targets = (mount.target for mount in container.mounts if mount.target.startswith(inside))
    for path in {*(mount.source for mount in container.mounts if mount.type == "bind"), *targets}:
        try:
            status = os.stat(path)  # noqa: PTH116 - these are the engine's paths, not ours
        except OSError:
            continue
        found[path] = (status.st_dev, status.st_ino)
    return found
