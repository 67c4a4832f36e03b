"""Where in the context the sources of a Dockerfile lead: wildcards and links resolved as the builder resolves them."""

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from berth.builds.folders import Folders
from berth.builds.go_text import shown, within
from berth.builds.patterns import BadPattern, has_wildcards, part_regex
from berth.builds.stage_use import Copied
from berth.errors import ImageError

MOST_LINKS = 40
"""As many links in a row as Linux follows."""


@dataclass(slots=True)
class Roots:
    """``paths``: what is taken whole, by source. ``links``: what the way to them leads through."""

    paths: dict[Copied, list[str]] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)


def roots_of(copied: Sequence[Copied], folders: Folders, dockerfile: str) -> Roots:
    """Resolves each source below the root; a link that leads out of the context leads to its root instead.

    Raises:
        ImageError: ``bad-context``: a wildcard that cannot be read.
    """
    roots = Roots()
    for source in copied:
        try:
            roots.paths[source] = sorted(set(_Search(folders, roots.links).paths(source.path)))
        except BadPattern as bad:
            message = f"{dockerfile}:{source.line} copies {shown(source.written)}, which {bad}."
            raise ImageError("bad-context", message, "Correct the wildcard; Docker would refuse it as well.") from None
    return roots


Part = str | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Way:
    """``done`` is behind us and holds no link; ``rest`` is ahead; ``followed`` counts links."""

    done: str
    rest: tuple[Part, ...]
    followed: int = 0


@dataclass(slots=True)
class _Search:
    folders: Folders
    links: set[str]

    def paths(self, path: str) -> Iterator[str]:
        waiting = [_Way("", _parts(path))]
        while waiting:
            way = waiting.pop()
            if not way.rest:
                yield way.done
            else:
                waiting += filter(None, (self._step(way, name) for name in self._names(way)))

    def _step(self, way: _Way, name: str) -> _Way | None:
        """One part further; None where there is nothing."""
        path = f"{way.done}/{name}" if way.done else name
        try:
            mode = self.folders.status(path).st_mode
            if not stat.S_ISLNK(mode):
                there = stat.S_ISDIR(mode) or len(way.rest) == 1
                return _Way(path, way.rest[1:], way.followed) if there else None
            target = self.folders.link(path)
        except (OSError, ValueError):  # a NUL, or a lone surrogate: no file has such a name
            return None
        if way.followed == MOST_LINKS:
            return None
        self.links.add(path)
        led = within(target if target.startswith("/") else f"{way.done}/{target}")
        return _Way("", (*(led.split("/") if led else ()), *way.rest[1:]), way.followed + 1)

    def _names(self, way: _Way) -> list[str]:
        part = way.rest[0]
        if isinstance(part, str):
            return [part]
        try:
            return [name for name in self.folders.names(way.done) if part.match(name)]
        except OSError:
            return []


def _parts(path: str) -> tuple[Part, ...]:
    parts = path.split("/") if path else []
    return tuple(re.compile(part_regex(part) + r"\Z") if has_wildcards(part) else part for part in parts)
