"""Whether the agent may be laid on a session's image, and the plan of a session where it was."""

from dataclasses import replace

from berth.planning.agent_layer import LAYER_PROGRAMS, AgentLayer, agent_layer
from berth.planning.build_recipes import own_recipe
from berth.planning.builds import KEEP
from berth.planning.choice import Choice
from berth.planning.facts import Facts
from berth.planning.image_plan import ImagePlan
from berth.planning.plan import SessionPlan
from berth.planning.reasons import built_in, reason
from berth.settings.settings import Settings


def plan_agent_layer(settings: Settings, choice: Choice, image: ImagePlan, facts: Facts) -> AgentLayer | None:
    """What to do where ``image`` lacks the agent; None where Berth has nothing to lay on it.

    That is for agents that its own image cannot have, commands of one's own, and its own image.
    """
    bundle = choice.agent.bundle
    if bundle is None or choice.custom_command or choice.docker_args.last("entrypoint") is not None:
        return None
    recipe = own_recipe(bundle, facts)
    if recipe.tag == image.reference:
        return None
    rule = settings.agent_layer
    return AgentLayer(
        rule=rule.value if rule else "ask",
        reason=reason(rule.origin) if rule else built_in("a person is asked first"),
        bundle=bundle,
        agent=ImagePlan(recipe.tag, recipe, "auto", built_in("the agent is taken from it")),
        folder=facts.images_folder / "layer",
        digest=facts.layer_recipe_digest,
        attended=facts.attended,
        keep=settings.keep_images.value if settings.keep_images else KEEP,
    )


def layered(plan: SessionPlan, *, base_id: str) -> SessionPlan:
    """The plan with the agent laid on its image, the agent called where it lies. Pure.

    The container's labels stay: they are about what was planned, which comes to the same again.
    """
    if plan.agent_layer is None:
        return plan
    image = agent_layer(plan.agent_layer, plan.image, base_id=base_id)
    program, *arguments = plan.agent.argv
    return replace(
        plan,
        image=image,
        container=replace(plan.container, image=image.reference),
        agent=replace(plan.agent, argv=(f"{LAYER_PROGRAMS}/{program}", *arguments)),
        agent_layer=None,
    )
