"""Which disk was full when a program ended with that complaint."""

import re
from collections.abc import Mapping

from berth.errors import EngineError
from berth.planning.host_plan import AnyPlan
from berth.planning.plan import SessionPlan
from berth.settings.quantities import shown_size

_FULL = re.compile(r"no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b", re.IGNORECASE)
_PATH = re.compile(r"/[^\s'\":,;()\[\]]+")

_ENGINES = "Free some there: agent.prune shows what can go, docker system df what uses it."


def full_disk(said: str, plan: AnyPlan) -> EngineError | None:
    """The error, when that is what the program complained of last.

    A path in the complaint tells which disk. It is looked for in the mounts of the plan: none is left to ask by now.
    """
    lines = [line for line in said.splitlines() if _FULL.search(line)]
    if not lines:
        return None
    paths = _PATH.findall(lines[-1])
    if plan.mode == "host":
        return _error(f"A disk that {plan.agent.title} writes to is full: {lines[-1][:200]}", "Free some space on it.")
    found = next((place for place in (_place(path, plan) for path in paths) if place is not None), None)
    if found is not None:
        return found
    where = "the container's own files" if paths else "what it writes"
    return _error(f"There is no space left for {where}: the engine's disk is full.", _ENGINES)


def _place(path: str, plan: SessionPlan) -> EngineError | None:
    """The mount that a path is in; the deepest one counts."""
    known: Mapping[str, EngineError] = {
        **{
            scratch.target: _error(
                f"The scratch folder {scratch.target} is full: it is in memory and holds {shown_size(scratch.size)}.",
                "Have less written there, or raise berth.docker.resources.memory, of which /tmp is a part.",
            )
            for scratch in plan.container.tmpfs
        },
        **{
            mount.target: _error(
                f"The disk that {mount.source} is on is full.", "Free some space there, then restart the session."
            )
            if mount.type == "bind"
            else _error(f"There is no space left in {mount.target}: the engine's disk is full.", _ENGINES)
            for mount in plan.container.mounts
        },
    }
    above = [target for target in known if path == target or path.startswith(target.rstrip("/") + "/")]
    return known[max(above, key=len)] if above else None


def _error(sentence: str, hint: str) -> EngineError:
    return EngineError("disk-full", sentence, hint)
