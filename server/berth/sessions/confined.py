"""Nothing of the user's goes into a container before it was seen to be the one that was planned."""

from collections.abc import Mapping
from typing import cast

from berth.engine.base import Engine, Runner
from berth.errors import EngineError
from berth.planning.host_plan import AnyPlan
from berth.sessions.keys_seen import keys_before


async def confined(runner: Runner, container: str, plan: AnyPlan) -> Mapping[str, str] | None:
    """What was seen of a container that was just started, whose launcher waits; None without a container.

    Raises:
        EngineError: ``container-differs``: it is not confined as it was planned; ``isolation-failed``: it had a key
            already that it was to be given, or that was to stay outside.
    """
    if plan.mode == "host":
        return None
    # A plan with a container is carried out by an engine.
    found = await cast(Engine, runner).confinement(container, plan.container)
    if found.differences:
        listed = ", ".join(found.differences)
        raise EngineError(
            "container-differs",
            f"The container that the engine started is not the one that was asked for: {listed}.",
            "Nothing of yours went into it. Check the engine and its plugins: something changed the container.",
        )
    known = keys_before(plan, found.environment)
    if known:
        raise EngineError(
            "isolation-failed",
            f"The container had the value of {', '.join(known)} in its environment before anything was handed in.",
            "Look at the image: somebody may have built your key into it, and everybody who has it can read that.",
        )
    return found.seen
