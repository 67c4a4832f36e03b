"""Looks at a Dockerfile and at what it takes of the workspace. Blocking."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from berth.builds.contents import Contents, Wish, contents_of
from berth.builds.stat_cache import StatCache
from berth.errors import ImageError
from berth.planning.builds import BuildWish
from berth.planning.facts import BuildFacts


def look_at_build(wish: BuildWish, workspace: Path, architecture: str, cache: StatCache) -> BuildFacts | None:
    """What the build comes to; None where the project has no Dockerfile of its own.

    Raises:
        ImageError: ``bad-dockerfile``, ``bad-context`` or ``context-changed``.
    """
    if not os.path.lexists(wish.dockerfile):
        if not wish.is_named:
            return None
        place = f" ({wish.reason.place})" if wish.reason.place else ""
        message = f"The Dockerfile {wish.dockerfile}{place} does not exist."
        raise ImageError("bad-dockerfile", message, "Create it, or correct its path.")
    asked = Wish(
        boundary=workspace,
        context=wish.context,
        dockerfile=wish.dockerfile,
        arguments=wish.arguments,
        target=wish.target,
        platform=wish.platform or f"linux/{architecture}",
    )
    contents = contents_of(asked, cache)
    return BuildFacts(
        name=contents.place.name,
        content=contents.digest,
        instructions=_instructions(contents, asked),
        is_overlay=contents.dockerfile.overlay,
        bases=tuple(contents.usage.images),
        remotes=tuple(dict.fromkeys(_remotes(contents, asked))),
        files=len(contents.listing.found.paths),
    )


def _remotes(contents: Contents, asked: Wish) -> Iterator[str]:
    """What would be fetched: by ``ADD``, and the image that BuildKit runs to read the Dockerfile (``# syntax=``)."""
    for name in (asked.arguments.get("BUILDKIT_SYNTAX"), contents.dockerfile.directives.get("syntax")):
        if name:
            yield f"the frontend {name}"
    yield from (address for _, address in contents.usage.remotes)


def _instructions(contents: Contents, asked: Wish) -> str:
    """Over what a person reads: the Dockerfile, its arguments and its target."""
    parts = [hashlib.sha256(contents.place.dockerfile).hexdigest(), dict(asked.arguments), asked.target]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
