"""How a session is closed once nothing of it runs any more."""

from dataclasses import dataclass

from berth.errors import BerthError, SessionError
from berth.protocol.session import Exit, State
from berth.sessions.record import Record, now
from berth.sessions.turns import Turns


@dataclass(frozen=True, slots=True)
class Closing:
    """Why it closes: ``error`` where something went wrong, ``exit`` where a container ended, ``why`` for people.

    ``because`` is why it was stopped, where no person asked: it is the better reason then.
    """

    error: BerthError | None
    exit: Exit | None
    why: str
    because: str = ""


def close(record: Record, turns: Turns, closing: Closing) -> None:
    """Fails what waits, and enters the last state: ``stopped`` where that was asked for, whatever came of it."""
    stopping, error, ended = record.state is State.STOPPING, closing.error, closing.exit
    if ended and stopping and closing.because:
        ended = ended.model_copy(update={"reason": closing.because})
    stopped = SessionError("session-ended", "The session ended before the turn did.", "Restart it to go on.")
    turns.fail_all(stopped if stopping or error is None else error)
    record.note("ended", {})
    if stopping or error is None:
        why = "" if ended and stopping else closing.why
        record.enter(State.STOPPED, why=why, exit=ended, activity=None, ended_at=now())
    else:
        record.enter(State.FAILED, error=error, exit=ended, activity=None, ended_at=now())
