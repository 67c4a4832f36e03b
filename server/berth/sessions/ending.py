"""How a container ended, in one sentence and with one fix. What each is called stands in ``docs/errors.md``."""

import signal
from dataclasses import dataclass

from berth.engine.base import ContainerFacts
from berth.errors import AgentError, BerthError, EngineError
from berth.planning.host_plan import AnyPlan
from berth.protocol.session import Exit
from berth.sessions.full_disk import full_disk
from berth.sessions.printed import Printed

_KILLED = 137
_SIGNALLED = 128
_HEAP = "heap out of memory"
"""What V8 says before it aborts: its own limit, not the container's."""

_RESTART = "Restart the session to go on."


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
    failure = _failure(facts, plan, printed)
    unlaunched = printed.launch_failure(code, plan.agent.argv[0])
    ended = Exit(
        code=code,
        out_of_memory=failure.kind == "out-of-memory",
        reason=failure.message,
        last_lines=printed.last_lines,
    )
    return Ending(ended, unlaunched or failure)


def _failure(facts: ContainerFacts, plan: AnyPlan, printed: Printed) -> BerthError:
    title, code = plan.agent.title, facts.exit_code or 0
    if facts.error:
        sentence = f"The engine could not run {title}: {' '.join(facts.error.split())[:300]}"
        return EngineError("engine-failed", sentence, "Rebuild the session; the engine's own log says more.")
    if code == _KILLED:
        return _killed(facts, plan)
    said = "\n".join(printed.last_lines)
    if _HEAP in said:
        sentence = f"{title} used up the heap that its own runtime gives it, which is less than the session's memory."
        hint = "Set NODE_OPTIONS=--max-old-space-size=4096 (MiB) in your own settings' env, then rebuild the session."
        return AgentError("out-of-memory", sentence, hint)
    full = full_disk(said, plan)
    return full or _exited(title, code, printed.last_words)


def _killed(facts: ContainerFacts, plan: AnyPlan) -> BerthError:
    title = plan.agent.title
    if facts.out_of_memory and plan.mode == "container":
        limit = plan.container.limits.memory // (1024 * 1024)
        return AgentError(
            "out-of-memory",
            f"{title} ran out of memory: the container's limit is {limit} MiB.",
            "Raise berth.docker.resources.memory or let the agent do less at once, then rebuild the session.",
        )
    sentence = f"{title} was killed (SIGKILL) from outside: by a person, or by the machine when its memory ran out."
    return AgentError("agent-exited", sentence, _RESTART)


def _exited(title: str, code: int, last_words: str) -> BerthError:
    said = f" Its last words: {last_words}" if last_words else ""
    name = _signal_name(code)
    if name in ("SIGTERM", "SIGINT", "SIGHUP"):
        sentence = f"{title} was told to end ({name}) from outside: its container was stopped, or the engine ended."
        return AgentError("agent-exited", sentence, _RESTART)
    if name:
        hint = "agent.logs shows all it printed; restart the session, or use another version of the agent."
        return AgentError("agent-exited", f"{title} crashed ({name}).{said}", hint)
    return AgentError(
        "agent-exited",
        f"{title} ended with exit code {code}.{said}",
        "agent.logs shows all it printed; restart the session to try again.",
    )


def _signal_name(code: int) -> str:
    """The signal that a shell, an init or a container's engine means by an exit code; empty when it is none."""
    try:
        return signal.Signals(code - _SIGNALLED).name
    except ValueError:
        return ""
