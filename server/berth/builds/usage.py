"""What a build takes from its context, which images it needs, and what it would fetch, for one target."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from berth.builds.dockerfile import Dockerfile, Stage
from berth.builds.source_lines import Instruction, SourceLines
from berth.builds.stage_use import Copied, StageReading, StageUse
from berth.builds.variables import Outer, Variables, platform_arguments
from berth.builds.words import BadWord, expand

SCRATCH = "scratch"


@dataclass(frozen=True, slots=True)
class BaseImage:
    """What an image brings into a stage besides files: its environment and its ``ONBUILD`` instructions."""

    environment: Mapping[str, str] = field(default_factory=dict)
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What is asked for.

    ``platform`` as ``linux/amd64``. ``bases``: the images looked into so far, by reference as :class:`Usage` has it.
    Without an entry in ``bases`` a stage's unset variables are unknown rather than empty, and its triggers unseen.
    """

    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    platform: str = "linux/amd64"
    bases: Mapping[str, BaseImage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the stages that the target needs use, as BuildKit builds them: the others do not count.

    ``copied`` are the sources in the context; ``classic`` those of *every* stage up to the target, since the engine's
    classic builder builds them all. ``images`` are references to pull, each with the line that names it. ``remotes``
    are URLs and git addresses that ``ADD`` fetches, or words that may be one. ``modern`` says what only BuildKit
    can do.
    """

    copied: tuple[Copied, ...]
    classic: tuple[Copied, ...]
    images: Mapping[str, int]
    remotes: tuple[tuple[int, str], ...]
    modern: tuple[tuple[int, str], ...]
    stages: tuple[int, ...]


def usage_of(dockerfile: Dockerfile, build: Build) -> Usage:
    """Reads the stages in order with all variables filled in.

    Raises:
        ImageError: ``bad-dockerfile``: an unknown target or stage, a base image that cannot be known, a bad word.
    """
    uses = list(Reading(dockerfile, build).uses())
    target = _target(dockerfile, build.target)
    needed = _reachable(uses, target.index)
    return Usage(
        copied=tuple(copied for index in needed for copied in uses[index].copied),
        classic=tuple(copied for use in uses[: target.index + 1] for copied in use.copied),
        images={image: line for index in needed for image, line in uses[index].images.items()},
        remotes=tuple(remote for index in needed for remote in uses[index].remotes),
        modern=tuple(feature for index in needed for feature in uses[index].modern),
        stages=tuple(needed),
    )


@dataclass(slots=True)
class Reading:
    """One pass over all stages."""

    dockerfile: Dockerfile
    build: Build

    def uses(self) -> Iterator[StageUse]:
        """What each stage uses, in order."""
        outer = self._outer()
        done: list[StageReading] = []
        for stage in self.dockerfile.stages:
            reading = self._opened(stage, outer, done)
            for instruction in stage.instructions:
                reading.obey(instruction)
            done.append(reading)
            yield reading.use

    def _outer(self) -> Outer:
        head = Variables(dict(platform_arguments(self.build.platform)))
        outer = Outer(self.build.arguments, head.values)
        for instruction in self.dockerfile.head:
            try:
                head.arg(instruction.rest, outer, escape=self.dockerfile.escape)
            except BadWord as bad:
                self.dockerfile.wrong(instruction.line, str(bad))
        return outer

    def _opened(self, stage: Stage, outer: Outer, done: Sequence[StageReading]) -> StageReading:
        """A stage at its beginning: what it is built on, and the triggers of that."""
        base = None if stage.base is None else self._base(stage, outer)
        earlier = None if base is None else self.dockerfile.before(stage.index, base)
        if earlier is not None:
            reading = StageReading(self.dockerfile, stage, outer, done[earlier.index].variables.copy())
            reading.use.stages.add(earlier.index)
            triggers = list(done[earlier.index].triggers)
        else:
            reading, triggers = self._on_image(stage, base, outer)
        for trigger in triggers:
            reading.obey(trigger)
        return reading

    def _on_image(self, stage: Stage, base: str | None, outer: Outer) -> tuple[StageReading, list[Instruction]]:
        image = BaseImage() if base == SCRATCH else self.build.bases.get(base or "")
        variables = Variables(open=image is None)
        variables.inherit(image.environment if image else {})
        reading = StageReading(self.dockerfile, stage, outer, variables)
        if base and base != SCRATCH:
            reading.use.images.setdefault(base, stage.line)
        lines = "\n".join(image.triggers) if image else ""
        instructions = SourceLines(f"ONBUILD of {base}").read(lines.encode()) if lines.strip() else []
        return reading, [Instruction(stage.line, trigger.keyword, trigger.rest) for trigger in instructions]

    def _base(self, stage: Stage, outer: Outer) -> str:
        variables = Variables(dict(outer.values))
        try:
            base = expand(stage.base or "", variables.lookup, escape=self.dockerfile.escape)
        except BadWord as bad:
            self.dockerfile.wrong(stage.line, str(bad))
        if not base:
            self.dockerfile.wrong(stage.line, f"has a base image that comes to nothing: {stage.base}")
        return base


def _target(dockerfile: Dockerfile, name: str | None) -> Stage:
    stage = dockerfile.stages[-1] if name is None else dockerfile.stage(name)
    if stage is None:
        named = ", ".join(each.name for each in dockerfile.stages if each.name) or "none has a name"
        dockerfile.wrong(1, f"has no stage {name} to build ({named})")
    return stage


def _reachable(uses: Sequence[StageUse], target: int) -> list[int]:
    found, waiting = {target}, [target]
    while waiting:
        more = uses[waiting.pop()].stages - found
        found |= more
        waiting.extend(more)
    return sorted(found)
