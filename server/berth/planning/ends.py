"""How a session ends: how long each rung of the stop ladder waits, and what becomes of it when nobody is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from berth.planning.reason import Reason
from berth.planning.reasons import reason
from berth.settings.ends import EndsSettings, ExitRule
from berth.settings.origin import Sourced
from berth.settings.quantities import shown_duration

MOST_FOR_WORKSPACES = 60.0
"""Seconds that a repository can have a person wait for each rung; as much as a request's ``grace`` may be."""


@dataclass(frozen=True, slots=True)
class Rungs:
    """Seconds after each step of the stop ladder before the next.

    Docker's own default is 10 s before SIGKILL; VS Code gives a server 2 s in all. ``kill`` is how long the engine may
    take to end what no longer has a say in it.
    """

    cancel: float = 2.0
    interrupt: float = 5.0
    terminate: float = 5.0
    kill: float = 5.0

    @classmethod
    def each(cls, grace: float) -> "Rungs":
        """The same for all; a turn gets 2 seconds at most, and the engine the time it needs."""
        return cls(min(grace, cls().cancel), grace, grace, max(grace, cls().kill))


@dataclass(frozen=True, slots=True)
class Ends:
    """How a session ends.

    ``keep_stopped``: seconds that it is kept once it has ended; None: until somebody removes it. ``reasons`` tell where
    each was written, by field; what nobody wrote has none.
    """

    rungs: Rungs = field(default_factory=Rungs)
    on_editor_exit: ExitRule = "keep"
    keep_stopped: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedEnds:
    """How it ends, and notes."""

    ends: Ends
    notes: tuple[str, ...]


def plan_ends(asked: EndsSettings) -> PlannedEnds:
    """What was asked for; a workspace's wait is cut to a minute with a note."""
    notes: list[str] = []
    named = {"cancel": asked.cancel, "interrupt": asked.interrupt, "terminate": asked.terminate, "kill": asked.kill}
    given = {name: sourced for name, sourced in named.items() if sourced is not None}
    rungs = Rungs(**{name: _granted(sourced, notes) for name, sourced in given.items()})
    others = {"on_editor_exit": asked.on_editor_exit, "keep_stopped": asked.keep_stopped}
    written = {**given, **{name: sourced for name, sourced in others.items() if sourced is not None}}
    ends = Ends(
        rungs=rungs,
        on_editor_exit=asked.on_editor_exit.value if asked.on_editor_exit else "keep",
        keep_stopped=asked.keep_stopped.value if asked.keep_stopped else None,
        reasons={name: reason(sourced.origin) for name, sourced in written.items()},
    )
    return PlannedEnds(ends, tuple(notes))


def _granted(asked: Sourced[float], notes: list[str]) -> float:
    if asked.origin.trusted or asked.value <= MOST_FOR_WORKSPACES:
        return asked.value
    most, wanted = shown_duration(MOST_FOR_WORKSPACES), shown_duration(asked.value)
    notes.append(f"{asked.origin.place} asks for {wanted}; stopping waits {most}, the most that a workspace gets.")
    return MOST_FOR_WORKSPACES
