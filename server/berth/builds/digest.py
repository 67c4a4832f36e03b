"""The digest of a build: same digest, same image, nothing to build."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from berth.builds.listing import Listing

RECIPE_VERSION = 1
"""Raised whenever Berth builds differently from the same inputs."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that decides what a build makes, beside the context.

    ``dockerfile`` are its bytes, comments and all: a comment costs one build from the builder's cache, a mistaken
    clean-up a stale image. ``bases``: image id by the reference that the Dockerfile names, of every image that the
    target needs. ``overlay``: id of the image that a Dockerfile without ``FROM`` is laid over.
    """

    dockerfile: bytes
    arguments: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    platform: str = "linux/amd64"
    bases: Mapping[str, str] = field(default_factory=dict)
    overlay: str | None = None


def build_digest(inputs: Inputs, listing: Listing) -> str:
    """64 hexadecimal digits over the inputs and the listing's own digest."""
    parts = {
        "recipe": RECIPE_VERSION,
        "dockerfile": hashlib.sha256(inputs.dockerfile).hexdigest(),
        "context": listing.digest.hex(),
        "arguments": dict(inputs.arguments),
        "target": inputs.target,
        "platform": inputs.platform,
        "bases": dict(inputs.bases),
        "overlay": inputs.overlay,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
