"""One word of a Dockerfile with its quotes taken away and its variables filled in.

Follows BuildKit's ``frontend/dockerfile/shell``. What cannot be known here (a variable that may come from a base image
nobody looked into, a substitution that is not followed) makes the whole word unknown instead of wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from berth.builds.shell_patterns import trimmed

DEEPEST = 40
"""How many substitutions may stand inside one another."""

MOST_CHARACTERS = 65_536
"""Variables that hold themselves twice, line after line, would fill the memory."""

Known: TypeAlias = str | None
"""A text, or None for one that only the builder can know."""

_SPECIAL = frozenset("@*#?-$!0")


class BadWord(ValueError):
    """What is wrong with a word, as the rest of a sentence."""


class Unset(KeyError):
    """A variable that is certainly not set."""


Lookup: TypeAlias = Callable[[str], Known]
"""The value of a variable; None where unknown. Raises :class:`Unset`."""


def expand(word: str, lookup: Lookup, *, escape: str) -> Known:
    """The word as the builder would use it; None where that is unknown.

    Raises:
        BadWord: A quote or a brace that is never closed, a substitution that does not exist, or one that says no.
    """
    expansion = Expansion(word, lookup, escape)
    text = expansion.until("")
    return None if expansion.unknown else text


@dataclass(slots=True)
class Expansion:
    """One walk through one word."""

    word: str
    lookup: Lookup
    escape: str
    unknown: bool = False
    _at: int = 0
    _depth: int = 0
    _grown: int = 0

    def until(self, stop: str) -> str:
        """What stands before ``stop``, which is taken as well; an empty ``stop`` means the word's end."""
        pieces: list[str] = []
        while char := self._take():
            if char == stop:
                return "".join(pieces)
            pieces.append(self._piece(char))
        if stop:
            raise BadWord(f"never closes a {{ with {stop}")
        return "".join(pieces)

    def _piece(self, char: str) -> str:
        if char == "'":
            return self._single_quoted()
        if char == '"':
            return self._double_quoted()
        if char == "$":
            return self._variable()
        return self._take() if char == self.escape else char

    def _take(self) -> str:
        char = self.word[self._at : self._at + 1]
        self._at += 1
        return char

    def _peek(self) -> str:
        return self.word[self._at : self._at + 1]

    def _single_quoted(self) -> str:
        end = self.word.find("'", self._at)
        if end < 0:
            raise BadWord("never closes a '")
        text, self._at = self.word[self._at : end], end + 1
        return text

    def _double_quoted(self) -> str:
        pieces: list[str] = []
        while char := self._take():
            if char == '"':
                return "".join(pieces)
            if char == "$":
                char = self._variable()
            elif char == self.escape and self._peek() in ('"', "$", self.escape):
                char = self._take()
            pieces.append(char)
        raise BadWord('never closes a "')

    def _variable(self) -> str:
        if self._peek() != "{":
            name = self._name()
            return self._value(name) or "" if name else "$"
        self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadWord(f"nests more than {DEEPEST} substitutions")
        text = self._braced()
        self._depth -= 1
        return text

    def _name(self) -> str:
        start = self._at
        if self._peek() in _SPECIAL and self._peek():
            return self._take()
        digits = self._peek().isdigit()
        while (char := self._peek()) and (char.isdigit() if digits else char.isalnum() or char == "_"):
            self._at += 1
        return self.word[start : self._at]

    def _value(self, name: str) -> Known:
        """The value; None where it is not set. An unknown one marks the whole word."""
        try:
            value = self.lookup(name)
        except Unset:
            return None
        if value is None:
            self.unknown = True
        self._grown += len(value or "")
        if self._grown > MOST_CHARACTERS:
            raise BadWord(f"grows beyond {MOST_CHARACTERS} characters with its variables filled in")
        return value

    def _braced(self) -> str:
        if self._peek() in ("{", "}", ":"):
            raise BadWord("has a ${} that names nothing")
        name, sign = self._name(), self._take()
        if sign == "}":
            return self._value(name) or ""
        if sign == "/":
            self.until("}")
            self.unknown = True
            return ""
        empty_counts = sign == ":"
        if empty_counts:
            sign = self._take()
        if not sign or sign not in "+-?#%" or (empty_counts and sign in "#%"):
            raise BadWord("has a substitution that does not exist" if sign else "never closes a ${")
        return self._chosen(name, sign, empty_counts=empty_counts)

    def _chosen(self, name: str, sign: str, *, empty_counts: bool) -> str:
        """``${NAME-word}`` and its kin; the word is read whether it is used or not."""
        already = self.unknown
        word = self.until("}")
        in_word, self.unknown = self.unknown, already
        value = self._value(name)
        unset = not value if empty_counts else value is None
        if sign in "#%":
            return trimmed(value or "", word, sign=sign)
        if sign == "?":
            if unset and not self.unknown:
                raise BadWord(f"asks for {name}, which has no value")
            return value or ""
        used = unset if sign == "-" else not unset
        self.unknown = self.unknown or (used and in_word)
        if used:
            return word
        return (value or "") if sign == "-" else ""
