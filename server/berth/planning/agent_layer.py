"""The agent on top of an image that lacks it: what may be laid there, and the image that comes of it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from berth.planning.image_plan import BuildPolicy, BuildRecipe, ImagePlan
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
        agent: Berth's own image with this agent, which the agent is taken from.
        folder: The recipe's context folder.
        digest: SHA-256 over it.
        attended: A person can be asked.
    """

    rule: LayerRule
    reason: Reason
    agent: ImagePlan
    folder: Path
    digest: str
    attended: bool = True


def agent_layer(layer: AgentLayer, image: ImagePlan, *, base_id: str) -> ImagePlan:
    """The image with the agent on top. Pure.

    Args:
        layer: What is laid on it.
        image: The image that lacks the agent. It is there.
        base_id: Its id: another image under the same name gets another layer.
    """
    content = "\n".join((layer.agent.reference, base_id, layer.digest))
    recipe = BuildRecipe(
        context=layer.folder,
        dockerfile="Dockerfile",
        arguments={"AGENT_IMAGE": layer.agent.reference, "BASE_IMAGE": image.reference},
        tag=f"{LAYER_REPOSITORY}:{hashlib.sha256(content.encode()).hexdigest()[:12]}",
    )
    policy: BuildPolicy = "never" if image.policy == "never" else "auto"
    return ImagePlan(recipe.tag, recipe, policy, image.reason, base=replace(layer.agent, policy=policy))
