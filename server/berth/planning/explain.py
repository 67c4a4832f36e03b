"""A plan explained: every decision with its layer, its place and why, and never a variable's value."""

from collections.abc import Iterator
from itertools import chain

from berth.planning.container_lines import container_lines, limit_lines, mount_lines, network_lines
from berth.planning.docker_line.text import docker_text
from berth.planning.ends_lines import ends_lines
from berth.planning.explain_breaches import shown_breaches
from berth.planning.explain_host import host_lines, host_warning
from berth.planning.host_plan import AnyPlan
from berth.planning.image_plan import ImagePlan
from berth.planning.plan import SessionPlan
from berth.planning.plan_line import plan_line
from berth.planning.plan_page import Chapter, plan_page
from berth.planning.reasons import built_in
from berth.protocol.plans import PlanLine, PlanResult

_BUILT = {"auto": "when it is missing", "force": "always", "never": "never"}
_KEPT = {"workspace": "of this workspace", "user": "of all workspaces", "none": "of this session"}
_PULLED = {"auto": "when it is missing", "force": "when it is missing", "never": "never"}


def explain(plan: AnyPlan, *, trusted: bool = True) -> PlanResult:
    """Explains a plan. What it says can be shown to anybody: of variables only the names are in it.

    ``trusted`` says whether the yes that the plan needs was given.
    """
    chapters = [Chapter(title, tuple(lines)) for title, lines in _chapters(plan)]
    result = PlanResult(
        workspace_folder=str(plan.workspace),
        agent=plan.agent.name,
        mode=plan.mode,
        image=plan.image.reference if plan.mode == "container" else None,
        lines=tuple(line for chapter in chapters for line in chapter.lines),
        notes=(host_warning(plan), *plan.notes) if plan.mode == "host" else plan.notes,
        breaches=shown_breaches(plan),
        trusted=trusted,
        command=docker_text(plan) if plan.mode == "container" else "",
    )
    return result.model_copy(update={"markdown": plan_page(plan, result, chapters)})


def _chapters(plan: AnyPlan) -> Iterator[tuple[str, Iterator[PlanLine]]]:
    yield "Agent", _agent(plan)
    if plan.mode == "host":
        yield "Process", host_lines(plan)
    else:
        yield from _container_chapters(plan)
    yield "End", ends_lines(plan.ends)
    yield "Variables", _variables(plan)
    if plan.mode == "container":
        yield "Before the agent", (plan_line(it.name, it.shown, it.reason) for it in plan.before)


def _container_chapters(plan: SessionPlan) -> Iterator[tuple[str, Iterator[PlanLine]]]:
    container = plan.container
    yield "Image", _image(plan)
    yield "Container", chain(container_lines(container), _spares(plan))
    yield "Network", network_lines(container, plan.network)
    yield "Mounts", mount_lines(container)
    yield "Limits", limit_lines(container)
    yield (
        "Flags of docker run",
        (plan_line(f"docker --{flag.name}", flag.shown, flag.reason) for flag in container.asked),
    )


def _agent(plan: AnyPlan) -> Iterator[PlanLine]:
    agent = plan.agent
    yield plan_line("profile", plan.profile or "none", plan.profile_reason)
    yield plan_line("agent", f"{agent.title}, {agent.dialect}", agent.reason)
    yield plan_line("mode", plan.mode, plan.mode_reason)
    yield plan_line("command", " ".join(agent.argv), agent.command_reason)
    if plan.mode == "container" and plan.login is not None:
        yield plan_line("login", _KEPT[plan.login.scope], plan.login.reason)


def _image(plan: SessionPlan) -> Iterator[PlanLine]:
    image = plan.image
    yield plan_line("image", image.reference, image.reason)
    if image.base is not None:
        yield plan_line("image below", image.base.reference, image.base.reason)
    if image.features is not None:
        yield plan_line("image features", ", ".join(image.features.names), image.reason)
    elif image.recipe is None:
        asked = plan.container.reason_of("pull") or built_in("unless a request says otherwise")
        yield plan_line("image pull", _PULLED[image.policy], asked)
    else:
        yield plan_line("image build", _build(image), built_in(f"built {_BUILT[image.policy]}"))
    if plan.agent_layer is not None:
        yield plan_line("agent layer", plan.agent_layer.rule, plan.agent_layer.reason)


def _spares(plan: SessionPlan) -> Iterator[PlanLine]:
    """Containers that wait for the next session like this one."""
    spares = plan.spares
    if spares.count and spares.why_none:
        yield plan_line("spares", "none", built_in(spares.why_none))
    else:
        paused = ", paused" if spares.count and spares.paused else ""
        yield plan_line("spares", f"{spares.count}{paused}", spares.reason)


def _build(image: ImagePlan) -> str:
    recipe = image.recipe
    if recipe is None:
        return "none"
    if recipe.boundary is not None:
        on = recipe.overlay or ", ".join(recipe.bases) or "nothing"
        return f"{recipe.dockerfile} on {on}" + (f", stage {recipe.target}" if recipe.target else "")
    arguments = ", ".join(f"{name}={value}" for name, value in sorted(recipe.arguments.items()))
    return f"{recipe.context} ({arguments})"


def _variables(plan: AnyPlan) -> Iterator[PlanLine]:
    for variable in plan.agent.environment:
        yield plan_line(f"env {variable.name}", "set" if variable.value else "set, empty", variable.reason)
