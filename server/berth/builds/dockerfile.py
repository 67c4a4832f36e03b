"""A Dockerfile as stages of instructions, with nothing filled in yet."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from berth.builds.flags import flagged, listed
from berth.builds.source_lines import Instruction, SourceLines
from berth.builds.words import BadWord

KEYWORDS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"}
    | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)

_FROM_FLAGS = frozenset({"platform"})


@dataclass(frozen=True, slots=True)
class Stage:
    """``base`` and ``platform`` as written; ``name`` in lower case, empty where there is none; ``line`` is its FROM's.

    ``base`` is None in the one stage of an overlay: a Dockerfile without ``FROM``, to be laid over a given image.
    """

    index: int
    base: str | None
    line: int
    name: str = ""
    platform: str | None = None
    instructions: tuple[Instruction, ...] = ()


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """``name`` is how errors call it, ``head`` are the ``ARG`` before the first ``FROM``; there is always a stage."""

    name: str
    escape: str
    directives: Mapping[str, str]
    head: tuple[Instruction, ...]
    stages: tuple[Stage, ...]

    @property
    def overlay(self) -> bool:
        """Whether it names no base image at all."""
        return self.stages[0].base is None

    def stage(self, name: str) -> Stage | None:
        """The stage of that name in any case, or of that number; of two that share a name, the later one."""
        if name.isascii() and name.isdigit():
            return self.stages[int(name)] if len(name) < 6 and int(name) < len(self.stages) else None
        return next((stage for stage in reversed(self.stages) if stage.name and stage.name == name.lower()), None)

    def before(self, index: int, name: str) -> Stage | None:
        """The last stage of that name above stage ``index``; ``FROM`` takes no numbers."""
        named = (stage for stage in reversed(self.stages[:index]) if stage.name and stage.name == name.lower())
        return next(named, None)

    def wrong(self, line: int, what: str) -> NoReturn:
        """Raises ``bad-dockerfile`` with file and line; ``what`` goes on from the place."""
        raise SourceLines(self.name).wrong(line, what) from None


def read_dockerfile(raw: bytes, name: str) -> Dockerfile:
    """Reads a Dockerfile's bytes; ``name`` is its path as a person knows it.

    Raises:
        ImageError: ``bad-dockerfile``, with the line and one sentence.
    """
    lines = SourceLines(name)
    instructions = lines.read(raw)
    for instruction in instructions:
        if instruction.keyword not in KEYWORDS:
            raise lines.wrong(instruction.line, _unknown(instruction.keyword))
    first = next((at for at, instruction in enumerate(instructions) if instruction.keyword == "FROM"), None)
    if first is None:
        overlay = Stage(0, None, instructions[0].line, instructions=tuple(instructions))
        return Dockerfile(name, lines.escape, lines.directives, (), (overlay,))
    head = tuple(instructions[:first])
    for instruction in head:
        if instruction.keyword != "ARG":
            raise lines.wrong(instruction.line, f"has {instruction.keyword} before the first FROM")
    stages = _stages(instructions[first:], lines)
    return Dockerfile(name, lines.escape, lines.directives, head, stages)


def _stages(instructions: Sequence[Instruction], lines: SourceLines) -> tuple[Stage, ...]:
    starts = [at for at, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    stages = []
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(instructions)], strict=True)):
        opening = instructions[start]
        try:
            base, name, platform = _from(opening.rest, lines.escape)
        except BadWord as bad:
            raise lines.wrong(opening.line, str(bad)) from None
        stages.append(Stage(index, base, opening.line, name, platform, tuple(instructions[start + 1 : end])))
    return tuple(stages)


def _from(rest: str, escape: str) -> tuple[str, str, str | None]:
    parts = flagged(rest, known=_FROM_FLAGS, escape=escape)
    words = listed(parts.rest)
    if len(words) == 3 and words[1].lower() == "as":
        return words[0], _stage_name(words[2]), parts.one("platform")
    if len(words) != 1:
        raise BadWord("has a FROM that is neither `FROM image` nor `FROM image AS name`")
    return words[0], "", parts.one("platform")


def _stage_name(word: str) -> str:
    name = word.lower()
    plain = name.isascii() and name[0].isalpha() and name.translate(_PUNCTUATION).isalnum()
    if not plain:
        raise BadWord(f"names a stage {word}: a name begins with a letter and has letters, digits, - _ . only")
    return name


_PUNCTUATION = str.maketrans("", "", "-_.")


def _unknown(keyword: str) -> str:
    near = difflib.get_close_matches(keyword[:40], sorted(KEYWORDS), n=1)
    known = f"; did you mean {near[0]}?" if near else ""
    return f"has the unknown instruction {keyword[:40]}{known}".removesuffix("?")
