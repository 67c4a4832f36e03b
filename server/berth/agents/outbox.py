"""What comes of one call of a dialect, as it grows."""

from typing import Literal

from berth.agents.base import Reaction, Signal
from berth.protocol.events import PartDelta, PartStarted, ThoughtDelta

PartOf = Literal["message", "thought", "user"]


class Outbox:
    """Signals in order and bytes for the agent, until :meth:`take` hands them over.

    Text is put into parts. A part is one unbroken stretch of text of the same sort under the same key (the agent's own
    message id, None where it has none); its id is minted here, since agents use an id for several stretches, or none.
    Neighbouring text of a part leaves as one delta.
    """

    def __init__(self, prefix: str = "") -> None:
        """``prefix`` begins every part id, so that ids of two runs of an agent in one session differ."""
        self._prefix = prefix
        self._signals: list[Signal] = []
        self._output: list[bytes] = []
        self._texts: list[str] = []
        self._stretch: tuple[PartOf, str | None] | None = None
        self._part = ""
        self._parts = 0

    def text(self, of: PartOf, key: str | None, text: str) -> None:
        """Adds text to the running part, or begins a new one."""
        if not text:
            return
        if self._stretch != (of, key):
            self.break_part()
            self._begin(of, key)
        self._texts.append(text)

    def break_part(self) -> None:
        """Ends the running part: later text begins a new one."""
        self._flush()
        self._stretch = None

    def signal(self, signal: Signal) -> None:
        """Adds a signal. The running part goes on after it."""
        self._flush()
        self._signals.append(signal)

    def send(self, output: bytes) -> None:
        """Adds bytes for the agent's stdin."""
        self._output.append(output)

    def take(self) -> Reaction:
        """Hands over what has come together, and begins anew."""
        self._flush()
        reaction = Reaction(tuple(self._signals), b"".join(self._output))
        self._signals.clear()
        self._output.clear()
        return reaction

    def _begin(self, of: PartOf, key: str | None) -> None:
        self._stretch = (of, key)
        self._parts += 1
        self._part = f"{self._prefix}p{self._parts}"
        self._signals.append(PartStarted(part=self._part, of=of))

    def _flush(self) -> None:
        if not self._texts or self._stretch is None:
            return
        delta = ThoughtDelta if self._stretch[0] == "thought" else PartDelta
        self._signals.append(delta(part=self._part, text="".join(self._texts)))
        self._texts.clear()
