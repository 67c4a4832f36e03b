"""One stage, read instruction by instruction: what it copies from the context, from stages and images, and fetches."""

import csv
from dataclasses import dataclass, field

from berth.builds.dockerfile import Dockerfile, Stage
from berth.builds.flags import flagged, listed
from berth.builds.go_text import within
from berth.builds.heredocs import as_heredoc
from berth.builds.source_lines import Instruction
from berth.builds.variables import Outer, Variables
from berth.builds.words import BadWord, Known, expand

_COPY_FLAGS = {
    "COPY": frozenset({"chown", "from", "chmod", "link", "exclude", "parents"}),
    "ADD": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "unpack", "exclude"}),
}
_RUN_FLAGS = frozenset({"mount", "network", "security", "device"})
_MODERN_FLAGS = frozenset({"link", "exclude", "parents", "keep-git-dir", "checksum", "unpack", "chmod"})
_REMOTE = ("http://", "https://", "git@", "git://", "ssh://")


@dataclass(frozen=True, slots=True)
class Copied:
    """One source in the context. ``path`` is below its root, ``""`` for all of it, and may hold Go's wildcards.

    ``written`` is the word in the Dockerfile; where it cannot be known, ``path`` is ``""``: all may be used.
    ``--exclude`` takes nothing away here: more may be listed than is copied, never less.
    """

    line: int
    path: str
    written: str
    certain: bool = True


@dataclass(slots=True)
class StageUse:
    """What one stage uses. ``stages`` by number."""

    copied: list[Copied] = field(default_factory=list)
    stages: set[int] = field(default_factory=set)
    images: dict[str, int] = field(default_factory=dict)
    remotes: list[tuple[int, str]] = field(default_factory=list)
    modern: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class StageReading:
    """A stage while it is read; ``triggers`` are its own ``ONBUILD`` instructions, for stages built on it."""

    dockerfile: Dockerfile
    stage: Stage
    outer: Outer
    variables: Variables
    use: StageUse = field(default_factory=StageUse)
    triggers: list[Instruction] = field(default_factory=list)

    def obey(self, instruction: Instruction) -> None:
        """Takes account of one instruction.

        Raises:
            ImageError: ``bad-dockerfile``.
        """
        try:
            self._obey(instruction)
        except BadWord as bad:
            self.dockerfile.wrong(instruction.line, str(bad))

    def _obey(self, instruction: Instruction) -> None:
        escape = self.dockerfile.escape
        if instruction.heredocs:
            self.use.modern.append((instruction.line, "a heredoc"))
        if instruction.keyword == "ENV":
            self.variables.env(instruction.rest, escape=escape)
        elif instruction.keyword == "ARG":
            self.variables.arg(instruction.rest, self.outer, escape=escape)
        elif instruction.keyword in _COPY_FLAGS:
            self._copy(instruction)
        elif instruction.keyword == "RUN":
            for mount in flagged(instruction.rest, known=_RUN_FLAGS, escape=escape).all("mount"):
                self._mount(instruction.line, mount)
        elif instruction.keyword == "ONBUILD":
            self._onbuild(instruction)

    def _onbuild(self, instruction: Instruction) -> None:
        keyword, _, rest = instruction.rest.partition(" ")
        if keyword.upper() in ("ONBUILD", "FROM", "MAINTAINER", ""):
            raise BadWord(
                f"has ONBUILD {keyword.upper()}, which no builder takes".replace("ONBUILD ,", "an ONBUILD of nothing,")
            )
        self.triggers.append(Instruction(instruction.line, keyword.upper(), rest.strip(), instruction.heredocs))

    def _copy(self, instruction: Instruction) -> None:
        keyword, line = instruction.keyword, instruction.line
        parts = flagged(instruction.rest, known=_COPY_FLAGS[keyword], escape=self.dockerfile.escape)
        self.use.modern += [(line, f"--{name}") for name, _ in parts.flags if name in _MODERN_FLAGS]
        *words, destination = listed(parts.rest) or [""]
        if not words:
            raise BadWord(f"has a {keyword} that lacks a source or a destination")
        if as_heredoc(destination):
            raise BadWord(f"has a {keyword} into a heredoc")
        if origin := parts.one("from"):
            self._other(line, origin)
            return
        parents = any(name == "parents" and value in (None, "true") for name, value in parts.flags)
        for word in words:
            if as_heredoc(word) is None:
                self._source(instruction, word, parents=parents)

    def _source(self, instruction: Instruction, word: str, *, parents: bool) -> None:
        line, text = instruction.line, self._expanded(word)
        if instruction.keyword == "ADD" and (text is None or text.startswith(_REMOTE)):
            self.use.remotes.append((line, text or word))
            if text is not None:
                return
        if text is None:
            self.use.copied.append(Copied(line, "", word, certain=False))
        elif parents:
            self.use.copied.append(Copied(line, _before_wildcards(within(text)), word))
        else:
            self.use.copied.append(Copied(line, within(text), word))

    def _mount(self, line: int, mount: str) -> None:
        self.use.modern.append((line, "--mount"))
        fields = _fields(mount)
        if self._expanded(fields.get("type", "bind")) not in ("bind", "cache", None):
            return
        if origin := fields.get("from"):
            self._other(line, origin)
        elif self._expanded(fields.get("type", "bind")) != "cache":
            written = fields.get("source", fields.get("src", ""))
            source = self._expanded(written)
            self.use.copied.append(Copied(line, within(source or ""), written, certain=source is not None))

    def _other(self, line: int, origin: str) -> None:
        """A stage by name or number, else an image."""
        stage = self.dockerfile.stage(origin)
        if stage is None and not origin.isdigit():
            self.use.images.setdefault(origin, line)
        elif stage is None or stage.index >= self.stage.index:
            raise BadWord(f"takes files from stage {origin}, which does not come before it")
        else:
            self.use.stages.add(stage.index)

    def _expanded(self, word: str) -> Known:
        return expand(word, self.variables.lookup, escape=self.dockerfile.escape)


def _fields(mount: str) -> dict[str, str]:
    try:
        rows = list(csv.reader([mount]))
    except csv.Error:
        raise BadWord("has a --mount that cannot be read") from None
    return {name.lower(): value for name, _, value in (field.partition("=") for row in rows for field in row)}


def _before_wildcards(path: str) -> str:
    """The folders in front of the first part that holds a wildcard."""
    plain = []
    for part in path.split("/"):
        if any(char in part for char in "*?[\\"):
            break
        plain.append(part)
    return "/".join(plain)
