"""How a container ended whose engine went away meanwhile: nothing in its own state tells that."""

from dataclasses import replace

import anyio

from berth.errors import AgentError, EngineError
from berth.planning.host_plan import AnyPlan
from berth.protocol.session import State
from berth.sessions.ending import Ending, ending
from berth.sessions.housing import Housing
from berth.sessions.life import Life

RECENT_SECONDS = 60.0
"""An engine that stops gives its containers 15 s, and its log is waited for 30 s more."""

MOMENT_SECONDS = 1.0
"""By how much an engine that ends may outlive its containers."""

LOOKS = 20
"""In that moment: one that is started again at once is away for half a second."""

_BY_ENGINE = frozenset({129, 130, 137, 143, 255})
"""Exit codes of what was ended by a signal, and of what an engine found dead when it came back."""


async def ending_seen(housing: Housing, plan: AnyPlan, life: Life) -> Ending:
    """Explains how the agent ended, once it has.

    Raises:
        EngineError: ``engine-stopped``: the engine is away, and whether the agent has ended nobody knows.
    """
    try:
        facts = await housing.ended()
    except EngineError as error:
        if error.kind != "engine-unreachable":
            raise
        hint = f"{error.hint} Then restart the session."
        raise EngineError("engine-stopped", "The engine stopped while the session ran.", hint) from None
    end = ending(facts, plan, life.printed)
    if life.record.state is State.STOPPING or not _is_suspicious(end):
        return end
    for _ in range(LOOKS):
        if await housing.runner.was_away(RECENT_SECONDS):
            return _by_engine(end)
        await anyio.sleep(MOMENT_SECONDS / LOOKS)
    return end


def _is_suspicious(end: Ending) -> bool:
    return end.exit.code in _BY_ENGINE and isinstance(end.error, AgentError) and not end.exit.out_of_memory


def _by_engine(end: Ending) -> Ending:
    sentence = "The engine stopped, and ended the session's container with it."
    error = EngineError("engine-stopped", sentence, "Restart the session to go on.")
    return replace(end, error=error, exit=end.exit.model_copy(update={"reason": sentence}))
