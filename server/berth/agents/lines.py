"""A program without a protocol: text goes in, text comes out.

A prompt is written as it stands, with what goes with it after it, and a newline. All that the program prints is text.
Nothing in plain text says that a turn is over and there is no clock here to guess by silence, so there are two ways:

* with an ``end_marker`` the turn is over when the program prints a line that is the marker and nothing else;
* without one it is over as soon as the prompt was written. What the program prints then streams outside any turn.

Nor can a plain program be asked to end a turn: a cancel ends it for us, the output goes on, and the marker that is
still owed for it will not be taken for the end of a later turn.
"""

import codecs
import re

from berth.agents.base import Answer, Opening, Prompt, Reaction, Ready, TurnOver
from berth.agents.context_text import context_text
from berth.agents.failures import exited
from berth.agents.outbox import Outbox
from berth.errors import AgentError


class LinesDialect:
    """Implements :class:`~berth.agents.base.Dialect` for any command."""

    def __init__(self, *, prefix: str = "", end_marker: str | None = None) -> None:
        """``prefix`` begins the ids of parts. ``end_marker`` is one line, without its end."""
        self._outbox = Outbox(prefix)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._marker = end_marker
        self._marked_line = re.compile(rf"^{re.escape(end_marker or '')}\r?\n", re.MULTILINE)
        self._held = ""
        self._in_line = False
        self._owed = 0
        self._is_open = False
        self._in_turn = False

    def open(self, opening: Opening) -> Reaction:
        """Ready at once. A plain program has no conversation to resume."""
        if self._is_open:
            raise ValueError(opening)
        self._is_open = True
        self._outbox.signal(Ready(conversation=None, resumable=False))
        return self._outbox.take()

    def prompt(self, prompt: Prompt) -> Reaction:
        """Writes the prompt."""
        if not self._is_open or self._in_turn:
            raise ValueError(prompt.text)
        texts = (prompt.text, *map(context_text, prompt.context))
        self._outbox.break_part()
        self._outbox.send(
            "".join(part if part.endswith("\n") else part + "\n" for part in texts).encode("utf-8", "replace")
        )
        self._in_turn = True
        if self._marker is None:
            self._end_turn(TurnOver("complete"))
        return self._outbox.take()

    def cancel(self) -> Reaction:
        """Ends the turn for us; the program goes on."""
        if self._in_turn:
            self._owed += 1
            self._end_turn(TurnOver("cancelled", "cancelled"))
        return self._outbox.take()

    def respond(self, request: str, answer: Answer) -> Reaction:
        """A plain program asks nothing.

        Raises:
            ValueError: Always.
        """
        raise ValueError(request, answer)

    def set_option(self, option: str, value: str) -> Reaction:
        """A plain program has no options.

        Raises:
            AgentError: ``unsupported``, always.
        """
        message = f"A plain command has no option {option!r} to set to {value!r}."
        raise AgentError("unsupported", message, "Use an agent that speaks the Agent Client Protocol.")

    def receive(self, data: bytes) -> Reaction:
        """Takes text; bytes that are no UTF-8 become U+FFFD."""
        self._take(self._decoder.decode(data))
        return self._outbox.take()

    def end(self) -> Reaction:
        """The output is over. What is left of a line is text like any other."""
        self._take(self._decoder.decode(b"", final=True))
        held, self._held = self._held, ""
        if self._marker is not None and held.removesuffix("\r") == self._marker:
            self._on_marker(held)
        else:
            self._say(held)
        if self._in_turn:
            self._end_turn(TurnOver("error", "agent-exited", exited()))
        return self._outbox.take()

    def _take(self, text: str) -> None:
        if self._marker is None:
            self._say(text)
            return
        text = self._held + text
        done = text.find("\n") + 1 if self._in_line else 0
        if self._in_line and not done:
            self._say(text)
            return
        self._say(text[:done])
        while self._marker in text and (found := self._marked_line.search(text, done)):
            self._say(text[done : found.start()])
            self._on_marker(found[0])
            done = found.end()
        self._hold(text[done:])

    def _hold(self, text: str) -> None:
        """Keeps back what may become the marker; says the rest."""
        last = text.rfind("\n") + 1
        could_be = f"{self._marker}\r".startswith(text[last:])
        self._held = text[last:] if could_be else ""
        self._in_line = not could_be
        self._say(text[: len(text) - len(self._held)])

    def _say(self, text: str) -> None:
        self._outbox.text("message", None, text)

    def _on_marker(self, line: str) -> None:
        if self._owed:
            self._owed -= 1
        elif self._in_turn:
            self._end_turn(TurnOver("complete", "end-marker"))
        else:
            self._say(line)

    def _end_turn(self, over: TurnOver) -> None:
        self._in_turn = False
        self._outbox.break_part()
        self._outbox.signal(over)
