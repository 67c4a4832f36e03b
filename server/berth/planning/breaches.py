"""What in a finished plan was not for its author to decide.

A second look, at the plan and not at the settings: every decision whose reason is not trusted is classified here, so
that one page tells who may do what (the table of ``docs/settings.md``). Anyone may choose what narrows: limits inside
the caps, ordinary variables, caches by their word, flags without effect on what the agent can reach.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from berth.planning.breach import Breach
from berth.planning.host_plan import AnyPlan
from berth.planning.image_plan import BuildRecipe, ImagePlan
from berth.planning.network_breaches import network_breaches
from berth.planning.plan import ContainerPlan, Mount, Variable
from berth.planning.preparation import Preparation
from berth.planning.reserved import is_reserved
from berth.planning.wish import Wish

OWN_VOLUMES = "berth-"
"""Volumes whose names begin so are Berth's: caches and HOMEs. Settings cannot name one."""


def breaches(plan: AnyPlan) -> tuple[Breach, ...]:
    """Everything that a workspace asks for and may not simply have, in the order of the plan. Pure."""
    return tuple(_all(plan))


def _all(plan: AnyPlan) -> Iterator[Breach]:
    if plan.borrowed is not None:
        why = "it is a profile of the user's own, which the workspace's settings use"
        yield Wish("profile", plan.profile or "", plan.borrowed).breach("ask", why)
    yield from _agent(plan)
    if plan.mode == "container":
        yield from _image(plan.image)
        yield from _container(plan.container, plan.workspace)
        if plan.login is not None and plan.login.scope == "user" and not plan.login.reason.trusted:
            why = "it is the login that all workspaces share"
            yield Wish("login", "user", plan.login.reason).breach("user", why)
        yield from _preparations(plan.before)
        yield from network_breaches(plan.network)
    kept = plan.ends.reasons.get("keep_stopped")
    if kept is not None and not kept.trusted:
        yield Wish("kept once ended", "a time", kept).breach("user", "conversations are removed with their sessions")
    yield from _env_files(plan)
    for variable in plan.agent.environment:
        yield from _variable(variable)


def _agent(plan: AnyPlan) -> Iterator[Breach]:
    agent = plan.agent
    if not agent.reason.trusted:
        yield Wish("agent", agent.name, agent.reason).breach("ask", "it decides whose keys go into the container")
    if agent.command_reason.trusted:
        return
    command = Wish("command", " ".join(agent.argv), agent.command_reason)
    if plan.mode == "container":
        yield command.breach("ask", "it is the program that gets the agent's keys")
    else:
        yield command.breach("user", "without a container it runs with all of the user's rights")


def _image(image: ImagePlan) -> Iterator[Breach]:
    if not image.reason.trusted:
        why = "it decides which programs run with the agent's keys"
        yield Wish("image", _named(image), image.reason).breach("ask", why)
    if image.recipe is not None:
        yield from _parts(image.recipe)
    if image.base is not None:
        yield from _image(image.base)


def _named(image: ImagePlan) -> str:
    """The image as a person can say yes to it: of a build what is done, and not every file that it copies."""
    if image.features is not None:
        return f"{', '.join(image.features.names)}, as root while it is built ({image.reference})"
    recipe = image.recipe
    if recipe is None or recipe.boundary is None:
        return image.reference
    on = recipe.overlay or ", ".join(recipe.bases) or "nothing"
    fetched = f", fetches {', '.join(recipe.remotes)}" if recipe.remotes else ""
    cached = f", with layers of {', '.join(recipe.cache_from)}" if recipe.cache_from else ""
    return f"built by {recipe.dockerfile} on {on}{fetched}{cached} (instructions {recipe.instructions[:12]})"


def _parts(recipe: BuildRecipe) -> Iterator[Breach]:
    """What a build would take from the user, or send somewhere."""
    whys = {
        "cache-to": "it sends the image's layers elsewhere with the user's logins",
        "cache-from": "it reads folders of this machine, or uses the user's logins",
        "ssh": "it lets the build use the user's ssh agent",
    }
    for name, reason in recipe.others.items():
        if reason.trusted:
            continue
        source = recipe.secrets.get(name.removeprefix("secret "))
        if source is None:
            yield Wish(f"build {name}", "asked for", reason).breach("user", whys[name])
        elif recipe.boundary is None or not source.is_relative_to(recipe.boundary):
            yield Wish(f"build {name}", str(source), reason).breach("user", "its file is outside the workspace")


def _container(container: ContainerPlan, workspace: Path) -> Iterator[Breach]:
    for mount in container.mounts:
        if not mount.reason.trusted:
            yield from _mount(mount, workspace)
    flags = [flag for flag in container.asked if flag.restricted and not flag.reason.trusted]
    for flag in flags:
        yield Wish(f"docker --{flag.name}", flag.shown, flag.reason).breach("user", f"it {flag.restricted}")
    gpus = container.limit_reasons.get("gpus")
    if gpus is not None and not gpus.trusted and all(flag.reason.place != gpus.place for flag in flags):
        why = "drivers of graphics cards are shared with the whole machine"
        yield Wish("graphics cards", "asked for", gpus).breach("user", why)


def _mount(mount: Mount, workspace: Path) -> Iterator[Breach]:
    access = "read-only" if mount.read_only else "read and write"
    what, value = f"mount {mount.target}", f"{mount.source}, {access}"
    if mount.type == "volume":
        if not mount.source.startswith(OWN_VOLUMES):
            yield Wish(what, value, mount.reason).breach("ask", "the volume may hold another project's data")
    elif Path(mount.source).is_relative_to(workspace):
        yield Wish(what, value, mount.reason).breach("ask", "it puts files of the workspace in another place")
    else:
        yield Wish(what, value, mount.reason).breach("user", "its source is outside the workspace")


def _preparations(commands: Iterable[Preparation]) -> Iterator[Breach]:
    for command in commands:
        if not command.reason.trusted:
            why = "it runs in the container before the agent, with the agent's keys"
            yield Wish(command.name, command.shown, command.reason).breach("ask", why)


def _env_files(plan: AnyPlan) -> Iterator[Breach]:
    for file in plan.env_files:
        if file.reason.trusted:
            continue
        if file.inside:
            yield Wish("env file", str(file.path), file.reason).breach("ask", "its variables go to the agent")
        else:
            yield Wish("env file", str(file.path), file.reason).breach("user", "it is outside the workspace")


def _variable(variable: Variable) -> Iterator[Breach]:
    name, reason = variable.name, variable.reason
    if reason.trusted:
        return
    if is_reserved(name):
        why = "it makes programs run code, or decides where keys and traffic go"
        yield Wish(f"env {name}", "set", reason).breach("user", why)
    elif variable.forwarded:
        source = f" from {', '.join(variable.taken_from)}" if variable.taken_from else ""
        yield Wish(f"env {name}", f"forwarded{source}", reason).breach("ask", "its value is the user's")
