"""Where a session may go from where it is. One writer obeys this table: :meth:`berth.sessions.record.Record.enter`."""

from collections.abc import Mapping

from berth.protocol.session import State

_ENDS = frozenset({State.STOPPING, State.STOPPED, State.FAILED})

MOVES: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.WAITING, State.BUILDING, State.STARTING}) | _ENDS,
    State.BUILDING: frozenset({State.WAITING, State.STARTING}) | _ENDS,
    State.STARTING: frozenset({State.IDLE}) | _ENDS,
    State.IDLE: frozenset({State.WORKING, State.WAITING}) | _ENDS,
    State.WORKING: frozenset({State.IDLE, State.WAITING}) | _ENDS,
    State.WAITING: frozenset({State.IDLE, State.WORKING, State.BUILDING, State.STARTING}) | _ENDS,
    State.STOPPING: frozenset({State.STOPPED, State.FAILED}),
    State.STOPPED: frozenset({State.PLANNED}),
    State.FAILED: frozenset({State.PLANNED}),
}
"""Every allowed move. A restart or rebuild begins again at ``planned``; a yes is waited for before anything is made."""

BRINGING_UP = frozenset({State.PLANNED, State.BUILDING, State.STARTING})
"""The agent is not there yet."""

TALKING = frozenset({State.IDLE, State.WORKING, State.WAITING})
"""The agent is there and can be talked to."""

ENDED = frozenset({State.STOPPED, State.FAILED})
"""Nothing runs; restart, rebuild or remove."""
