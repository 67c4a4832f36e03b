"""What an engine made of a request whose host died before the answer came."""

from berth.engine.base import LABEL, Engine
from berth.planning.plan import SessionPlan

SEAL = f"{LABEL}.seal"


async def remove_leftover(engine: Engine, plan: SessionPlan, name: str) -> None:
    """Removes a container under a session's name, where it was made for this very session and by this user.

    An engine finishes a creation although nobody waits for it any more. Raises as the engine does.
    """
    facts = await engine.inspect(name)
    seal = plan.container.labels.get(SEAL)
    if facts is not None and seal and facts.labels.get(SEAL) == seal:
        await engine.remove(facts.id)
