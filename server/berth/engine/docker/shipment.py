"""What a builder is sent: the context, the Dockerfile, and how its lines are called. Blocks."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from berth.builds.contents import Contents, Wish, contents_of
from berth.builds.context import stream
from berth.builds.folders import Folders
from berth.builds.listing import Listing, Wanted, context_changed, list_context
from berth.builds.patterns import has_wildcards
from berth.builds.stage_use import Copied
from berth.builds.stat_cache import StatCache
from berth.engine.docker.build_context import write_context
from berth.engine.docker.overlay import Laid, laid_over
from berth.engine.docker.step_lines import StepLines
from berth.planning.image_plan import BuildRecipe

NAME = ".dockerfile.berth"
"""Of a Dockerfile that is sent beside the files of its context; a name of the context's own gets out of its way."""

IGNORE = ".dockerignore"
_PIECE = 256 * 1024


class Shipment(Protocol):
    """A build's input."""

    @property
    def dockerfile(self) -> str:
        """The Dockerfile's name in the tars."""
        ...

    @property
    def lines(self) -> StepLines:
        """Its lines."""
        ...

    @property
    def modern(self) -> tuple[tuple[int, str], ...]:
        """What in it only BuildKit can do, each with its line."""
        ...

    @property
    def apart(self) -> bytes | None:
        """The Dockerfile that BuildKit is given beside the context, where it would be copied with it.

        BuildKit takes nothing out of a tar again. None where the tar may hold it.
        """
        ...

    def classic(self) -> Iterator[bytes]:
        """The tar for a classic builder, piece by piece."""
        ...

    def buildkit(self) -> Iterator[bytes]:
        """The tar for BuildKit; without the Dockerfile where that goes apart."""
        ...


def shipment_of(recipe: BuildRecipe, architecture: str, cache: StatCache | None = None) -> Shipment:
    """Looks at what the recipe sends; nothing is sent that was not planned. Blocks.

    Raises:
        ImageError: ``context-changed``: other bytes than were planned; ``bad-dockerfile``, ``bad-context``,
            ``build-failed``: what cannot be read.
    """
    if recipe.boundary is None:
        return FolderShipment(recipe)
    wish = Wish(
        boundary=recipe.boundary,
        context=recipe.context,
        dockerfile=recipe.boundary / recipe.dockerfile,
        arguments=recipe.arguments,
        target=recipe.target,
        platform=recipe.platform or f"linux/{architecture}",
    )
    contents = contents_of(wish, cache)
    if recipe.content and contents.digest != recipe.content:
        raise context_changed(f"{contents.place.name} or what it copies")
    return ListedShipment.of(recipe, contents)


class FolderShipment:
    """A recipe of Berth's own: its whole folder."""

    def __init__(self, recipe: BuildRecipe) -> None:
        """Reads nothing but the Dockerfile."""
        self._recipe = recipe
        self.dockerfile = recipe.dockerfile
        self.modern: tuple[tuple[int, str], ...] = ()
        self.apart: bytes | None = None
        file = recipe.context / recipe.dockerfile
        self.lines = StepLines(recipe.dockerfile, Laid(file.read_bytes() if file.is_file() else b""))

    def classic(self) -> Iterator[bytes]:
        """The folder as ``.dockerignore`` leaves it."""
        with tempfile.TemporaryFile() as context:
            write_context(self._recipe, context)
            context.seek(0)
            while piece := context.read(_PIECE):
                yield piece

    def buildkit(self) -> Iterator[bytes]:
        """The same."""
        return self.classic()


@dataclass(frozen=True, slots=True)
class ListedShipment:
    """A workspace's Dockerfile, with the files it takes and no others.

    ``raw`` is the Dockerfile as it is sent. ``is_listed`` says that it stands so in the context already.
    """

    contents: Contents
    dockerfile: str
    lines: StepLines
    modern: tuple[tuple[int, str], ...]
    apart: bytes | None
    raw: bytes
    is_listed: bool

    @classmethod
    def of(cls, recipe: BuildRecipe, contents: Contents) -> "ListedShipment":
        """From what was found."""
        place, usage = contents.place, contents.usage
        laid = laid_over(place.dockerfile, contents.dockerfile, recipe.overlay)
        own = os.path.relpath(Path(os.path.realpath(recipe.boundary or "."), place.name), place.root)
        is_listed = not laid.added and _holds(contents.listing, own, place.dockerfile)
        is_seen = not is_listed and any(map(_takes_all, usage.copied))
        return cls(
            contents=contents,
            dockerfile=own if is_listed else _free_name(contents.listing),
            lines=StepLines(place.name, laid),
            modern=usage.modern,
            apart=laid.raw if is_seen else None,
            raw=laid.raw,
            is_listed=is_listed,
        )

    def classic(self) -> Iterator[bytes]:
        """With a ``.dockerignore`` that takes the Dockerfile out again, as the Docker CLI does it.

        A classic builder makes every stage up to the target, so it is given what those copy, needed or not.

        Raises:
            ImageError: ``context-changed``, ``bad-context``.
        """
        place, usage, listing = self.contents.place, self.contents.usage, self.contents.listing
        if set(usage.classic) - set(usage.copied):
            listing = list_context(Wanted(place.root, usage.classic, place.ignore, place.name))
        if self.is_listed:
            return stream(listing)
        ignore = _content(listing, IGNORE) or IGNORE.encode()
        return stream(listing, {self.dockerfile: self.raw, IGNORE: ignore + f"\n{self.dockerfile}\n".encode()})

    def buildkit(self) -> Iterator[bytes]:
        """As planned, with the Dockerfile where nothing copies it."""
        beside = not self.is_listed and self.apart is None
        return stream(self.contents.listing, {self.dockerfile: self.raw} if beside else None)


def _takes_all(copied: Copied) -> bool:
    """Whether a source may take a file at the top of the context that nobody named."""
    return not copied.path or has_wildcards(copied.path.partition("/")[0])


def _free_name(listing: Listing) -> str:
    name = NAME
    while name in listing.found.paths:
        name += "_"
    return name


def _holds(listing: Listing, path: str, content: bytes) -> bool:
    at = _file_at(listing, path)
    return at is not None and listing.hash(at) == hashlib.sha256(content).digest()


def _content(listing: Listing, path: str) -> bytes:
    """The bytes of a file in the listing, as they were hashed; empty where there is no such file."""
    at = _file_at(listing, path)
    if at is None:
        return b""
    with Folders(listing.root) as folders, os.fdopen(folders.file(path), "rb") as opened:
        content = opened.read()
    if hashlib.sha256(content).digest() != listing.hash(at):
        raise context_changed(path)
    return content


def _file_at(listing: Listing, path: str) -> int | None:
    paths = listing.found.paths
    at = paths.index(path) if path in paths else None
    return at if at is not None and stat.S_ISREG(listing.found.mode(at)) else None
