"""Recipes of the images that Berth builds: its own, and those of a workspace's Dockerfile."""

import hashlib

from berth.planning.authority import CA_CONTEXT_NAME
from berth.planning.builds import BuildWish
from berth.planning.facts import BuildFacts, Facts
from berth.planning.image_plan import BUILD_LABEL, BuildRecipe, ImagePlan

REPOSITORY = "berth/agent"
"""Of Berth's own images."""

EGRESS_REPOSITORY = "berth/egress"
"""Of the image with what stands between sessions and the network."""

BUILD_REPOSITORY = "berth/build"
"""Of images from workspaces' Dockerfiles."""


def own_recipe(bundle: str, facts: Facts) -> BuildRecipe:
    """Berth's own image with a bundle of agents. Its tag is over everything that it is made of."""
    arguments = {"AGENTS": bundle}
    if facts.base_image:
        arguments["BASE_IMAGE"] = facts.base_image
    extra = {CA_CONTEXT_NAME: facts.ca_file} if facts.ca_file else {}
    content = "\n".join((facts.agent_recipe_digest, bundle, facts.base_image or "", *extra))
    return BuildRecipe(
        context=facts.images_folder / "agent",
        dockerfile="Dockerfile",
        arguments=arguments,
        tag=f"{REPOSITORY}:{_digits(content)}",
        extra_files=extra,
    )


def egress_recipe(facts: Facts) -> BuildRecipe:
    """The image of proxy and holders."""
    arguments = {"BASE_IMAGE": facts.base_image} if facts.base_image else {}
    content = "\n".join((facts.egress_recipe_digest, facts.base_image or ""))
    return BuildRecipe(
        context=facts.images_folder / "egress",
        dockerfile="Dockerfile",
        arguments=arguments,
        tag=f"{EGRESS_REPOSITORY}:{_digits(content)}",
    )


def workspace_recipe(wish: BuildWish, found: BuildFacts, facts: Facts, *, base: ImagePlan | None) -> BuildRecipe:
    """The image of a workspace's Dockerfile.

    Its tag is over what is built and, of an overlay, what it lies on. The ids of the images that the Dockerfile names
    are the engine's to tell: they stand in a label, and are compared before each start
    (:mod:`berth.sessions.images`).
    """
    overlay = base.reference if base else ""
    content = "\n".join((found.content, overlay))
    which = "\n".join((str(facts.workspace.path), found.name, wish.target or "", wish.platform))
    return BuildRecipe(
        context=wish.context,
        dockerfile=found.name,
        arguments=wish.arguments,
        tag=f"{BUILD_REPOSITORY}:{_digits(content)}",
        boundary=facts.workspace.path,
        content=found.content,
        overlay=overlay,
        bases=found.bases,
        target=wish.target,
        platform=wish.platform,
        cache_from=wish.cache_from,
        cache_to=wish.cache_to,
        secrets={name: facts.links.get(path, path) for name, path in wish.secrets.items()},
        ssh=wish.ssh,
        labels={BUILD_LABEL: _digits(which)},
        instructions=found.instructions,
        remotes=found.remotes,
        others=wish.others,
        keep=wish.keep,
    )


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]
