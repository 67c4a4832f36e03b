"""Which image, and how it comes to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from berth.planning.reason import Reason

BuildPolicy = Literal["auto", "force", "never"]
"""``auto`` builds or pulls what is missing or stale, ``force`` builds always, ``never`` fails when it is missing."""

PullPolicy = Literal["missing", "always", "never"]
"""When an image that Berth does not build is pulled."""

BUILD_LABEL = "dev.berth.build"
"""Label of images from a workspace's Dockerfile: which one. Its value is the same over all changes."""

BASES_LABEL = "dev.berth.bases"
"""Label of the same images: the ids of the images that they were built on, as JSON by reference."""


@dataclass(frozen=True, slots=True)
class BuildRecipe:
    """How an image is built, and the tag it gets. Arguments are never secrets.

    Attributes:
        context: The context folder.
        dockerfile: Path of the Dockerfile, from ``boundary``, else from the context.
        arguments: Build arguments.
        tag: What the image is called when everything worked.
        extra_files: Put into the context beside the folder's own: name in the context → file on the host. Berth's image
            takes a ``ca.crt`` there on networks whose TLS is inspected.
        no_cache: Every step anew.
        pull: Base images are asked for at their registries.
        boundary: A workspace: neither Dockerfile nor context may lead out of it, and only what the Dockerfile takes is
            sent (:mod:`berth.builds`). None for Berth's own recipes, which are sent whole.
        content: 64 hexadecimal digits over Dockerfile, used context, arguments, target and platform
            (:func:`berth.builds.contents.contents_of`). A builder that finds other bytes refuses with
            ``context-changed``. Empty for Berth's own recipes.
        overlay: The image that a Dockerfile without ``FROM`` is laid over; empty for one with.
        bases: The images that the Dockerfile names, as it names them.
        target: The stage to build, the last one when None.
        platform: As Docker names it (``linux/amd64``); empty: the engine's own.
        cache_from: Where layers may come from: image references, or BuildKit's ``type=…`` lists.
        cache_to: Where BuildKit puts layers.
        secrets: Secret mounts: id → real path of a file on the host. BuildKit only.
        ssh: Whether the user's ssh agent is there in ``RUN --mount=type=ssh``. BuildKit only.
        labels: Put on the image, beside ``dev.berth.image``.
        instructions: 64 hexadecimal digits over Dockerfile, arguments and target alone: what a person can say yes to.
        remotes: What the Dockerfile would fetch from elsewhere.
        others: Where ``cache-to``, ``ssh``, a ``cache-from`` that is no image, and each ``secret NAME`` were asked for.
        keep: How many images of this Dockerfile are kept, this one among them; 0: all.
    """

    context: Path
    dockerfile: str
    arguments: Mapping[str, str]
    tag: str
    extra_files: Mapping[str, Path] = field(default_factory=dict)
    no_cache: bool = False
    pull: bool = False
    boundary: Path | None = None
    content: str = ""
    overlay: str = ""
    bases: tuple[str, ...] = ()
    target: str | None = None
    platform: str = ""
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    secrets: Mapping[str, Path] = field(default_factory=dict)
    ssh: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    instructions: str = ""
    remotes: tuple[str, ...] = ()
    others: Mapping[str, Reason] = field(default_factory=dict)
    keep: int = 0


@dataclass(frozen=True, slots=True)
class FeatureLayer:
    """Features of a ``devcontainer.json``, laid over an image by the ``devcontainer`` CLI.

    Attributes:
        program: The CLI.
        environment: What it runs with: the editor's.
        configuration: What its own ``devcontainer.json`` says, beside the image. None of the project's own commands.
        folder: Where features whose names begin with ``./`` are folders.
        names: The features.
        boundary: The workspace, out of which no such folder may lead.
        content: Digest over those folders (:mod:`berth.builds.features`). What differs is refused.
        labels: Put on the image.
        no_cache: Every step anew.
    """

    program: Path
    environment: Mapping[str, str] = field(repr=False)
    configuration: Mapping[str, object]
    folder: Path
    names: tuple[str, ...]
    boundary: Path
    content: str
    labels: Mapping[str, str] = field(default_factory=dict)
    no_cache: bool = False


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """Which image, and how it comes to be. ``recipe`` is there only for images that Berth builds.

    ``base`` is the image that an overlay lies on, which is there before the overlay is built. ``pull`` is about images
    that Berth does not build. ``features`` lie on ``base``.
    """

    reference: str
    recipe: BuildRecipe | None
    policy: BuildPolicy
    reason: Reason
    base: "ImagePlan | None" = None
    pull: PullPolicy = "missing"
    features: FeatureLayer | None = None
