"""One piece of work as ``$/progress`` shows it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types

from berth.lsp.protocol import Protocol
from berth.lsp.sanitise import sanitise

INTERVAL = 0.1
"""Seconds between two reports: more than a person can read."""

Token = int | str


@dataclass(eq=False)
class Progress:
    """Begins under every token it is given, reports at a readable pace, and ends under all of them exactly once."""

    title: str
    protocol: Protocol
    message: str = ""
    percentage: int | None = None
    ended: bool = False
    _tokens: list[Token] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None

    def needs_token(self) -> bool:
        """Whether it goes on without being shown anywhere."""
        return not self.ended and not self._tokens

    def give(self, token: Token) -> None:
        """Shows it under one more token; at once to its end when the work has ended already."""
        self._tokens.append(token)
        begin = {"kind": "begin", "title": sanitise(self.title), "cancellable": True, **self._news()}
        self._tell(token, begin)
        if self.ended:
            self._tell(token, {"kind": "end"})

    def holds(self, token: Token) -> bool:
        """Whether it is shown under this token and goes on."""
        return not self.ended and token in self._tokens

    def report(self, message: str, *, percentage: int | None = None) -> None:
        """Says how the work goes on; only the newest message of an interval is sent."""
        if self.ended or (message, percentage) == (self.message, self.percentage):
            return
        self.message, self.percentage = message, percentage
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(INTERVAL, self._report)

    def end(self, message: str = "") -> None:
        """The work is over."""
        if self.ended:
            return
        self.ended = True
        if self._timer is not None:
            self._timer.cancel()
        for token in self._tokens:
            self._tell(token, {"kind": "end", **({"message": sanitise(message)} if message else {})})

    def _report(self) -> None:
        self._timer = None
        if not self.protocol.outlet.stalled:
            for token in self._tokens:
                self._tell(token, {"kind": "report", "cancellable": True, **self._news()})

    def _news(self) -> dict[str, Any]:
        news: dict[str, Any] = {"message": sanitise(self.message)} if self.message else {}
        return news if self.percentage is None else {**news, "percentage": self.percentage}

    def _tell(self, token: Token, value: dict[str, Any]) -> None:
        self.protocol.client.notify(types.PROGRESS, {"token": token, "value": value})
