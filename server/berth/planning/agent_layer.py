"""The agent on top of an image that lacks it: what may be laid there, and the image that comes of it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from berth.planning.image_plan import BASES_LABEL, BUILD_LABEL, BuildPolicy, BuildRecipe, ImagePlan
from berth.planning.reason import Reason

LAYER_REPOSITORY = "berth/layer"
"""Of images with an agent laid on top."""

LAYER_PROGRAMS = "/opt/berth/bin"
"""Where ``images/layer`` puts the agents' commands, whatever the image's PATH is."""

LayerRule = Literal["ask", "always", "never"]
"""``ask`` a person, lay it on top ``always``, or ``never``: an image without the agent is an error then."""


@dataclass(frozen=True, slots=True)
class AgentLayer:
    """What to do where the image turns out to lack the agent.

    Attributes:
        rule: Whether the agent may be laid on top.
        reason: Who says so.
        bundle: What the agent is called in ``images/agent``.
        agent: Berth's own image with this agent, which the agent is taken from.
        folder: The recipe's context folder.
        digest: SHA-256 over it.
        attended: A person can be asked.
        keep: How many layers on images of one name, or from one Dockerfile, are kept.
    """

    rule: LayerRule
    reason: Reason
    bundle: str
    agent: ImagePlan
    folder: Path
    digest: str
    attended: bool = True
    keep: int = 1


def agent_layer(layer: AgentLayer, image: ImagePlan, *, base_id: str) -> ImagePlan:
    """The image with the agent on top. Pure.

    Args:
        layer: What is laid on it.
        image: The image that lacks the agent. It is there.
        base_id: Its id: another image under the same name gets another layer.
    """
    content = "\n".join((layer.agent.reference, base_id, layer.digest))
    made_from = image.recipe.labels.get(BUILD_LABEL, image.reference) if image.recipe else image.reference
    recipe = BuildRecipe(
        context=layer.folder,
        dockerfile="Dockerfile",
        arguments={"AGENT_IMAGE": layer.agent.reference, "BASE_IMAGE": image.reference},
        tag=f"{LAYER_REPOSITORY}:{_digits(content)}",
        # Labels are inherited: with those of its base it would be taken for another build of the same Dockerfile.
        labels={BUILD_LABEL: _digits(f"layer\n{made_from}\n{layer.bundle}"), BASES_LABEL: ""},
        keep=layer.keep,
    )
    policy: BuildPolicy = "never" if image.policy == "never" else "auto"
    return ImagePlan(recipe.tag, recipe, policy, image.reason, base=replace(layer.agent, policy=policy))


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
