"""Which line of a Dockerfile a builder's step is about. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from berth.builds.source_lines import Instruction, SourceLines
from berth.engine.docker.overlay import Laid
from berth.errors import ImageError

_VERTEX = frozenset({"FROM", "RUN", "COPY", "ADD", "WORKDIR"})
"""Instructions that BuildKit numbers within a stage."""

_SAID = re.compile(r"parse error (?:on )?line (\d+)|^\S*[Dd]ockerfile\S*:(\d+)\s*$", re.MULTILINE)
_STAGE = re.compile(r"stage-(\d+)")
_BASE = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE)
_NAMED = re.compile(r"\sas\s+(\S+)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A step as BuildKit numbers it: the ``index``-th of a ``stage``, which is "" where there is only one."""

    stage: str
    index: int


class StepLines:
    """The instructions of what a builder was given. ``file`` is how people call the Dockerfile.

    A Dockerfile that cannot be read has no lines here: the builder says what is wrong with it.
    """

    def __init__(self, file: str, laid: Laid) -> None:
        """Reads it."""
        self.file = file
        self._laid = laid
        try:
            self._instructions: Sequence[Instruction] = SourceLines(file).read(laid.raw)
        except ImageError:
            self._instructions = ()

    def of_number(self, number: int, step: str) -> int:
        """The line of a step that a classic builder counts from 1, all instructions together; 0 when unknown."""
        if 0 < number <= len(self._instructions):
            instruction = self._instructions[number - 1]
            if instruction.keyword == _keyword(step):
                return self._laid.own_line(instruction.line)
        return self.of_text(step)

    def of_stage(self, stage: int, number: int, step: str) -> int:
        """The line of a step that Podman counts from 1 within a stage, and stages from 1; 0 when unknown."""
        stages = self._stages()
        instructions = stages[stage - 1] if 0 < stage <= len(stages) else ()
        if 0 < number <= len(instructions) and instructions[number - 1].keyword == _keyword(step):
            return self._laid.own_line(instructions[number - 1].line)
        return self.of_text(step)

    def of_vertex(self, at: Numbered, step: str) -> int:
        """The line of a step of BuildKit's; 0 when unknown."""
        numbered = [each for each in self._stage(at.stage) if each.keyword in _VERTEX]
        if 0 < at.index <= len(numbered) and numbered[at.index - 1].keyword == _keyword(step):
            return self._laid.own_line(numbered[at.index - 1].line)
        return self.of_text(step)

    def of_text(self, step: str) -> int:
        """The line of the first instruction that reads like the step; 0 where none does."""
        wanted = _plain(step)
        found = (each.line for each in self._instructions if _plain(f"{each.keyword} {each.rest}") == wanted)
        return self._laid.own_line(next(found, 0))

    def of_image(self, reference: str) -> int:
        """The line that takes an image as its base, or copies from it; 0 where it stands behind a variable."""
        short = _short(reference)
        for each in self._instructions:
            base = _BASE.match(f"{each.keyword} {each.rest}")
            if (base and _short(base[1]) == short) or f"--from={reference}" in each.rest.split():
                return self._laid.own_line(each.line)
        first = next((each.line for each in self._instructions if each.keyword == "FROM" and "$" in each.rest), 0)
        return self._laid.own_line(first)

    def of_words(self, said: str) -> int:
        """The line that a builder's message names; 0 where it names none."""
        match = _SAID.search(said)
        return self._laid.own_line(int(match[1] or match[2])) if match else 0

    def _stage(self, name: str) -> Sequence[Instruction]:
        stages = self._stages()
        names = [_stage_name(stage[0]) for stage in stages]
        label = name.rpartition(" ")[2]
        number = _STAGE.fullmatch(label)
        which = int(number[1]) if number and label not in names else 0
        which = names.index(label) if label in names else which
        return stages[which] if which < len(stages) else ()

    def _stages(self) -> list[Sequence[Instruction]]:
        starts = [at for at, each in enumerate(self._instructions) if each.keyword == "FROM"]
        ends = [*starts[1:], len(self._instructions)]
        return [self._instructions[start:end] for start, end in zip(starts, ends, strict=True)]


def _stage_name(opening: Instruction) -> str:
    named = _NAMED.search(opening.rest)
    return named[1].lower() if named else ""


def _keyword(step: str) -> str:
    return step.split(maxsplit=1)[0].upper() if step.strip() else ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _short(reference: str) -> str:
    """A reference without what engines put in front of and behind the names of Docker's own registry."""
    return reference.removeprefix("docker.io/").removeprefix("library/").removesuffix(":latest")
