"""A Dockerfile's text as instructions: comments, parser directives, continued lines and heredocs read, nothing more.

Follows BuildKit's ``frontend/dockerfile/parser``; https://docs.docker.com/reference/dockerfile/ says the same in prose.
Every step is linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from berth.builds.go_text import BLANKS, decode, shown
from berth.builds.heredocs import Heredoc, heredocs_of
from berth.errors import BuildFailed

MOST_BYTES = 1024 * 1024
MOST_LINE_BYTES = 65_535
"""BuildKit's scanner takes no longer line."""

_DIRECTIVE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=[\t\f\r ]*(\S.*)")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_GAP = re.compile(r"[\t\v\f\r ]+")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``keyword`` in upper case; ``rest`` what follows it on the joined line; lines count from 1."""

    line: int
    keyword: str
    rest: str
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(slots=True)
class SourceLines:
    """One pass over a Dockerfile's text. ``name`` is how errors call the file."""

    name: str
    escape: str = "\\"
    directives: dict[str, str] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _at: int = 0
    _directives_over: bool = False

    def read(self, raw: bytes) -> list[Instruction]:
        """The instructions in order.

        Raises:
            ImageError: ``bad-dockerfile``: too long, a directive twice or unknown, a heredoc without its end, or empty.
        """
        if len(raw) > MOST_BYTES:
            raise self.wrong(1, f"is larger than {MOST_BYTES // 1024} KiB")
        self._lines = decode(raw).split("\n")
        instructions = list(self._instructions())
        if not instructions:
            raise self.wrong(1, "holds no instructions")
        return instructions

    def wrong(self, line: int, what: str) -> BuildFailed:
        """``bad-dockerfile`` with the file, the line and what is wrong there."""
        message = f"{shown(self.name)}:{line} {shown(what)}."
        hint = "Correct the Dockerfile and start again."
        return BuildFailed("bad-dockerfile", message, hint, file=self.name, line=line)

    def _instructions(self) -> Iterator[Instruction]:
        while self._at < len(self._lines):
            text = self._next().strip("\r").lstrip(BLANKS)
            self._directive(text)
            if text and not text.startswith("#"):
                line = self._at
                yield self._instruction(line, self._joined(text))

    def _next(self) -> str:
        text = self._lines[self._at]
        self._at += 1
        if len(text) * 4 > MOST_LINE_BYTES and len(text.encode("utf-8", "surrogateescape")) > MOST_LINE_BYTES:
            raise self.wrong(self._at, f"is longer than {MOST_LINE_BYTES} bytes")
        return text

    def _directive(self, text: str) -> None:
        """Directives are comments above everything else; the first other line ends them."""
        if self._directives_over:
            return
        match = _DIRECTIVE.fullmatch(text[1:].strip(BLANKS)) if text.startswith("#") else None
        if match is None or match[1].lower() not in _DIRECTIVES:
            self._directives_over = True
            return
        name, value = match[1].lower(), match[2]
        if name in self.directives:
            raise self.wrong(self._at, f"repeats the parser directive {name}")
        self.directives[name] = value
        if name == "escape":
            if value not in ("\\", "`"):
                raise self.wrong(self._at, "sets an escape character that is neither \\ nor `")
            self.escape = value

    def _joined(self, text: str) -> str:
        """The line and those that continue it; comments and empty lines between them do not count."""
        pieces: list[str] = []
        text, more = self._continued(text)
        pieces.append(text)
        while more and self._at < len(self._lines):
            text = self._next().strip("\r")
            bare = text.lstrip(BLANKS)
            if bare and not bare.startswith("#"):
                text, more = self._continued(text)
                pieces.append(text)
        return "".join(pieces)

    def _continued(self, text: str) -> tuple[str, bool]:
        """The text without its continuation character, and whether it had one that was not itself escaped."""
        bare = text.rstrip(" \t")
        if bare.endswith(self.escape) and bare[-2:-1] != self.escape:
            return bare[:-1], True
        return text, False

    def _instruction(self, line: int, joined: str) -> Instruction:
        keyword, *rest = _GAP.split(joined.strip(BLANKS), 1)
        instruction = Instruction(line, keyword.upper(), rest[0] if rest else "")
        heredocs = heredocs_of(instruction.keyword, instruction.rest)
        for heredoc in heredocs:
            self._skip(heredoc, line)
        return Instruction(line, instruction.keyword, instruction.rest, heredocs)

    def _skip(self, heredoc: Heredoc, line: int) -> None:
        while self._at < len(self._lines):
            text = self._next().rstrip("\r")
            if (text.lstrip("\t") if heredoc.chomps else text) == heredoc.name:
                return
        raise self.wrong(line, f"opens the heredoc {heredoc.name}, which is never closed")
