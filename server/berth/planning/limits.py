"""What a container may use when nobody says otherwise."""

from berth.planning.facts import EngineFacts
from berth.planning.plan import Limits, Tmpfs

GIB = 1024**3

MAX_MEMORY = 8 * GIB
"""An agent with a build or a test run beside it stays under 4 GiB; twice that, and a runaway still ends alone."""

PIDS = 2048
"""Threads count: a Node agent holds some 30, a parallel build a few hundred; a fork bomb ends before the host does."""

TMP = 1 * GIB
"""Size of ``/tmp``. It counts as memory while it is filled."""


def plan_limits(engine: EngineFacts) -> Limits:
    """The limits on this engine: at most three quarters of its memory, so that the engine itself stays alive."""
    memory = min(MAX_MEMORY, engine.memory * 3 // 4) if engine.memory > 0 else MAX_MEMORY
    return Limits(memory=memory, cpus=float(max(engine.cpus, 1)), pids=PIDS)


def plan_tmpfs(limits: Limits) -> tuple[Tmpfs, ...]:
    """Scratch folders: ``/tmp`` takes at most half of the memory, since filling it must not kill the agent."""
    return (Tmpfs("/tmp", min(TMP, limits.memory // 2)),)  # noqa: S108 - a place in the container
