"""Everything that a build of a workspace's Dockerfile uses, looked at once: for the plan, and again for the builder."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from berth.builds.digest import Inputs, build_digest
from berth.builds.dockerfile import Dockerfile, read_dockerfile
from berth.builds.listing import Listing, Wanted, list_context
from berth.builds.place import Place, find_place
from berth.builds.stat_cache import StatCache
from berth.builds.usage import Build, Usage, usage_of


@dataclass(frozen=True, slots=True)
class Wish:
    """A build as it is wished for: paths are absolute, ``boundary`` is what neither may lead out of."""

    boundary: Path
    context: Path
    dockerfile: Path
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    platform: str = "linux/amd64"


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found. ``digest`` is the same as long as the same would be built from the same images.

    It is over Dockerfile, used context, arguments, target and platform, and not over the images that the Dockerfile
    names or is laid over: those are the engine's, which is not asked here.
    """

    place: Place
    dockerfile: Dockerfile
    usage: Usage
    listing: Listing
    digest: str


def contents_of(wish: Wish, cache: StatCache | None = None) -> Contents:
    """Reads Dockerfile and used context. Blocks.

    Raises:
        ImageError: ``bad-dockerfile``, ``bad-context`` or ``context-changed``.
    """
    place = find_place(wish.boundary, wish.context, wish.dockerfile)
    dockerfile = read_dockerfile(place.dockerfile, place.name)
    usage = usage_of(dockerfile, Build(wish.arguments, wish.target, wish.platform))
    listing = list_context(Wanted(place.root, usage.copied, place.ignore, place.name), cache)
    inputs = Inputs(place.dockerfile, wish.arguments, wish.target, wish.platform)
    return Contents(place, dockerfile, usage, listing, build_digest(inputs, listing))
