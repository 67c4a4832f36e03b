"""What the demo prints: lines that stay, one live line at the bottom of a terminal, and text as it streams in."""

import os
import shutil
from typing import TextIO

STYLES = {"dim": "2", "bold": "1", "green": "32", "red": "31", "yellow": "33", "cyan": "36"}
"""SGR parameters."""

INDENT = "  "


class Screen:
    """A terminal, or any other stream: then without colours and without the live line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = False
        self._in_text = False
        self.is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._colours = self.is_terminal and not os.environ.get("NO_COLOR")

    def paint(self, text: str, style: str) -> str:
        """The text in a style of :data:`STYLES`; unchanged where colours are not wanted."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._colours and text else text

    def line(self, text: str = "") -> None:
        """Prints a line that stays."""
        self._settle()
        self._print(text + "\n")

    def step(self, mark: str, text: str, seconds: float | None = None) -> None:
        """Prints a finished step with its mark and how long it took."""
        took = self.paint(f"  {seconds:.2f} s", "dim") if seconds is not None else ""
        self.line(f"{self.paint(mark, _MARK_STYLES.get(mark, 'cyan'))} {text}{took}")

    def live(self, text: str) -> None:
        """Shows what is going on now, in a line that the next output replaces; nothing where there is no terminal."""
        if self.is_terminal and not self._in_text:
            width = shutil.get_terminal_size().columns
            self._erase()
            self._print(self.paint(f"… {_one_line(text)}"[: width - 1], "dim"))
            self._live = True

    def text(self, text: str, style: str | None = None) -> None:
        """Prints a piece of streamed text, indented; the next line or step begins on a line of its own."""
        self._erase()
        if not self._in_text:
            self._print(INDENT)
            self._in_text = True
        text = text.replace("\n", "\n" + INDENT)
        self._print(self.paint(text, style) if style else text)

    def _settle(self) -> None:
        """Ends the text or live line that stands at the bottom."""
        self._erase()
        if self._in_text:
            self._print("\n")
            self._in_text = False

    def _erase(self) -> None:
        if self._live:
            self._print("\r\x1b[K")
            self._live = False

    def _print(self, text: str) -> None:
        """Writes at once. A reader that has gone away (``| head``) keeps nobody from finishing and clearing up."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


_MARK_STYLES = {"✓": "green", "✗": "red", "?": "yellow"}


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
