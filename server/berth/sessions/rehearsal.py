"""Brings a fresh dialect to where an earlier host's was: the same output again, and told the same in between.

A dialect is a machine without I/O or clock, so that it comes to the same state. What it answers was published and
written then, and is only remembered; but for the pieces of input that the agent did not get for certain.
"""

from collections.abc import Callable, Mapping
from typing import Any

from berth.agents.base import ContextBlock, Dialect, Opening, Prompt, Reaction
from berth.engine.base import Output
from berth.errors import BerthError
from berth.sessions.conversation import Conversation
from berth.sessions.delivery import Delivery
from berth.sessions.past import Heard, Past, answer_of


class Rehearsal:
    """One rehearsal. ``pieces`` are those that were not sent for certain."""

    def __init__(self, dialect: Dialect, conversation: Conversation, delivery: Delivery, past: Past) -> None:
        """Tells the dialect what it was told before the agent said anything."""
        self._dialect = dialect
        self._conversation = conversation
        self._delivery = delivery
        self._heard = list(past.heard)
        self._left = {"stdout": past.reached.stdout, "stderr": past.reached.stderr}
        self._stdout = 0
        self._unsent = -past.reached.sent
        self.pieces: list[bytes] = []
        self._tell_due()

    @property
    def is_over(self) -> bool:
        """All that was taken then was taken again."""
        return not any(self._left.values())

    def split(self, output: Output) -> tuple[bytes, bytes]:
        """What of an output was taken then, and what is new."""
        known = min(self._left[output.stream], len(output.data))
        self._left[output.stream] -= known
        return output.data[:known], output.data[known:]

    def receive(self, stdout: bytes) -> None:
        """Takes again what was taken then."""
        while stdout:
            due = self._heard[0].after - self._stdout if self._heard else len(stdout)
            part, stdout = stdout[:due], stdout[due:]
            self._stdout += len(part)
            self._remember(self._dialect.receive(part), None)
            self._tell_due()

    def _tell_due(self) -> None:
        while self._heard and self._heard[0].after <= self._stdout:
            heard = self._heard.pop(0)
            self._remember(_told(self._dialect, heard), heard)

    def _remember(self, reaction: Reaction, heard: Heard | None) -> None:
        for piece in self._delivery.pieces(reaction.output):
            self._unsent += 1
            if self._unsent > 0:
                self.pieces.append(piece)
        self._conversation.remember(reaction.signals, heard)


def _told(dialect: Dialect, heard: Heard) -> Reaction:
    """Tells it again. What made no sense then makes none now."""
    try:
        return _TELL[heard.what](dialect, heard.content)
    except (BerthError, ValueError):
        return Reaction()


def _prompt(content: Mapping[str, Any]) -> Prompt:
    return Prompt(content["text"], tuple(ContextBlock(**block) for block in content["context"]))


_TELL: Mapping[str, Callable[[Dialect, Mapping[str, Any]], Reaction]] = {
    "open": lambda dialect, content: dialect.open(Opening(**content)),
    "prompt": lambda dialect, content: dialect.prompt(_prompt(content)),
    "cancel": lambda dialect, _: dialect.cancel(),
    "respond": lambda dialect, content: dialect.respond(content["request"], answer_of(content)),
    "set_option": lambda dialect, content: dialect.set_option(content["option"], content["value"]),
}
