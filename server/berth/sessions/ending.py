"""How a container ended, in one sentence and with one fix."""

from dataclasses import dataclass

from berth.engine.base import ContainerFacts
from berth.errors import AgentError, BerthError, EngineError
from berth.planning.host_plan import AnyPlan
from berth.protocol.session import Exit
from berth.sessions.printed import Printed

_KILLED = 137


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended; ``error`` is None when the agent ended of its own will and without complaint."""

    exit: Exit
    error: BerthError | None


def ending(facts: ContainerFacts | None, plan: AnyPlan, printed: Printed) -> Ending:
    """Explains what the engine says of an ended container, with what the program printed."""
    if facts is None:
        error = EngineError(
            "container-gone", "The session's container was removed from outside.", "Rebuild the session to go on."
        )
        return Ending(Exit(reason=error.message), error)
    code = facts.exit_code
    if code == 0:
        return Ending(Exit(code=0, reason="The agent ended by itself."), None)
    failure = _failure(facts, plan, printed.last_words)
    unlaunched = printed.launch_failure(code, plan.agent.argv[0])
    return Ending(
        Exit(code=code, out_of_memory=failure.kind == "out-of-memory", reason=failure.message), unlaunched or failure
    )


def _failure(facts: ContainerFacts, plan: AnyPlan, last_words: str) -> BerthError:
    title, code = plan.agent.title, facts.exit_code
    if facts.out_of_memory and code == _KILLED and plan.mode == "container":
        limit = plan.container.limits.memory // (1024 * 1024)
        return AgentError(
            "out-of-memory",
            f"{title} ran out of memory: the container's limit is {limit} MiB.",
            "Raise berth.docker.resources.memory or let the agent do less at once, then rebuild the session.",
        )
    if code == _KILLED:
        return AgentError(
            "agent-exited", f"{title} was killed (SIGKILL) from outside.", "Restart the session to go on."
        )
    said = f" Its last words: {last_words}" if last_words else ""
    return AgentError(
        "agent-exited",
        f"{title} ended with exit code {code}.{said}",
        "agent.logs shows all it printed; restart the session to try again.",
    )
