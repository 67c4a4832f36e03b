"""``.dockerignore`` as BuildKit obeys it: the last line that matches wins, and a folder's verdict is its content's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from berth.builds.go_text import BLANKS, clean, decode, shown
from berth.builds.patterns import BadPattern, ignore_regex
from berth.errors import ImageError

LEFT_OUT = ("**/.git", "**/.env")
"""Never sent unless an ignore file brings them back with ``!``: history and secrets have no business in a layer."""

MOST_BYTES = 1024 * 1024

Parents = tuple[bool, ...]
"""What a folder's path matched, one answer for each run of lines; () above everything."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """The lines, neighbours of the same kind in one expression each: of those it only matters that one matches."""

    runs: tuple[tuple[bool, re.Pattern[str]], ...]
    exceptions: tuple[str, ...] | None
    """The folders that hold exceptions, each with its slash; None where one has wildcards and may be anywhere."""

    @property
    def simple(self) -> re.Pattern[str] | None:
        """The one expression where nothing is ever brought back; None where a path's parents count as well."""
        return self.runs[0][1] if len(self.runs) == 1 and not self.runs[0][0] else None

    def verdict(self, path: str, parents: Parents) -> tuple[bool, Parents]:
        """Whether a path is ignored, and what its content is told. ``parents`` is what its folder's verdict said.

        As ``MatchesUsingParentResults`` of moby's patternmatcher, on which BuildKit and the CLI agree.
        """
        ignored = False
        answers: list[bool] = []
        for at, (exception, regex) in enumerate(self.runs):
            matched = bool(parents) and parents[at]
            if not matched and exception == ignored:
                matched = regex.match(path) is not None
            answers.append(matched)
            if matched:
                ignored = not exception
        return ignored, tuple(answers)

    def may_return(self, folder: str) -> bool:
        """Whether an exception could bring back something inside an ignored folder."""
        if self.exceptions is None:
            return True
        return any(exception.startswith(folder + "/") for exception in self.exceptions)


def read_ignore(raw: bytes, name: str, *, first: Sequence[str] = LEFT_OUT) -> Ignore:
    """Reads an ignore file's bytes; ``first`` are patterns that stand above its own.

    Raises:
        ImageError: ``bad-context`` with the line: a pattern that Docker refuses as well, a ``!`` alone, a huge file.
    """
    if len(raw) > MOST_BYTES:
        raise _wrong(name, 1, f"is larger than {MOST_BYTES // 1024} KiB")
    lines = [(at, line) for at, line in enumerate(decode(raw).split("\n"), start=1) if not line.startswith("#")]
    patterns = [(at, pattern) for at, line in lines if (pattern := _pattern(line))]
    return _compiled([*((0, pattern) for pattern in first), *patterns], name)


def _pattern(line: str) -> str:
    """A line as a pattern: trimmed, cleaned, without leading slash; empty where there is none."""
    text = line.strip(BLANKS)
    exception = text.startswith("!")
    if exception:
        text = text[1:].strip(BLANKS)
    if text:
        text = clean(text)
        text = text[1:] if len(text) > 1 and text.startswith("/") else text
    return "!" + text if exception else text


def _compiled(patterns: Sequence[tuple[int, str]], name: str) -> Ignore:
    regexes: list[tuple[bool, str]] = []
    folders: list[str] = []
    for line, pattern in patterns:
        exception = pattern.startswith("!")
        bare = clean(pattern[1:]) if pattern[1:] else ""
        bare = bare if exception else pattern
        if exception and bare in ("", "/"):
            raise _wrong(name, line, "has a ! that excepts nothing")
        try:
            regexes.append((exception, ignore_regex(bare)))
        except BadPattern as bad:
            raise _wrong(name, line, f"has the pattern {pattern[:80]}, which {bad}") from None
        if exception:
            folders.append(bare.removesuffix("/**").removesuffix("/*") + "/")
    runs = tuple((exception, _any(group)) for exception, group in groupby(regexes, key=lambda regex: regex[0]))
    anywhere = any(char in folder for folder in folders for char in "*[]?^\\")
    return Ignore(runs, None if anywhere else tuple(folders))


def _any(group: Iterable[tuple[bool, str]]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(regex for _, regex in group)})\\Z")


def _wrong(name: str, line: int, what: str) -> ImageError:
    place = f"{name}:{line}" if line else name
    return ImageError(
        "bad-context", f"{shown(place)} {shown(what)}.", "Correct the pattern; Docker would refuse the build as well."
    )
