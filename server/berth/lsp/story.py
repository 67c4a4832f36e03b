"""The progress of one session: its start, and its turns."""

from collections.abc import Callable
from dataclasses import dataclass

from berth.lsp.progress import Progress, Token
from berth.protocol.container_events import ImageProgress
from berth.protocol.events import TurnEnded, TurnStarted
from berth.protocol.tool_events import ToolCall
from berth.sessions.published import Published

KEPT = 16
"""Turns that are remembered after their end, for a client's token that comes late."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a token stands for: a turn, or the start when ``turn`` is None."""

    turn: str | None


class Story:
    """Follows one session's events and keeps its progress up to date. ``make`` begins a new one with a title."""

    def __init__(self, make: Callable[[str], Progress]) -> None:
        self.name = "agent"
        self._make = make
        self._start: Progress | None = None
        self._turns: dict[str, Progress] = {}
        self._promised: dict[str, list[Token]] = {}

    def starting(self, name: str) -> Progress:
        """The session is on its way up, for the first time or again."""
        if self._start is None or self._start.ended:
            self._start = self._make(f"Starting {name}")
        return self._start

    def started(self, message: str) -> None:
        """The session is up, or will not come up."""
        if self._start is not None:
            self._start.end(message)

    def happened(self, event: Published) -> None:
        """Takes an event; most say nothing about progress."""
        match event.body:
            case ImageProgress() as body:
                self._show_step(body)
            case TurnStarted() as body if event.turn:
                self._begin_turn(event.turn, body.prompt)
            case ToolCall() as body if event.turn in self._turns:
                self._turns[event.turn].report(body.title)
            case TurnEnded() as body if event.turn in self._turns:
                self._turns[event.turn].end(body.error.message if body.error else body.state)

    def over(self) -> None:
        """The session is gone."""
        for progress in (self._start, *self._turns.values()):
            if progress is not None:
                progress.end()

    def show_start(self, token: Token) -> None:
        """Shows the start under a token."""
        if self._start is None:
            self._start = self._make(f"Starting {self.name}")
            self._start.end()
        self._start.give(token)

    def show_turn(self, turn: str, token: Token) -> None:
        """Shows a turn under a token, or promises it to a turn that still waits in the queue."""
        if turn in self._turns:
            self._turns[turn].give(token)
        else:
            self._promised.setdefault(turn, []).append(token)

    def find(self, token: Token) -> Place | None:
        """What a token stands for."""
        if self._start is not None and self._start.holds(token):
            return Place(None)
        return next((Place(turn) for turn, progress in self._turns.items() if progress.holds(token)), None)

    def _begin_turn(self, turn: str, prompt: str) -> None:
        progress = self._turns[turn] = self._make(self.name)
        progress.message = prompt
        for token in self._promised.pop(turn, ()):
            progress.give(token)
        while len(self._turns) > KEPT:
            self._turns.pop(next(iter(self._turns))).end()

    def _show_step(self, body: ImageProgress) -> None:
        if self._start is None or body.log is not None:
            return
        share = 100 * body.current // body.total if body.current is not None and body.total else None
        self._start.report(body.step, percentage=None if share is None else max(0, min(100, share)))
