"""The end of a life, as the session's record tells it."""

from dataclasses import dataclass, replace

from berth.errors import BerthError, SessionError
from berth.protocol.session import Exit, State
from berth.sessions.record import Record
from berth.sessions.turns import Turns


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a life. ``error`` is None when it ended of its own will; ``exit`` where the program has ended."""

    error: BerthError | None
    exit: Exit | None
    why: str

    def because(self, reason: str) -> "Outcome":
        """The same, where Berth itself had a reason to end it."""
        if not reason or self.exit is None:
            return self
        return replace(self, exit=self.exit.model_copy(update={"reason": reason}))


def close(record: Record, turns: Turns, outcome: Outcome) -> None:
    """Ends the turns, and enters ``stopped`` or ``failed``."""
    stopping, error = record.state is State.STOPPING, outcome.error
    stopped = SessionError("session-ended", "The session ended before the turn did.", "Restart it to go on.")
    turns.fail_all(stopped if stopping or error is None else error)
    record.note("ended", {})
    if stopping or error is None:
        why = "" if outcome.exit and stopping else outcome.why
        record.enter(State.STOPPED, why=why, exit=outcome.exit, activity=None)
    else:
        record.enter(State.FAILED, error=error, exit=outcome.exit, activity=None)
