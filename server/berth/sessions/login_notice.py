"""The word to a person whose agent has no login, before the first prompt."""

import logging

from berth.engine.base import Engine
from berth.errors import EngineError
from berth.planning.plan import SessionPlan
from berth.protocol.events import Notice

logger = logging.getLogger(__name__)


async def login_notice(engine: Engine, container: str, plan: SessionPlan) -> Notice | None:
    """What to say where neither a key is in the agent's environment nor a login in its HOME; None otherwise.

    Looks only at whether files are there. An engine that does not answer says nothing.
    """
    login = plan.login
    if login is None or login.has_key or not login.files:
        return None
    try:
        for path in login.files:
            if await engine.file(container, path) is not None:
                return None
    except EngineError as error:
        logger.warning("Whether %s is signed in could not be seen: %s", plan.agent.name, error.kind)
        return None
    message = f"Nobody is signed in to {plan.agent.title} here. Log in with agent.login. Or: {login.hint}"
    return Notice(severity="warning", message=message)
