"""Nothing of the user's goes into a container before it was seen to be the one that was planned."""

from collections.abc import Mapping
from typing import cast

from berth.engine.base import Engine, Runner
from berth.errors import EngineError
from berth.planning.host_plan import AnyPlan


async def confined(runner: Runner, container: str, plan: AnyPlan) -> Mapping[str, str] | None:
    """What was seen of a container that was just started, whose launcher waits; None without a container.

    Raises:
        EngineError: ``container-differs``: it is not confined as it was planned.
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
    return found.seen
