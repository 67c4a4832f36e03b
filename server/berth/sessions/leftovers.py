"""What an engine made of a request whose host died before the answer came."""

from berth.engine.base import Engine
from berth.planning.labels import SEAL_LABEL
from berth.planning.plan import SessionPlan


async def remove_leftover(engine: Engine, plan: SessionPlan, name: str) -> None:
    """Removes a container under a session's name, where it was made for this very session and by this user.

    An engine finishes a creation although nobody waits for it any more. Raises as the engine does.
    """
    facts = await engine.inspect(name)
    seal = plan.container.labels.get(SEAL_LABEL)
    if facts is not None and seal and facts.labels.get(SEAL_LABEL) == seal:
        await engine.remove(facts.id)
